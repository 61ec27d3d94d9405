import {commentsOf} from '../../capture/formats/pcapng-options.js'
import type {Packet} from '../../capture/packet.js'
import {type Finding, noFindings} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'
import {noCauses, type SessionRecord} from '../../session/record.js'
import type {Sender} from '../../wire/side.js'
import {AlteredPackets} from '../inspection/altered-packets.js'
import {annotatedFrames, commentedPackets, notesPerPacket} from '../limits.js'
import {notesIn, type RecordedNote} from './recorded-notes.js'

/** What the comments of a connection's packets say, until their records come. */
interface ConnectionNotes {
  readonly frames: Readonly<Record<Sender, Map<number, Finding>>>
  /** Findings for the next handshake or frame. */
  readonly next: Record<Sender, Finding[]>
  closed: Finding | undefined
}

/** Gives the records of a recording what the proxy noted in the comments of its packets. */
export class NoteReader {
  readonly #packets = new BoundedMap<number, readonly RecordedNote[]>(commentedPackets)
  readonly #connections = new Map<number, ConnectionNotes>()
  readonly #altered = new AlteredPackets()

  /** Read a packet's comments, before its records are made. @returns whether there are notes among them. */
  add({number, options}: Pick<Packet, 'number' | 'options'>): boolean {
    if (options.length === 0) return false
    const notes = commentsOf(options).flatMap(notesIn)
    if (notes.length > 0) this.#packets.set(number, notes)
    return notes.length > 0
  }

  /** Whether there are notes about the connection of a record, up to its packets. */
  isAbout({connection, packets}: Pick<SessionRecord, 'connection' | 'packets'>): boolean {
    if (connection === null || !this.#hasNotes) return false
    return this.#connections.has(connection) || packets.some(packet => this.#packets.get(packet) !== undefined)
  }

  /** Add what is known of a numbered record to it. */
  apply(record: SessionRecord): void {
    const {connection, kind} = record
    if (connection === null || !this.#hasNotes) return
    for (const packet of record.packets) {
      const notes = this.#packets.get(packet)
      if (!notes) continue
      this.#packets.delete(packet)
      for (const note of notes) this.#bind(record, connection, note)
    }
    const known = this.#connections.get(connection)
    if (!known) return
    const found = kind === 'end' ? this.#endOf(record, known) : foundFor(record, known)
    if (found.length > 0) record.findings = [...record.findings, ...found]
    this.#altered.note(record)
    if (kind === 'end' && !known.closed && !record.isSecond) record.causes = this.#altered.causesOf(record)
  }

  #bind(record: SessionRecord, connection: number, {from, index, finding}: RecordedNote): void {
    const known = this.#notesOf(connection)
    if (finding.code === 'closed-by-proxy') known.closed = finding
    else if (index !== null) {
      if (known.frames[from].size < annotatedFrames) known.frames[from].set(index, finding)
    } else if (finding.code !== 'not-intercepted') this.#altered.add(record, from, finding)
    else if (known.next[from].length < notesPerPacket) known.next[from].push(finding)
  }

  get #hasNotes(): boolean {
    return this.#packets.size > 0 || this.#connections.size > 0
  }

  #notesOf(connection: number): ConnectionNotes {
    const known = this.#connections.get(connection) ?? {
      frames: {client: new Map<number, Finding>(), relay: new Map<number, Finding>()},
      next: {client: [], relay: []},
      closed: undefined,
    }
    this.#connections.set(connection, known)
    if (this.#connections.size > limits.onlineKeys) this.#forgetOldest()
    return known
  }

  #forgetOldest(): void {
    const [oldest] = this.#connections.keys()
    if (oldest === undefined) return
    this.#connections.delete(oldest)
    this.#altered.forget(oldest)
  }

  #endOf(record: SessionRecord, {closed}: ConnectionNotes): readonly Finding[] {
    if (!closed || record.isSecond) return noFindings
    record.causes = noCauses
    return [closed]
  }
}

function foundFor({from, kind, index}: SessionRecord, {frames, next}: ConnectionNotes): readonly Finding[] {
  if (from === null || (kind !== 'frame' && kind !== 'handshake')) return noFindings
  const waiting = next[from].splice(0)
  const found = kind === 'frame' && index !== null ? frames[from].get(index) : undefined
  if (!found) return waiting
  frames[from].delete(index!)
  return [...waiting, found]
}
