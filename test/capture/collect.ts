import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import type {CaptureCounters} from '../../src/capture/counters.js'
import type {CaptureEnd, Packet} from '../../src/capture/packet.js'
import {PacketTracker} from '../../src/capture/packet-tracker.js'
import {CaptureReader, isGzip} from '../../src/capture/reader.js'
import type {Opened, StreamEvent} from '../../src/capture/stream-event.js'
import type {Chunk, Close, Conflict} from '../../src/wire/chunk.js'

export const fixtures = join(import.meta.dirname, '../../fixtures')

/** A piece of a stream: bytes with their origin, or the length of a gap. */
export interface StreamPiece {
  readonly at: number
  readonly bytes?: Buffer
  readonly gap?: number
  readonly packet: number | undefined
  readonly offset: number | undefined
  readonly micros: number | undefined
  readonly isAhead: boolean
}

export interface Collected {
  readonly opened: Opened
  readonly pieces: readonly [StreamPiece[], StreamPiece[]]
  readonly closes: readonly [Close[], Close[]]
}

/** Keeps all events, and fails on what must never be: chunks before open or after close, empty ones, two opens. */
export class Collector {
  readonly connections: Collected[] = []
  readonly conflicts: Conflict[] = []
  /** One line for every event, for comparison. */
  readonly log: string[] = []
  readonly #at = new Map<string, number>()
  readonly #ended = new Set<number>()

  add(events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (event.kind === 'open') this.#open(event.connection, event.opened)
      else if (event.kind === 'chunk') this.#chunk(event.chunk)
      else if (event.kind === 'conflict') this.#conflict(event.conflict)
      else this.#over(event.connection)
    }
  }

  #open(connection: number, opened: Opened): void {
    if (this.connections[connection]) throw new Error(`connection ${connection} opens twice`)
    this.connections[connection] = {opened, pieces: [[], []], closes: [[], []]}
    this.log.push(`open ${connection} ${JSON.stringify(opened)}`)
  }

  #chunk({connection, end, time, bytes, gap, close, origin, isAhead = false, resumes = false}: Chunk): void {
    const {pieces, closes} = this.connections[connection]!
    if (resumes && closes[end].pop() === undefined) throw new Error(`${connection}/${end} goes on without a close`)
    if (closes[end].length > 0) throw new Error(`a chunk after the close of ${connection}/${end}`)
    if ([bytes, gap, close].filter(part => part !== undefined).length !== 1) throw new Error('a chunk is one thing')
    const length = bytes?.length ?? gap ?? 1
    if (!(length > 0)) throw new Error('an empty chunk')
    this.log.push(
      `${connection}/${end} ${time?.micros}.${time?.nanos} ${bytes ? Buffer.from(bytes).toString('hex') : (gap ?? close)} ${origin?.packet} ${origin?.offset}`,
    )
    if (close) {
      closes[end].push(close)
      return
    }
    const key = `${connection}/${end}`
    const at = this.#at.get(key) ?? 0
    const piece = {at, packet: origin?.packet, offset: origin?.offset, micros: time?.micros, isAhead}
    pieces[end].push(bytes ? {...piece, bytes: Buffer.from(bytes)} : {...piece, gap: length})
    this.#at.set(key, at + length)
  }

  #over(connection: number): void {
    if (this.connections[connection]?.closes.some(({length}) => length !== 1))
      throw new Error(`${connection} is over before both ends have closed`)
    if (this.#ended.has(connection)) throw new Error(`${connection} is over twice`)
    this.#ended.add(connection)
    this.log.push(`over ${connection}`)
  }

  #conflict(conflict: Conflict): void {
    this.conflicts.push(conflict)
    this.log.push(JSON.stringify(conflict))
  }
}

/** Run a whole file, cut at the offsets given. */
export function run(
  file: Uint8Array,
  cuts: readonly number[] = [],
): {collector: Collector; counters: CaptureCounters; end: CaptureEnd} {
  const collector = new Collector()
  const tracker = new PacketTracker()
  const reader = new CaptureReader()
  let at = 0
  for (const cut of [...cuts, file.length]) {
    // A copy that is wiped: what was borrowed and kept shows.
    const piece = new Uint8Array(file.subarray(at, cut))
    for (const item of reader.read(piece)) if (item.kind === 'packet') collector.add(tracker.add(item).events)
    piece.fill(0xee)
    at = cut
  }
  const end = reader.end()
  collector.add(tracker.end())
  return {collector, counters: tracker.counters, end}
}

/** The packets of a capture file, copied so that they can be kept. */
export function packetsOf(file: Uint8Array): Packet[] {
  const packets: Packet[] = []
  for (const item of new CaptureReader().read(file)) if (item.kind === 'packet') packets.push({...item})
  return packets
}

/** All bytes of a stream without its gaps. */
export function bytesOf(pieces: readonly StreamPiece[]): Buffer {
  return Buffer.concat(pieces.flatMap(piece => piece.bytes ?? []))
}

export function gapsOf(pieces: readonly StreamPiece[]): readonly {at: number; gap: number}[] {
  return pieces.flatMap(({at, gap}) => (gap === undefined ? [] : {at, gap}))
}

/** Bytes of a fixture's capture, inflated. */
export function captureFile(folder: 'captures' | 'variants', name: string): Buffer {
  const path = join(fixtures, folder, name)
  const file = readdirSync(path).find(entry => entry.startsWith('capture.'))!
  const bytes = readFileSync(join(path, file))
  return isGzip(bytes) ? gunzipSync(bytes) : bytes
}

export function names(folder: 'captures' | 'variants'): string[] {
  return readdirSync(join(fixtures, folder)).sort()
}
