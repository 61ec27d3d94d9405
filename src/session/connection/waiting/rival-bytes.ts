import {limits} from '../../../protocol/limits.js'
import {copyOf} from '../../../wire/bytes.js'
import type {Chunk, Conflict} from '../../../wire/chunk.js'
import {u16be} from '../../../wire/integers.js'
import {unknownSum} from '../../../wire/internet/checksum.js'
import {isPlausibleLength} from '../../frame-lengths.js'
import type {Probe} from '../aligner.js'

const prefix = limits.frameLengthPrefix

/** What other segments brought for places of one side's stream that had bytes already: one of both was injected. */
export class RivalBytes {
  #rivals: Conflict[] = []

  get isEmpty(): boolean {
    return this.#rivals.length === 0
  }

  /** Beyond `rivalSegments` and `rivalBytes`, the oldest are forgotten. */
  add(conflict: Conflict): void {
    this.#rivals.push(conflict)
    const size = () => this.#rivals.reduce((sum, {bytes}) => sum + bytes.length, 0)
    while (this.#rivals.length > limits.rivalSegments || size() > limits.rivalBytes) this.#rivals.shift()
  }

  /** Take those out that end before a place of the stream: what is there was read. */
  takeBefore(start: number): readonly Conflict[] {
    const isBefore = ({position, bytes}: Conflict) => position + bytes.length <= start
    const taken = this.#rivals.filter(isBefore)
    if (taken.length > 0) this.#rivals = this.#rivals.filter(rival => !isBefore(rival))
    return taken
  }

  /**
   * The stream from a place on as its receiver may have it: with rivals in the place of the first bytes.
   * @param start place in the stream of `first`, where a frame begins.
   * @param probe whether a frame opens; undefined: no key is known. Then the frames must end where the bytes end.
   * @returns undefined if nothing shows that rivals are the right ones: also if the first frame opens without them.
   */
  bytesInstead(start: number, first: Uint8Array, probe: Probe): ChosenBytes | undefined {
    if (opensAtStart(first, probe)) return undefined
    for (const chosen of this.choices(start, first)) if (beginsWithFrame(chosen.bytes, first, probe)) return chosen
    return undefined
  }

  /** What the stream may have from a place on: the first bytes with all rivals in their places, then with each one. */
  *choices(start: number, first: Uint8Array): Generator<ChosenBytes, void, undefined> {
    const rivals = this.#rivals.filter(({position}) => position < start + first.length)
    for (const chosen of [rivals, ...rivals.toReversed().map(rival => [rival])]) {
      const bytes = copyOf(first)
      for (const rival of chosen) place(rival, start, bytes)
      const last = chosen.at(-1)
      if (last) yield {bytes, rival: last}
    }
  }
}

/** Bytes in which rivals have replaced the first ones, and the latest of these rivals. */
export interface ChosenBytes {
  readonly bytes: Uint8Array
  readonly rival: Conflict
}

/** The same as chunks. */
export interface ChunksInstead {
  readonly rival: Conflict
  readonly chunks: readonly Chunk[]
}

/**
 * Bytes in which rivals have replaced the first ones, as chunks: those before `later` as if the rival had brought them,
 * then the bytes of each of these with its packet. They became readable when the rival came.
 */
export function chunksInstead({bytes, rival}: ChosenBytes, later: readonly Chunk[]): ChunksInstead {
  const {connection, end, time, packet} = rival
  let at = later.reduce((left, chunk) => left - (chunk.bytes?.length ?? 0), bytes.length)
  const first: Chunk = {connection, end, time, bytes: bytes.subarray(0, at), origin: {packet, offset: 0}}
  const rest = later.map(chunk => {
    const start = at
    at += chunk.bytes?.length ?? 0
    return {...chunk, time, bytes: bytes.subarray(start, at), sum: unknownSum}
  })
  return {rival, chunks: [first, ...rest]}
}

function place({position, bytes}: Conflict, start: number, into: Uint8Array): void {
  const skip = Math.max(0, start - position)
  const at = position + skip - start
  into.set(bytes.subarray(skip, skip + Math.max(0, into.length - at)), at)
}

function beginsWithFrame(bytes: Uint8Array, first: Uint8Array, probe: Probe): boolean {
  if (frameEnd(bytes) === undefined) return false
  return opensAtStart(bytes, probe) ?? (endsWithFrame(bytes) && !endsWithFrame(first))
}

/** Whether the frame at the start is there and opens; undefined: it is there, and no key is known. */
function opensAtStart(bytes: Uint8Array, probe: Probe): boolean | undefined {
  const end = frameEnd(bytes)
  return end === undefined ? false : probe(bytes, prefix, end)
}

/** Where the frame at the start ends; undefined: it is not whole, or has no plausible length. */
function frameEnd(bytes: Uint8Array): number | undefined {
  if (bytes.length < prefix || !isPlausibleLength(u16be(bytes, 0))) return undefined
  const end = prefix + u16be(bytes, 0)
  return end > bytes.length ? undefined : end
}

/** Whether frames of plausible lengths fill the bytes exactly. */
function endsWithFrame(bytes: Uint8Array): boolean {
  let at = 0
  while (at + prefix <= bytes.length && isPlausibleLength(u16be(bytes, at))) at += prefix + u16be(bytes, at)
  return at === bytes.length
}
