import {type Finding, finding} from '../../expert/finding.js'
import {checkOpened} from '../../expert/inner-check.js'
import {type Level, packetIn} from '../../protocol/levels.js'
import {limits as protocolLimits} from '../../protocol/limits.js'
import {isPacket} from '../../protocol/table.js'
import {concatBytes, copyOf, isEqualBytes} from '../../wire/bytes.js'
import {hexByte, toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf, lengthOf, type Window} from '../../wire/window.js'
import type {Assembled} from '../inferred.js'
import type {SessionRecord} from '../record.js'
import {assembledWindow} from '../record-levels.js'
import {BoundedMap} from './bounded-map.js'
import * as limits from './limits.js'
import type {Passage} from './opening/passage.js'

/** A lossless packet of a group. */
interface Part {
  /** The record that carried it first. */
  readonly number: number
  /** What a fragment carries, empty at the end of a packet; null: it is not a fragment. */
  readonly data: Uint8Array | null
}

/** The lossless packets of one member to another one. */
interface Stream {
  /** Session key of the sender in hex; undefined: its handshake was not opened. */
  sessionPk: string | undefined
  /** By message id. */
  readonly parts: Map<bigint, Part>
  bytes: number
}

/** What a fragment completes: a packet, or the reason why it does not. */
interface Completed {
  readonly assembled?: Assembled
  /** Bytes of a packet that is over the limit. */
  readonly tooLong?: number
}

const emptyPart = ({data}: Part): boolean => data?.length === 0
const holdsData = (part: Part | undefined): part is Part & {readonly data: Uint8Array} =>
  part?.data !== undefined && part.data !== null && part.data.length > 0

/** Message ids are eight bytes. */
const messageIdBytes = 8

/**
 * Puts together the packets of groups that come in fragments: the first fragment begins with the type of the packet,
 * and an empty one ends it. c-toxcore group_connection.c gcc_handle_packet_fragment, reassemble_packet.
 */
export class GroupFragments {
  /** By the two members and the side of the sender. */
  readonly #streams = new BoundedMap<string, Stream>(limits.fragmentedStreams)
  #bytes = 0
  /** Fragments that were forgotten before the end of their packet. */
  #dropped = 0

  get dropped(): number {
    return this.#dropped
  }

  /** Adds to the fragment that completes a packet the whole of it. @param levels of the record. */
  take(record: SessionRecord, {pair}: Passage, levels: readonly Level[]): void {
    const name = `${pair.id} ${pair.side}`
    for (const level of levels) {
      const {window, opened} = level
      if (isPacket(window, 'gc_handshake')) this.#handshake(name, opened)
      if (!isPacket(window, 'gc_lossless')) continue
      const content = packetIn(level)
      const completed = content && this.#add(name, record.number, content)
      if (completed) addTo(record, completed, content, content.shift - (record.window?.shift ?? 0))
    }
  }

  /** A handshake with another session key begins the message ids again. */
  #handshake(name: string, opened: Window | undefined): void {
    const sessionPk = opened && fieldOf(opened, 'session_pk')
    if (!(sessionPk instanceof Uint8Array)) return
    const pk = toHex(sessionPk)
    const stream = this.#streams.get(name)
    if (stream?.sessionPk === pk) return
    if (stream) this.#forget(name, stream)
    this.#begin(name).sessionPk = pk
  }

  #begin(name: string): Stream {
    const stream: Stream = {sessionPk: undefined, parts: new Map(), bytes: 0}
    if (this.#streams.size >= limits.fragmentedStreams) this.#forgetOldest()
    this.#streams.set(name, stream)
    return stream
  }

  #add(name: string, number: number, content: Window): Completed | undefined {
    const id = fieldOf(content, 'message_id')
    if (typeof id !== 'bigint') return undefined
    const data = isPacket(content, 'group_fragment') ? (fieldOf(content, 'data') ?? null) : null
    let stream = this.#streams.get(name) ?? this.#begin(name)
    const known = stream.parts.get(id)
    if (known && !isSame(known.data, data)) {
      const {sessionPk} = stream
      this.#forget(name, stream)
      stream = this.#begin(name)
      stream.sessionPk = sessionPk
    }
    if (known && stream.parts.has(id)) return known.data && emptyPart(known) ? completedBy(stream, id) : undefined
    this.#keep(stream, id, {number, data: data ? copyOf(data) : null})
    // The stream that was used last is the last to be forgotten.
    this.#streams.set(name, stream)
    while (this.#bytes > limits.fragmentBytes && this.#streams.size > 1) this.#forgetOldest()
    return data ? completedBy(stream, id) : undefined
  }

  #keep(stream: Stream, id: bigint, part: Part): void {
    stream.parts.set(id, part)
    this.#count(stream, part.data?.length ?? 0)
    if (stream.parts.size <= limits.groupMessages) return
    const [oldest] = stream.parts.keys()
    if (oldest === undefined) return
    const {data} = stream.parts.get(oldest)!
    if (holdsData(stream.parts.get(oldest)) && !isEnded(stream, oldest)) this.#dropped++
    stream.parts.delete(oldest)
    this.#count(stream, -(data?.length ?? 0))
  }

  #count(stream: Stream, bytes: number): void {
    stream.bytes += bytes
    this.#bytes += bytes
  }

  #forget(name: string, stream: Stream): void {
    this.#bytes -= stream.bytes
    this.#streams.delete(name)
  }

  #forgetOldest(): void {
    for (const [name, stream] of this.#streams.entries()) {
      for (const [id, part] of stream.parts) if (holdsData(part) && !isEnded(stream, id)) this.#dropped++
      this.#forget(name, stream)
      return
    }
  }
}

const isSame = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === b || (a !== null && b !== null && isEqualBytes(a, b))

/** Message id of the empty fragment that ends the packet of a fragment; undefined: not all were seen until there. */
function endAfter({parts}: Stream, from: bigint): bigint | undefined {
  for (let id = from; ; id++) {
    const part = parts.get(id)
    if (part?.data && emptyPart(part)) return id
    if (!holdsData(part)) return undefined
  }
}

const isEnded = (stream: Stream, id: bigint): boolean => endAfter(stream, id) !== undefined

/** @param from message id of a fragment. */
function completedBy(stream: Stream, from: bigint): Completed | undefined {
  const end = endAfter(stream, from)
  if (end === undefined) return undefined
  const chunks: Uint8Array[] = []
  const fragments = [stream.parts.get(end)!.number]
  let length = 0
  let first = end
  for (let part = stream.parts.get(first - 1n); holdsData(part); part = stream.parts.get(first - 1n)) {
    first--
    length += part.data.length
    chunks.unshift(part.data)
    fragments.unshift(part.number)
  }
  if (length === 0) return undefined
  if (length > protocolLimits.groupMessage) return {tooLong: length}
  const content = concatBytes(chunks)
  const id = new Uint8Array(messageIdBytes)
  new DataView(id.buffer).setBigUint64(0, end)
  const bytes = concatBytes([content.subarray(0, 1), id, content.subarray(1)])
  // Ids count from 1. Where the packet before was not seen, it may have been a fragment of this one, too.
  const isStartKnown = first === 1n || stream.parts.has(first - 1n)
  const assembled = {bytes, fragments, isStartKnown}
  const whole = assembledWindow(assembled)
  if (!isStartKnown && (!whole || checkOpened(whole).length > 0)) return undefined
  return {assembled}
}

/** @param content the fragment. @param offset of its first byte in the plaintext of its record. */
function addTo(record: SessionRecord, {assembled, tooLong}: Completed, content: Window, offset: number): void {
  const place = {range: [offset, offset + lengthOf(content)]} as const
  const {title} = content.type
  const found: Finding[] = []
  if (tooLong !== undefined) {
    const most = protocolLimits.groupMessage
    found.push(finding('inner-too-long', {title, field: 'data of all fragments', size: tooLong, most}, place))
  }
  if (assembled) {
    record.inferred = {...record.inferred, assembled}
    const whole = assembledWindow(assembled)
    // What was put together has no place of its own in this packet.
    if (whole) found.push(...checkOpened(whole).map(each => ({...each, ...place})))
    else found.push(finding('inner-kind-unknown', {title, kind: hexByte(assembled.bytes[0]!)}, place))
  }
  if (found.length > 0) record.findings = [...record.findings, ...found]
}
