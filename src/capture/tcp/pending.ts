import {copyOf} from '../../wire/bytes.js'
import {distance} from '../../wire/integers.js'
import {limits} from '../limits.js'
import {isDamaged, keptPayload, type Payload, type PlacedPayload} from './payload.js'

/** What one payload that waits counts against the limits: its bytes and the memory of its objects. */
export function costOf({start, end}: Payload): number {
  return end - start + limits.keepingBytes
}

function endOf({seq, start, end}: PlacedPayload): number {
  return (seq + end - start) | 0
}

/** Number of bytes from both places on that are the same. */
function sameBytes(one: Uint8Array, from: number, other: Uint8Array, start: number, count: number): number {
  let same = 0
  while (same < count && one[from + same] === other[start + same]) same++
  return same
}

/** What an insertion did. */
interface Inserted {
  /** Cost of what was added. */
  readonly added: number
  /**
   * From the first byte on that differs from an earlier one: its sequence number, the bytes up to a free place, and
   * `Conflict.damaged`.
   */
  readonly conflict:
    | {readonly seq: number; readonly bytes: Uint8Array; readonly damaged: number | undefined}
    | undefined
}

/**
 * Insert copies of the bytes that the list does not have yet.
 * @param list sorted and without overlaps, before and after; where both have a byte, the earlier one stays, unless they
 *   differ, and only its checksum is wrong.
 * @param skip number of bytes at the start of the payload that are not wanted.
 * @param seq sequence number of the first wanted byte.
 */
export function insertPending(list: PlacedPayload[], payload: Payload, skip: number, seq: number): Inserted {
  const {bytes, end} = payload
  let start = payload.start + skip
  let nextSeq = seq
  let index = list.length > 0 && distance(seq, endOf(list[list.length - 1]!)) >= 0 ? list.length : 0
  let added = 0
  let conflict: Inserted['conflict']
  const add = (stop: number) => {
    const kept = keptPayload(payload, nextSeq, start, stop)
    if (kept.end === 0 && kept.missing === 0) return
    list.splice(index++, 0, kept)
    added += costOf(kept)
  }
  if (start === end) {
    while (index < list.length && distance(list[index]!.seq, nextSeq) < 0) index++
    add(end)
  }
  while (start < end) {
    while (index < list.length && distance(endOf(list[index]!), nextSeq) <= 0) index++
    const next = list[index]
    const free = next ? Math.min(end - start, Math.max(0, distance(next.seq, nextSeq))) : end - start
    if (free > 0) {
      add(start + free)
      start += free
      nextSeq = (nextSeq + free) | 0
      continue
    }
    const held = next!
    const from = distance(nextSeq, held.seq)
    const count = Math.min(end - start, held.end - from)
    const same = sameBytes(held.bytes, from, bytes, start, count)
    if (same < count && isDamaged(held) && !isDamaged(payload)) {
      const parts = [
        keptPayload(held, held.seq, 0, from),
        keptPayload(payload, nextSeq, start, start + count),
        keptPayload(held, (nextSeq + count) | 0, from + count, held.end),
      ].filter(part => part.end > 0 || part.missing > 0)
      list.splice(index, 1, ...parts)
      added += parts.reduce((sum, part) => sum + costOf(part), -costOf(held))
    } else if (same < count && !conflict) {
      const damaged = isDamaged(held) ? held.packet : isDamaged(payload) ? payload.packet : undefined
      conflict = {seq: (nextSeq + same) | 0, bytes: copyOf(bytes, start + same, start + count), damaged}
    }
    start += count
    nextSeq = (nextSeq + count) | 0
  }
  return {added, conflict}
}
