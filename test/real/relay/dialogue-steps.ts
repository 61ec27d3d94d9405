import {type FrameCase, wrongFrames} from '../../../src/probe/cases/frames.js'
import {
  connect,
  data,
  disconnect,
  filled,
  forward,
  onion,
  oob,
  ping,
  pong,
  route,
  routed,
} from '../../../src/probe/cases/packets.js'
import {limits} from '../../../src/protocol/limits.js'
import {seededRandom} from '../../../src/proxy/net/impairments.js'
import {concatBytes} from '../../../src/wire/bytes.js'

/**
 * What happens next: a packet in its frame, or bytes in place of one; or the other client, if there is one, sends a
 * packet or closes; or the client connects once more with the same key.
 */
export type Step = {readonly name: string} & (
  | {
      readonly packet: Uint8Array
      /** Where its frame is cut into TCP segments. */
      readonly cuts?: readonly number[]
    }
  | {readonly frame: FrameCase[1]}
  | {readonly other: Uint8Array}
  | {readonly leaves: true}
  | {readonly again: true}
)

/** What a client of ours says to a relay after the handshakes, step by step. */
export interface Dialogue {
  readonly seed: number
  /** Whether a second client has asked for the first, which has asked for it: connection id 16 is online. */
  readonly isOnline: boolean
  readonly steps: readonly Step[]
}

const mostSteps = 8
/** Connection ids around those that a client may have: 16 is the first, 255 the last. */
const connectionIds = [0, 1, 15, 16, 17, 18, 240, 254, 255]
/** Those that a data packet can have. */
const dataIds = [16, 17, 18, 100, 239]
/** Sizes of data around the bounds of relays and clients. */
const sizes = [0, 1, 2, 15, 16, 100, 1023, 1024, 1025, 1300, 1372, 1400, 1999, 2000, 2028]

const prefix = limits.frameLengthPrefix
const mac = limits.mac

/** Frames that are sealed as they should be and do not come so. @param bytes some noise. */
const movedFrames = (bytes: Uint8Array): readonly FrameCase[] => [
  ['a frame twice', seal => twice(seal(ping(1)))],
  ['a frame without the one before it', seal => [ping(1), ping(2)].map(seal)[1]!],
  ['two frames in the wrong order', seal => concatBytes([seal(ping(1)), seal(ping(2))].reverse())],
  ['a frame with bytes after it', seal => concatBytes([seal(ping(1)), Uint8Array.of(0, 30), bytes])],
  ['a frame whose end is missing', seal => seal(ping(1)).subarray(0, -1 - (bytes.length % 20))],
  ['a frame whose length counts itself', seal => withLength(seal(ping(1)), prefix)],
  ['a frame whose length is one less', seal => withLength(seal(ping(1)), -1)],
  ['a frame with its MAC at the end', seal => macLast(seal(ping(1)))],
  ['a frame of the largest packet', seal => seal(filled(limits.packet, 0xff))],
]

const twice = (frame: Uint8Array): Uint8Array => concatBytes([frame, frame])

const macLast = (frame: Uint8Array): Uint8Array =>
  concatBytes([frame.subarray(0, prefix), frame.subarray(prefix + mac), frame.subarray(prefix, prefix + mac)])

function withLength(frame: Uint8Array, more: number): Uint8Array {
  const bytes = Uint8Array.from(frame)
  new DataView(bytes.buffer).setUint16(0, frame.length - prefix + more)
  return bytes
}

/** A dialogue of valid steps, of which some are changed. The same seed gives the same. */
export function dialogueOf(seed: number): Dialogue {
  const next = seededRandom(seed)
  const below = (count: number): number => Math.floor(next() * count)
  const anyOf = <T>(list: readonly T[]): T => list[below(list.length)]!
  const size = (): number => (next() < 0.8 ? 1 + below(1000) : anyOf(sizes))
  const noise = (bytes: number): Uint8Array => filled(bytes, seed, below(1000))

  const valid: readonly (() => Step)[] = [
    () => ({name: 'ping', packet: ping(1 + below(1000))}),
    () =>
      next() < 0.2 ? {name: 'pong unasked', packet: pong(1 + below(1000))} : {name: 'route', packet: route(noise(32))},
    () => ({name: 'route', packet: route(noise(32))}),
    () => ({name: 'route', packet: route(noise(32))}),
    () => ({name: 'data', packet: data(anyOf(dataIds), noise(size()))}),
    () => ({name: 'data', packet: data(16, noise(1 + below(100)))}),
    () => ({name: 'disconnect', packet: disconnect(next() < 0.7 ? 16 + below(3) : anyOf(connectionIds))}),
    () => ({name: 'disconnect', packet: disconnect(16)}),
    () => ({name: 'data', packet: data(anyOf(dataIds), noise(0))}),
    () => ({name: 'connect', packet: connect(anyOf(connectionIds))}),
    () => ({name: 'route response', packet: routed(anyOf(connectionIds), noise(32))}),
    () => ({name: 'oob', packet: oob(noise(32), noise(size()))}),
    () => ({name: 'onion', packet: onion(anyOf([158, 160, 200, 400, 1400]), anyOf([2, 2, 10, 10, 0, 130]))}),
    () => ({name: 'forward', packet: forward(size(), anyOf([2, 2, 10, 10, 0, 138]))}),
  ]

  const packetOf = (given: Step): Uint8Array => ('packet' in given ? given.packet : ping(1))
  /** What the other client says. */
  const answers: readonly (() => Uint8Array)[] = [
    () => data(16, noise(below(3) * size())),
    () => disconnect(16),
    () => route(noise(32)),
    () => oob(noise(32), noise(size())),
  ]

  /** A packet with another id, size or byte. */
  const changed = (packet: Uint8Array): Uint8Array => {
    const bytes = Uint8Array.from(packet)
    const ways: readonly (() => Uint8Array)[] = [
      () => Uint8Array.of(below(256), ...bytes.subarray(1)),
      () => Uint8Array.of(below(16), ...bytes.subarray(1)),
      () => bytes.subarray(0, 1 + below(bytes.length)),
      () => Uint8Array.from([...bytes, ...noise(1 + below(40))]).subarray(0, 2030),
      () => noise(1 + below(200)),
      () => bytes.fill(0, 1),
      () => bytes.map((byte, at) => (at === below(bytes.length) ? byte ^ (1 << below(8)) : byte)),
    ]
    return anyOf(ways)()
  }

  const step = (): Step => {
    const given = anyOf(valid)()
    if (next() < 0.05) {
      const [name, frame] = anyOf(wrongFrames)
      return {name, frame}
    }
    if (next() < 0.04) {
      const [name, frame] = anyOf(movedFrames(noise(1 + below(40))))
      return {name, frame}
    }
    if (next() < 0.06) {
      const packets = Array.from({length: 2 + below(6)}, () => packetOf(anyOf(valid)()))
      return {name: 'packets at once', frame: seal => concatBytes(packets.map(seal))}
    }
    if (next() < 0.15) {
      const packet = anyOf(answers)()
      return {name: 'the other client sends', other: next() < 0.2 ? changed(packet) : packet}
    }
    if (next() < 0.01) return {name: 'the client connects again', again: true}
    if (next() < 0.03) return {name: 'the other client closes', leaves: true}
    if (!('packet' in given)) return given
    if (next() < 0.15) return {...given, name: `${given.name} in segments`, cuts: [1 + below(3), 3 + below(20)]}
    if (next() > 0.2) return given
    return {name: `changed ${given.name}`, packet: changed(given.packet)}
  }
  const isOnline = next() < 0.5
  return {seed, isOnline, steps: Array.from({length: 1 + below(mostSteps)}, step)}
}
