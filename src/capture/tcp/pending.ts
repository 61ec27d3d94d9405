import {copyOf} from '../../wire/bytes.js'
import {limits} from '../limits.js'

/** Bytes of a segment that wait for earlier ones. */
export interface Pending {
  readonly seq: number
  readonly bytes: Uint8Array
  /** Bytes behind these that the capture cut off. */
  readonly missing: number
  readonly packet: number
  readonly offset: number
  /** As the segment has them. */
  readonly stamp: number
  readonly echo: number
  readonly isStale: boolean
}

/** A segment's payload on its way into the list: `bytes[start..end)` begins at `seq`. Borrowed. */
export interface Arrival {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly missing: number
  readonly packet: number
  readonly offset: number
  readonly stamp: number
  readonly echo: number
  readonly isStale: boolean
}

/** What one costs against the bounds: its bytes, and the room that keeping it takes. */
export function costOf(pending: Pending): number {
  return pending.bytes.length + limits.keepingBytes
}

/** Signed distance from b to a in sequence space. */
export function distance(a: number, b: number): number {
  return (a - b) | 0
}

function endOf(pending: Pending): number {
  return (pending.seq + pending.bytes.length) | 0
}

/** What an insertion did: cost added, and the sequence number of the first byte that differs from an earlier one. */
interface Inserted {
  readonly added: number
  readonly conflictAt: number | undefined
}

/** Insert what the list does not have yet. It stays sorted and without overlaps; earlier bytes stay. */
export function insertPending(list: Pending[], arrival: Arrival): Inserted {
  const {bytes, end, packet, offset, stamp, echo, isStale} = arrival
  let start = arrival.start
  let seq = arrival.seq
  let index = list.length > 0 && distance(seq, endOf(list[list.length - 1]!)) >= 0 ? list.length : 0
  let added = 0
  let conflictAt: number | undefined
  const add = (stop: number) => {
    const missing = stop === end ? arrival.missing : 0
    if (stop === start && missing === 0) return
    list.splice(index++, 0, {
      seq,
      bytes: copyOf(bytes, start, stop),
      missing,
      packet,
      offset: offset + start - arrival.start,
      stamp,
      echo,
      isStale,
    })
    added += costOf(list[index - 1]!)
  }
  while (start < end) {
    while (index < list.length && distance(endOf(list[index]!), seq) <= 0) index++
    const next = list[index]
    const free = next ? Math.min(end - start, Math.max(0, distance(next.seq, seq))) : end - start
    if (free > 0) {
      add(start + free)
      start += free
      seq = (seq + free) | 0
      continue
    }
    const held = next!
    const from = distance(seq, held.seq)
    const count = Math.min(end - start, held.bytes.length - from)
    for (let i = 0; i < count && conflictAt === undefined; i++) {
      if (held.bytes[from + i] !== bytes[start + i]) conflictAt = (seq + i) | 0
    }
    start += count
    seq = (seq + count) | 0
  }
  if (arrival.start === end) {
    while (index < list.length && distance(list[index]!.seq, seq) < 0) index++
    add(end)
  }
  return {added, conflictAt}
}
