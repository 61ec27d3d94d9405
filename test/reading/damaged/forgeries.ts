import type {CapturedSegment} from './edited-captures.js'

const flag = {fin: 1, syn: 2, rst: 4, ack: 16}

const tcpOf = ({bytes}: CapturedSegment): number => 14 + (bytes[14]! & 15) * 4

/** Sequence number after a segment's payload. */
export function nextSeq(segment: CapturedSegment): number {
  const {bytes, size} = segment
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const at = tcpOf(segment)
  const numbered = size + ((bytes[at + 13]! & flag.syn) !== 0 ? 1 : 0) + ((bytes[at + 13]! & flag.fin) !== 0 ? 1 : 0)
  return (view.getUint32(at + 4) + numbered) >>> 0
}

/** A segment like another one, of the same side, with other numbers, flags and payload. */
export function likeSegment(
  segment: CapturedSegment,
  {seq, flags, payload = new Uint8Array(0)}: {seq: number; flags: number; payload?: Uint8Array},
): CapturedSegment {
  const at = tcpOf(segment)
  const head = at + (segment.bytes[at + 12]! >> 4) * 4
  const bytes = new Uint8Array(head + payload.length)
  bytes.set(segment.bytes.subarray(0, head))
  bytes.set(payload, head)
  const view = new DataView(bytes.buffer)
  view.setUint16(16, bytes.length - 14)
  view.setUint32(at + 4, seq >>> 0)
  bytes[at + 13] = flags
  return {...segment, micros: segment.micros + 1, bytes, isSyn: (flags & flag.syn) !== 0, size: payload.length}
}

/**
 * Makes segments that neither end of a connection sent, or that its receiver ignored, to stand behind a segment.
 * @param segment the latest of its side. @param next the next one of its side with bytes.
 */
export type Forgery = (segment: CapturedSegment, next: CapturedSegment, random: () => number) => CapturedSegment[]

const between = (random: () => number, from: number, to: number): number => from + Math.floor(random() * (to - from))

const bytesOf = (size: number, random: () => number): Uint8Array =>
  Uint8Array.from({length: size}, () => random() * 256)

/** Ways to disturb a connection, by name. */
export const forgeries: Readonly<Record<string, Forgery>> = {
  'a RST with an old number': (segment, _, random) => [
    likeSegment(segment, {seq: nextSeq(segment) - between(random, 1, 4000), flags: flag.rst}),
  ],
  'a RST with the next number': segment => [likeSegment(segment, {seq: nextSeq(segment), flags: flag.rst})],
  'a RST with a number to come': (segment, _, random) => [
    likeSegment(segment, {seq: nextSeq(segment) + between(random, 1, 20_000), flags: flag.rst | flag.ack}),
  ],
  'a FIN with an old number': (segment, _, random) => [
    likeSegment(segment, {seq: nextSeq(segment) - between(random, 1, 4000), flags: flag.fin | flag.ack}),
  ],
  'a FIN with the next number': segment => [likeSegment(segment, {seq: nextSeq(segment), flags: flag.fin | flag.ack})],
  'a FIN with a number to come': (segment, _, random) => [
    likeSegment(segment, {seq: nextSeq(segment) + between(random, 1, 20_000), flags: flag.fin | flag.ack}),
  ],
  'a stray SYN': (segment, _, random) => [
    likeSegment(segment, {seq: random() * 2 ** 32, flags: random() < 0.7 ? flag.syn : flag.syn | flag.ack}),
  ],
  'bytes injected first': (segment, next, random) => [
    likeSegment(segment, {
      seq: nextSeq(segment),
      flags: 0x18,
      payload: bytesOf(random() < 0.5 ? next.size : between(random, 1, next.size + 1), random),
    }),
  ],
  'other bytes in the place of earlier ones': (segment, _, random) =>
    segment.size > 0
      ? [
          likeSegment(segment, {
            seq: nextSeq(segment) - segment.size,
            flags: 0x18,
            payload: bytesOf(segment.size, random),
          }),
        ]
      : [],
}

/** Connection and side. */
const keyOf = ({client, isClient}: CapturedSegment): string => `${client} ${isClient}`

/**
 * The conversation with some forgeries, one of which stands behind about this part of the segments whose side has more
 * to say.
 */
export function withForgeries(
  segments: readonly CapturedSegment[],
  kinds: readonly string[],
  rate: number,
  random: () => number,
): CapturedSegment[] {
  const following = new Map<string, CapturedSegment>()
  const next = segments
    .toReversed()
    .map(segment => {
      const known = following.get(keyOf(segment))
      if (segment.size > 0) following.set(keyOf(segment), segment)
      return known
    })
    .reverse()
  return segments.flatMap((segment, at) => {
    if (random() >= rate || !next[at]) return [segment]
    const kind = kinds[Math.floor(random() * kinds.length)]!
    return [segment, ...forgeries[kind]!(segment, next[at], random)]
  })
}
