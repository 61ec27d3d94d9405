import {copyOf} from '../../wire/bytes.js'
import type {Time} from '../../wire/chunk.js'
import {hasWrongSum, unknownSum, wrongSum} from '../../wire/internet/checksum.js'

/** What one segment carries, and what its header says of it. */
export interface Payload {
  /** `bytes[start..end)`, as far as captured. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Number of payload bytes after `end` that the capture cut off. */
  readonly missing: number
  /** Number of the capture packet. */
  readonly packet: number
  /** Offset in the file of `bytes[start]`. */
  readonly offset: number
  /** When it was captured; null: its source has no times. */
  readonly time: Time | null
  /** How far its sender had received the other direction: the segment's acknowledgement number. */
  readonly ack: number
  /** The segment's time stamp and the one that it echoes (RFC 7323), unsigned; -1 for none. */
  readonly stamp: number
  readonly echo: number
  /** Whether a segment that its side sent later was captured before it. */
  readonly isStale: boolean
  /** What the checksum says that the sum of `bytes[start..end)` is: see `Chunk.sum`. */
  readonly sum: number
}

/** Whether the bytes have another sum than their segment's checksum says. */
export const isDamaged = ({sum, bytes, start, end}: Payload): boolean => hasWrongSum(sum, bytes, start, end)

/** The `sum` of the payload from index `from` to `to` of its bytes. */
export function sumOfPart(payload: Payload, from: number, to: number): number {
  if (from === payload.start && to === payload.end) return payload.sum
  return isDamaged(payload) ? wrongSum : unknownSum
}

/** Payload that begins at a sequence number. */
export interface PlacedPayload extends Payload {
  readonly seq: number
}

/** A copy of the payload from index `from` to `to` of its bytes, which keeps its place in the file. */
export function keptPayload(payload: Payload, seq: number, from: number, to: number): PlacedPayload {
  const {bytes, start, end, packet, offset, time, ack, stamp, echo, isStale} = payload
  return {
    seq,
    bytes: copyOf(bytes, from, to),
    start: 0,
    end: to - from,
    missing: to === end ? payload.missing : 0,
    packet,
    offset: offset + from - start,
    time,
    ack,
    stamp,
    echo,
    isStale,
    sum: sumOfPart(payload, from, to),
  }
}
