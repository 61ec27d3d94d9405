import type {Finding} from '../expert/finding.js'
import type {Peers} from '../expert/peers.js'
import type {Severity} from '../expert/rule.js'
import {type AnyTypeName, isPacket, type PacketFields, packetFields, type TypeName} from '../protocol/table.js'
import {type Cause, type KeptRecord, type RecordKind, type State, severityIn} from '../session/record.js'
import {recordLevels} from '../session/record-levels.js'
import {recordToJson} from '../view/forms/json.js'
import type {Close, Endpoint} from '../wire/chunk.js'
import type {Sender} from '../wire/side.js'
import {fieldOf} from '../wire/window.js'
import {RecordTime} from './record-time.js'

/** What the box of a handshake announces, once it is open. */
export interface HandshakeSecrets {
  /** 32 bytes: the public key of this session. */
  readonly sessionPk: Uint8Array
  /** 24 bytes: the nonce of this side's first frame. */
  readonly baseNonce: Uint8Array
}

/**
 * One thing that happened on one connection: a frame, a handshake, its start or its end. It is the caller's to keep.
 * What is unknown is null.
 *
 * @example
 * ```ts
 * import {openCapture, toHex} from 'toxtcp'
 *
 * for await (const record of openCapture('capture.pcap', {keylog: 'keys.log'})) {
 *   const oob = record.packet('oob_send')
 *   if (oob) console.log(record.time?.toISOString(), toHex(oob.destination_pk), oob.data.length)
 * }
 * ```
 */
export class ToxRecord {
  /** The record as printers, filters and statistics take it. */
  readonly source: KeptRecord
  /** When its last byte was captured. */
  readonly time: RecordTime | null

  /** @param source a record with its own bytes: `detached` of what a session emits. */
  constructor(source: KeptRecord) {
    this.source = source
    this.time = source.time && new RecordTime(source.time)
  }

  /** Counts the records of all connections, from 1. */
  get number(): number {
    return this.source.number
  }

  /** Number of the connection, from 0; null for what was decoded without one. */
  get connection(): number | null {
    return this.source.connection
  }

  get client(): Endpoint | null {
    return this.source.ends?.client ?? null
  }

  get relay(): Endpoint | null {
    return this.source.ends?.relay ?? null
  }

  /** Who sent it; at the end of a connection, who closed first. */
  get from(): Sender | null {
    return this.source.from
  }

  get kind(): RecordKind {
    return this.source.kind
  }

  /** Frames of this side before this one. */
  get index(): number | null {
    return this.source.index
  }

  /** Bytes on the wire; for a gap, the bytes that are missing. */
  get length(): number | null {
    return this.source.length
  }

  /** Numbers of the captured packets that carried it, from 1. */
  get packets(): readonly number[] {
    return this.source.packets
  }

  get state(): State | null {
    return this.source.state
  }

  /** Name of the packet type, `oob_send` for example; null where nothing could be decoded. */
  get type(): AnyTypeName | null {
    // Windows of records are made of the types of the table, whose names the type has as plain strings.
    return (this.source.window?.type.name as AnyTypeName | undefined) ?? null
  }

  /** What is wrong or remarkable. The `code` of a finding decides the type of its `data`. */
  get findings(): readonly Finding[] {
    return this.source.findings
  }

  /** Which implementation the client and the relay are, as far as it is known; null: it is not. */
  get peers(): Peers {
    return this.source.peers
  }

  /** How severe a finding of this record is: where the receiver's implementation is known, by what that one does. */
  severityOf(found: Finding): Severity {
    return severityIn(this.source, found)
  }

  /** How a connection ended; only on its end. */
  get close(): Close | null {
    return this.source.close
  }

  /** What may have made a side close the connection, likeliest first; only on its end. */
  get causes(): readonly Cause[] {
    return this.source.causes
  }

  /** The decoded bytes, without what seals them. */
  get plaintext(): Uint8Array | null {
    const {window} = this.source
    return window?.bytes.subarray(window.start, window.end) ?? null
  }

  /** The bytes as they were sent. */
  get wire(): Uint8Array | null {
    return this.source.wire
  }

  /** Public key in hex of the peer that a packet names by its connection id. */
  get peer(): string | null {
    return this.source.inferred?.peer ?? null
  }

  /** Seconds from a ping to this pong. */
  get roundTripSeconds(): number | null {
    const micros = this.source.inferred?.roundTrip?.micros ?? null
    return micros === null ? null : micros / 1_000_000
  }

  /** What was in the box of a handshake; null while it is sealed. */
  get secrets(): HandshakeSecrets | null {
    const [opened] = this.source.kind === 'handshake' ? this.source.opened : []
    const sessionPk = opened && fieldOf(opened, 'session_pk')
    const baseNonce = opened && fieldOf(opened, 'base_nonce')
    return sessionPk instanceof Uint8Array && baseNonce instanceof Uint8Array ? {sessionPk, baseNonce} : null
  }

  /**
   * The fields of a packet of that type, typed: the record's own, or of one that it carries at any depth.
   * @returns undefined if the record carries none, or the packet ends before the end of its last field.
   *
   * @example
   * ```ts
   * const request = record.packet('route_request')
   * if (request) console.log(toHex(request.pk))
   * ```
   */
  packet<N extends TypeName>(name: N): PacketFields<N> | undefined {
    const level = recordLevels(this.source).find(({window: each}) => isPacket(each, name))
    return level && packetFields(level.window, name)
  }

  /** The object that `toxtcp read --json` prints. */
  toJSON(): unknown {
    return JSON.parse(recordToJson(this.source, {bytes: false}))
  }

  /** The same for `console.log` of Node.js, instead of all that the source holds. */
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON()
  }
}
