import {limits} from '../../protocol/limits.js'
import {u16be} from '../../wire/integers.js'
import type {StreamStart} from '../connection/deframer.js'
import {chainFrames, frameChainFrom, isPlausibleLength} from '../frame-lengths.js'

const prefix = limits.frameLengthPrefix

/**
 * How a side's stream begins, by its first bytes: with its handshake, unless frames chain better from elsewhere.
 * @param bytes all, or the first several thousand, of the side.
 * @param firstSegment bytes of its first TCP segment, where known: a handshake is sent in one.
 */
export function detectStreamStart(bytes: Uint8Array, handshake: number, firstSegment?: number): StreamStart {
  const usual = {handshake}
  if (firstSegment === handshake) return usual
  const direct = frameChainFrom(bytes, 0)
  const behind = frameChainFrom(bytes, handshake)
  // A handshake would have been a segment of its own, or been followed by frames.
  if (firstSegment !== undefined && direct.isClean && direct.frames > 0 && !behind.isClean) return 'middle'
  if (bytes.length <= handshake || (behind.isClean && behind.frames > 0)) return usual
  if (direct.frames >= chainFrames && direct.frames > behind.frames) return 'middle'
  if (behind.frames > 0) return usual
  return offsetOfFrames(bytes) === undefined ? usual : 'middle'
}

/** Where in a side's first bytes, which begin anywhere, a whole frame begins; undefined if none is to be found. */
export function firstFrameOffset(bytes: Uint8Array): number | undefined {
  const direct = frameChainFrom(bytes, 0)
  return direct.isClean && direct.frames > 0 ? 0 : offsetOfFrames(bytes)
}

function offsetOfFrames(bytes: Uint8Array): number | undefined {
  for (let offset = 1; offset < limits.frame && offset < bytes.length; offset++) {
    const chain = frameChainFrom(bytes, offset)
    if (chain.isClean && chain.frames > chainFrames) return offset
  }
  return undefined
}

/**
 * Lengths that only one side's sealed frames have: RouteRequest and the OnionRequest that announces; RouteResponse and
 * the answers to it, with up to 4 nodes.
 */
const clientLengths = new Set([49, 371])
const relayLengths = new Set([50, ...nodeCounts().map(([v4, v6]) => 99 + 39 * v4 + 51 * v6)])

function nodeCounts(): (readonly [v4: number, v6: number])[] {
  return [0, 1, 2, 3, 4].flatMap(v4 => [0, 1, 2, 3, 4].filter(v6 => v4 + v6 <= 4).map(v6 => [v4, v6] as const))
}

/**
 * Above 0 if the frames' lengths are more like a relay's, below if more like a client's. Data has such lengths by
 * chance, the same on both sides.
 */
function relayLikeness(bytes: Uint8Array): number {
  let score = 0
  for (let at = firstFrameOffset(bytes) ?? 0; at + prefix <= bytes.length; ) {
    const length = u16be(bytes, at)
    if (!isPlausibleLength(length)) break
    if (clientLengths.has(length)) score--
    if (relayLengths.has(length)) score++
    at += prefix + length
  }
  return score
}

/** How well two streams fit as those of a client and of a relay; higher is better. */
function fitness(client: Uint8Array, relay: Uint8Array): number {
  let score = 0
  for (const [bytes, handshake] of [
    [client, limits.clientHandshake],
    [relay, limits.relayHandshake],
  ] as const) {
    if (bytes.length === handshake) score += 4
    else if (bytes.length > handshake) {
      const chain = frameChainFrom(bytes, handshake)
      score += Math.min(chain.frames, chainFrames) + (chain.isClean ? 1 : 0)
    }
  }
  if (score > 2) return score
  const likeness = relayLikeness(relay) - relayLikeness(client)
  return score + (likeness > 0 ? 2 : 0)
}

/** Which of two streams is the client's. @param usual which, if they do not tell. */
export function clientOf(first: Uint8Array, second: Uint8Array, usual: 0 | 1 = 0): 0 | 1 {
  const difference = fitness(first, second) - fitness(second, first)
  return difference === 0 ? usual : difference > 0 ? 0 : 1
}
