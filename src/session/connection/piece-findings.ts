import {type Finding, type FindingPlace, finding} from '../../expert/finding.js'
import {limits} from '../../protocol/limits.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf, type Window} from '../../wire/window.js'
import type {Opener} from './opening/opener.js'
import type {Opening} from './opening/opening.js'
import type {HandshakeFacts} from './opening/session-keys.js'

/** Offset of a frame's plaintext from the frame's first wire byte. */
export const frameShift = limits.frameLengthPrefix + limits.mac

// Findings of handshakes and frames as pieces of a stream, whatever is in them.

const prefix = limits.frameLengthPrefix
/** The place of a frame's length. */
export const atLength: FindingPlace = {range: [0, prefix], of: 'wire'}
const atMac: FindingPlace = {range: [prefix, prefix + limits.mac], of: 'wire'}

/** A frame of 1 to 16 bytes: no room for a MAC and one byte. */
export const tooShort = (length: number): Finding => finding('frame-too-short', {length}, atLength)

/** A piece that is wrong where a packet has a wrong checksum. */
export const damaged = (packet: number): Finding => finding('segment-damaged', {packet, instead: 0})

/** A handshake that no key opens. */
export function sealedHandshake(window: Window): Finding {
  const pk = fieldOf(window, 'pk') as Uint8Array | undefined
  return finding('handshake-sealed', {pk: pk ? toHex(pk) : 'in the client handshake'})
}

/** A frame that no key opens, and which key would. */
export function sealedFrame({client, relay}: Readonly<HandshakeFacts>): Finding {
  if (!client || !relay) return finding('frame-sealed', {want: 'a session key (key log)'})
  return finding('frame-sealed', {
    want: `a session key: the secret key of ${toHex(client.sessionPk)} or ${toHex(relay.sessionPk)}, or a key log`,
  })
}

/** A frame whose MAC does not match: the frame's fault only where the key is certain. */
export function failedFrame({index, first, tried}: Opening & {state: 'failed'}): Finding {
  if (!first) return finding('frame-mac-again', {})
  return first === 'certain' ? finding('frame-mac', {index, tried}, atMac) : finding('key-does-not-fit', {index, tried})
}

/** A frame that opens with another nonce than the expected one. */
export const otherNonce = (found: number, offset: number): Finding =>
  offset < 0
    ? finding('frame-repeated', {index: found - offset, found, back: -offset})
    : finding('frames-lost', {index: found - offset, found, lost: offset})

/** What else is to be said of a piece that stays sealed: whether the search for its key was cut off. */
export function searchFindings(opener: Opener): readonly Finding[] {
  const of = opener.takeCutOff()
  return of ? [finding('key-search-ended', {of})] : []
}
