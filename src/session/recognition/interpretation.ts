import {limits} from '../../protocol/limits.js'
import {packetWindow, typeNamed, typeOf, types, typesOfConstant} from '../../protocol/table.js'
import {faults} from '../../wire/layout-faults.js'
import {isIpv4Family} from '../../wire/sizes.js'
import {noShift, Window} from '../../wire/window.js'
import {frameChainFrom} from '../frame-lengths.js'

/** How bytes without a context are read. `type`: a whole packet, payload, address or handshake of that type. */
export type Interpretation =
  | {readonly kind: 'frames'}
  /** handshakes: their type names in order, frames after them. */
  | {readonly kind: 'stream'; readonly handshakes: readonly ('client_handshake' | 'relay_handshake')[]}
  | {readonly kind: 'type'; readonly name: string}

/** A reading, and what else the bytes could be, as `--as` names it. */
export interface Candidates {
  readonly reading: Interpretation
  /** Name of the reading that was taken. */
  readonly name: string
  /** Words for `--as` that fit as well. */
  readonly others: readonly string[]
}

const payloadLengths: ReadonlyMap<number, number> = new Map([
  [0x18, limits.cookieRequest],
  [0x19, limits.cookieResponse],
  [0x1a, limits.cryptoHandshake],
])

const ofType = (name: string, others: readonly string[] = []): Candidates => ({
  reading: {kind: 'type', name},
  name,
  others,
})

/** Words that `--as` takes besides the names of types. */
export const readingWords = ['packet', 'payload', 'frames', 'ip_port', 'node'] as const

/** Every word that `--as` takes, but for the constants of c-toxcore. */
export const interpretationNames: readonly string[] = [...new Set([...readingWords, ...types.map(type => type.name)])]

/** Name of the packet type that a word names, also by the constant that c-toxcore has for this type alone. */
function typeNameOf(word: string): string | undefined {
  const [type, ...others] = typesOfConstant(word)
  return type && others.length === 0 ? type.name : typeNamed(word) && word
}

/** Whether `--as` takes a word. */
export const isReadingName = (word: string): boolean =>
  interpretationNames.includes(word) || typeNameOf(word) !== undefined

/** @returns undefined for a word that means nothing, or nothing here. */
export function readingAs(word: string, bytes: Uint8Array): Candidates | undefined {
  const id = bytes[0] ?? 0
  if (word === 'frames') return {reading: {kind: 'frames'}, name: word, others: []}
  if (word === 'packet') return ofType(typeOf('packet', id)!.name)
  if (word === 'payload') {
    const type = typeOf('payload', id) ?? typeOf('onion_response', id)
    return type && ofType(type.name)
  }
  if (word === 'ip_port' && bytes.length === limits.ipPort && isIpv4Family(id)) return ofType('padded_ip_port')
  const name = typeNameOf(word)
  return name === undefined ? undefined : ofType(name)
}

/**
 * Guess what bytes are: a payload of an exact length, a handshake, frames, else a packet, as no bytes at all are.
 * A lone payload and a data packet look alike (0x18 is a connection id too), so the other reading is always named.
 */
export function guessReading(bytes: Uint8Array): Candidates {
  const [id] = bytes
  if (id === undefined) return readingAs('packet', bytes)!
  const {length} = bytes
  const packet = typeOf('packet', id)!
  const window = packetWindow(bytes, 0, length, noShift)!
  const isWellFormed = faults(window).length === 0
  const payload = typeOf('payload', id) ?? typeOf('onion_response', id)
  if (payloadLengths.get(id) === length) return ofType(payload!.name, ['packet'])
  const chain = frameChainFrom(bytes, 0)
  const areFrames = chain.isClean && chain.frames > 0 && endsWhole(bytes, 0)
  const isFixed = packet.minLength === packet.maxLength
  if (areFrames && !(isWellFormed && isFixed))
    return {reading: {kind: 'frames'}, name: 'frames', others: isWellFormed ? ['packet'] : []}
  const handshakes = handshakesOf(bytes)
  const isKnownData = packet.name === 'data' && typeOf('payload', bytes[1] ?? -1) !== undefined
  const isLikelyPacket = isWellFormed && (packet.name !== 'data' || isKnownData)
  if (handshakes && !isLikelyPacket) {
    const name = handshakes.join(' and ')
    if (length === limits.clientHandshake || length === limits.relayHandshake)
      return ofType(handshakes[0]!, isWellFormed ? ['packet'] : [])
    return {reading: {kind: 'stream', handshakes}, name, others: isWellFormed ? ['packet'] : []}
  }
  const others: string[] = []
  if (packet.name === 'data' && payload && faults(new Window(payload, bytes, 0, length, noShift)).length === 0)
    others.push('payload')
  if (handshakes) others.push(handshakes[0]!)
  if (areFrames) others.push('frames')
  return ofType(packet.name, others)
}

/** Whether bytes are one packet without a fault, of a type that tells it from any other bytes: not data. */
export function isWholePacket(bytes: Uint8Array): boolean {
  const window = packetWindow(bytes, 0, bytes.length, noShift)
  if (window === undefined || faults(window).length > 0) return false
  const {name} = window.type
  return name !== 'data' && !/^(?:reserved|unknown)/.test(name)
}

/** True if the chain of frames from an offset ends where the bytes end. */
function endsWhole(bytes: Uint8Array, offset: number): boolean {
  let at = offset
  while (at + limits.frameLengthPrefix <= bytes.length)
    at += limits.frameLengthPrefix + ((bytes[at]! << 8) | bytes[at + 1]!)
  return at === bytes.length
}

/** The handshakes that bytes may begin with: alone, or followed by frames that chain. */
function handshakesOf(bytes: Uint8Array): readonly ('client_handshake' | 'relay_handshake')[] | undefined {
  const client = limits.clientHandshake
  const relay = limits.relayHandshake
  for (const [size, names] of [
    [client, ['client_handshake']],
    [relay, ['relay_handshake']],
    [client + relay, ['client_handshake', 'relay_handshake']],
  ] as const) {
    if (bytes.length === size) return names
    if (bytes.length > size && endsWhole(bytes, size) && frameChainFrom(bytes, size).isClean) return names
  }
  return undefined
}
