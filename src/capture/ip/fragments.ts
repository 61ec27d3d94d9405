import {copyOf} from '../../wire/bytes.js'
import type {Time} from '../../wire/chunk.js'
import {limits} from '../limits.js'
import type {IpPacket} from './ip.js'

/**
 * The range `[start, end)` of a datagram that one fragment brought. The capture cut off the bytes from `capturedEnd`
 * on.
 */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly capturedEnd: number
  readonly packet: number
  /** Offset in the file of the piece's first byte. */
  readonly offset: number
}

/**
 * A complete datagram: what an unfragmented IP packet would carry, with zeros for bytes that were not captured, and
 * which packet brought each range.
 */
export interface Datagram {
  readonly bytes: Uint8Array
  readonly pieces: readonly Piece[]
}

interface Held extends Piece {
  readonly bytes: Uint8Array
}

interface Waiting {
  pieces: Held[]
  /** Length of the datagram; -1 until its last fragment came. */
  length: number
  held: number
  readonly firstMicros: number
  /** A datagram of the same number was complete not long before: perhaps its fragments were captured twice. */
  readonly isAgain: boolean
}

/** Puts IP datagrams together from fragments in any order. Where fragments overlap, the first one counts. */
export class Fragments {
  /** Number of datagrams given up as too old, too many or too large, but for those that may be others' copies. */
  dropped = 0
  /** Keys of the last complete datagrams, as many as wait at most. */
  readonly #complete = new Set<string>()
  readonly #waiting = new Map<string, Waiting>()
  #held = 0

  /**
   * @param fragment borrowed; its bytes are copied.
   * @param offset offset in the file of its first byte.
   * @returns the datagram that it completes; undefined: none yet.
   */
  add(fragment: IpPacket, packet: number, time: Time | null, offset: number): Datagram | undefined {
    const key = keyOf(fragment)
    const now = time?.micros ?? 0
    let waiting = this.#waiting.get(key)
    if (waiting && now - waiting.firstMicros > limits.fragmentMicros) {
      this.#drop(key, waiting)
      waiting = undefined
    }
    if (!waiting) {
      waiting = {pieces: [], length: -1, held: 0, firstMicros: now, isAgain: this.#complete.has(key)}
      this.#waiting.set(key, waiting)
    }
    this.#insert(waiting, fragment, packet, offset)
    if (isWhole(waiting)) {
      this.#forget(key, waiting)
      this.#noteComplete(key)
      return join(waiting)
    }
    if (waiting.pieces.length > limits.fragments) this.#drop(key, waiting)
    while (this.#waiting.size > limits.datagrams || this.#held > limits.fragmentBytes) {
      const [oldest] = this.#waiting
      this.#drop(oldest![0], oldest![1])
    }
    return undefined
  }

  /** Count the datagrams that still wait as dropped. */
  end(): void {
    for (const [key, waiting] of this.#waiting) this.#drop(key, waiting)
  }

  #insert(waiting: Waiting, fragment: IpPacket, packet: number, offset: number): void {
    const start = fragment.fragmentOffset
    const captured = fragment.end - fragment.start
    const end = start + captured + fragment.missing
    if (!fragment.moreFragments && waiting.length < 0) waiting.length = end
    let from = start
    let index = 0
    while (from < end) {
      const next = waiting.pieces[index]
      if (next && next.end <= from) {
        index++
        continue
      }
      const to = next ? Math.min(end, next.start) : end
      if (to > from) {
        const capturedEnd = Math.max(from, Math.min(to, start + captured))
        const bytes = copyOf(fragment.bytes, fragment.start + from - start, fragment.start + capturedEnd - start)
        waiting.pieces.splice(index, 0, {
          start: from,
          end: to,
          capturedEnd,
          packet,
          offset: offset + from - start,
          bytes,
        })
        waiting.held += bytes.length + limits.keepingBytes
        this.#held += bytes.length + limits.keepingBytes
        index++
      }
      from = Math.max(to, Math.min(end, next ? next.end : end))
    }
  }

  #drop(key: string, waiting: Waiting): void {
    if (!waiting.isAgain) this.dropped++
    this.#forget(key, waiting)
  }

  #noteComplete(key: string): void {
    this.#complete.delete(key)
    this.#complete.add(key)
    const [oldest] = this.#complete
    if (this.#complete.size > limits.datagrams) this.#complete.delete(oldest!)
  }

  #forget(key: string, waiting: Waiting): void {
    this.#waiting.delete(key)
    this.#held -= waiting.held
  }
}

/** A string for each fragment is affordable because fragments are rare. */
function keyOf({version, addresses, sourceAt, destinationAt, protocol, identification}: IpPacket): string {
  const size = version === 4 ? 4 : 16
  const source = addresses.subarray(sourceAt, sourceAt + size).join('.')
  return `${source} ${addresses.subarray(destinationAt, destinationAt + size).join('.')} ${protocol} ${identification}`
}

function isWhole({pieces, length}: Waiting): boolean {
  let reached = 0
  for (const piece of pieces) {
    if (piece.start !== reached) return false
    reached = piece.end
    if (length >= 0 && reached >= length) return true
  }
  return false
}

function join({pieces, length}: Waiting): Datagram {
  const bytes = new Uint8Array(length)
  const used: Piece[] = []
  for (const piece of pieces) {
    if (piece.start >= length) break
    bytes.set(piece.bytes.subarray(0, length - piece.start), piece.start)
    used.push({...piece, end: Math.min(piece.end, length), capturedEnd: Math.min(piece.capturedEnd, length)})
  }
  return {bytes, pieces: used}
}
