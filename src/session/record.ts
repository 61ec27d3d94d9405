import {type Finding, noFindings, severityOf} from '../expert/finding.js'
import {type Peers, unknownPeers} from '../expert/peers.js'
import type {Receiver, Severity} from '../expert/rule.js'
import {noneOpened} from '../protocol/levels.js'
import {copyOf} from '../wire/bytes.js'
import type {Close, Endpoint, Time} from '../wire/chunk.js'
import type {Kept} from '../wire/memory/lifetime.js'
import type {Sender} from '../wire/side.js'
import {Window} from '../wire/window.js'
import type {Inferred} from './inferred.js'
import type {Prelude} from './prelude.js'
import type {recordKinds, recordStates} from './record-kinds.js'

export type RecordKind = keyof typeof recordKinds

export type State = keyof typeof recordStates

/** The two ends of a connection, as far as they are known. Shared by all its records. */
export interface Ends {
  readonly client: Endpoint | null
  readonly relay: Endpoint | null
}

/** One thing that happened on one connection. What is unknown is null. */
export interface SessionRecord {
  /** From 1, over all connections; given by the world. */
  number: number
  readonly connection: number | null
  readonly ends: Ends | null
  readonly from: Sender | null
  readonly time: Time | null
  /** Times of the first record of all, and of the one before this one; given by the world. Null: not known. */
  firstTime: Time | null
  previousTime: Time | null
  readonly kind: RecordKind
  /** Nonce offset of a frame in its direction, from 0. */
  readonly index: number | null
  /** Bytes on the wire, a frame's prefix included. For a gap, the bytes that are missing. */
  readonly length: number | null
  /** Capture packets that carried it. */
  readonly packets: readonly number[]
  readonly state: State | null
  /**
   * The outermost decoded level: a frame's plaintext, a handshake, or what `decode` was given. Null: sealed, failed, or
   * nothing to decode.
   */
  readonly window: Window | null
  /** Plaintexts of the boxes of `window` and of what it carries, as far as they were opened, outermost first. */
  opened: readonly Window[]
  /** Wire bytes, sealed. */
  readonly wire: Uint8Array | null
  findings: readonly Finding[]
  /** Which implementations the ends are, as far as earlier packets or the user have said. Severities depend on it. */
  peers: Peers
  inferred: Inferred | null
  /** How an end came. */
  readonly close: Close | null
  /** An end after the first: the other side closed too, or the same one reset the connection. It has no causes. */
  readonly isSecond?: true
  /**
   * An end: nonce offset of the latest frame that the side that closed has shown to have read, by an answer to it; -1:
   * the handshake alone; -2: nothing. It did not close on that frame or an earlier one.
   */
  readonly readTo?: number
  /** Why an end came, likeliest first; empty: not known. */
  causes: readonly Cause[]
  /** A proxy's talk before the handshake. */
  readonly prelude: Prelude | null
}

/**
 * What may have made the side that closed a connection do so. A relay gives no reason on the wire: this is worked out.
 */
export interface Cause {
  /** The rule that was broken. */
  readonly finding: Finding
  /** Record that broke it. */
  readonly number: number
  /** Capture packets of that record. */
  readonly packets: readonly number[]
  /** Number of records with the same finding; the fields above are those of the latest. */
  readonly count: number
  /** Receivers of the closing side's kind that close on it. */
  readonly receivers: readonly Receiver[]
  /** Seconds from that record to the end; null without times, and where it is the end itself. */
  readonly secondsBefore: number | null
}

export const noCauses: readonly Cause[] = []
export const noPackets: readonly number[] = []

/** A record of which nothing is known yet. */
export const blankRecord: Omit<SessionRecord, 'kind'> = {
  number: 0,
  connection: null,
  ends: null,
  from: null,
  time: null,
  firstTime: null,
  previousTime: null,
  index: null,
  length: null,
  packets: noPackets,
  state: null,
  window: null,
  opened: noneOpened,
  wire: null,
  findings: noFindings,
  peers: unknownPeers,
  inferred: null,
  close: null,
  causes: noCauses,
  prelude: null,
}

/**
 * Whose receivers a record's findings are about: its sender's; at an end, which is a silence of the other side, that
 * side's.
 */
export function blamed({kind, from}: Pick<SessionRecord, 'kind' | 'from'>): Sender | null {
  if (kind !== 'end' || from === null) return from
  return from === 'client' ? 'relay' : 'client'
}

/** How severe a finding of a record is. */
export const severityIn = (record: Pick<SessionRecord, 'kind' | 'from' | 'peers'>, found: Finding): Severity =>
  severityOf(found, blamed(record), record.peers)

/** Whether nothing more comes of a connection after this record. After one FIN, the other side may go on. */
export const isLastEnd = ({kind, close, isSecond}: Pick<SessionRecord, 'kind' | 'close' | 'isSecond'>): boolean =>
  kind === 'end' && (isSecond === true || close !== 'fin')

/** Whether the contents of bytes were not seen: those of a gap, or of a frame that did not open. */
export const isUnread = ({kind, state}: Pick<SessionRecord, 'kind' | 'state'>): boolean =>
  kind === 'gap' || (kind === 'frame' && (state === 'sealed' || state === 'failed'))

/** Which side of which connection a frame came from. Shared by all its frames. */
export type FrameOrigin = Pick<SessionRecord, 'connection' | 'ends' | 'from'>

/** A frame with its length prefix, as it was on the wire: bytes[start,end). */
export interface WireFrame extends Pick<SessionRecord, 'time' | 'packets'> {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** What was read in a frame; where it did not open, why. */
export type FrameContents = Pick<SessionRecord, 'index' | 'state' | 'window' | 'findings' | 'peers' | 'inferred'>

/** A frame: the one record that there are millions of. Its wire bytes become a view only when they are asked for. */
export class FrameRecord implements SessionRecord {
  number = 0
  readonly connection: number | null
  readonly ends: Ends | null
  readonly from: Sender | null
  readonly time: Time | null
  firstTime: Time | null = null
  previousTime: Time | null = null
  readonly kind = 'frame'
  readonly index: number | null
  readonly packets: readonly number[]
  readonly state: State | null
  readonly window: Window | null
  opened = noneOpened
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  findings: readonly Finding[]
  peers: Peers
  inferred: Inferred | null
  readonly close = null
  causes = noCauses
  readonly prelude = null

  constructor({connection, ends, from}: FrameOrigin, frame: WireFrame, contents: FrameContents) {
    this.connection = connection
    this.ends = ends
    this.from = from
    this.time = frame.time
    this.index = contents.index
    this.packets = frame.packets
    this.state = contents.state
    this.window = contents.window
    this.bytes = frame.bytes
    this.start = frame.start
    this.end = frame.end
    this.findings = contents.findings
    this.peers = contents.peers
    this.inferred = contents.inferred
  }

  get length(): number {
    return this.end - this.start
  }

  get wire(): Uint8Array {
    return this.bytes.subarray(this.start, this.end)
  }
}

/** A record that outlives the bytes that it was made from. Whoever stores records asks for this type. */
export type KeptRecord = Kept<SessionRecord>

/** A record with its own copies of the bytes that it was made from. */
export function detached(record: SessionRecord): KeptRecord {
  const window = record.window && windowCopy(record.window)
  const opened = record.opened.length === 0 ? noneOpened : record.opened.map(windowCopy)
  if (!(record instanceof FrameRecord)) {
    return ofOwnBytes({...record, window, opened, wire: record.wire ? copyOf(record.wire) : null})
  }
  const {time, packets, index, state, findings, peers, inferred} = record
  const bytes = copyOf(record.wire)
  const own = new FrameRecord(
    record,
    {bytes, start: 0, end: bytes.length, time, packets},
    {index, state, window, findings, peers, inferred},
  )
  own.number = record.number
  own.firstTime = record.firstTime
  own.previousTime = record.previousTime
  own.opened = opened
  own.causes = record.causes
  return ofOwnBytes(own)
}

/** Says of a record that its bytes were made or copied for it, and that nothing writes into them again. */
export const ofOwnBytes = (record: SessionRecord): KeptRecord => record as KeptRecord

/** The same packet in bytes of its own. */
export const windowCopy = ({type, bytes, start, end, shift}: Window): Window =>
  new Window(type, copyOf(bytes, start, end), 0, end - start, shift)
