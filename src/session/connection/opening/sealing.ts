import type {SealedBytes} from '../../../crypto/box.js'
import {offsetNonce} from '../../../crypto/nonce.js'
import type {Finding} from '../../../expert/finding.js'
import {limits} from '../../../protocol/limits.js'

/**
 * How far a key and its nonces can be relied on where a frame does not open: `certain`, from the connection's own
 * handshakes or from frames that opened, so the frame is at fault; `likely`, named for this connection by the user,
 * who may be wrong; `possible`, one of many.
 */
export type Trust = 'certain' | 'likely' | 'possible'

/** How one side seals its frames. */
export interface Sealing {
  /** 32 bytes, shared. */
  readonly key: Uint8Array
  /** Nonce of the side's first frame, 24 bytes. */
  readonly base: Uint8Array
  readonly trust: Trust
  /** Its nonces count up from the first byte instead of the last. */
  readonly isLittleEndian?: true
  /** Its MAC follows the body. */
  readonly hasMacBehind?: true
  /** The length before its frames counts itself. */
  readonly countsLength?: true
  /** What to say with the first frame that opens so: what is unusual about it. */
  readonly found?: Finding
}

/** The nonce of a side's frame. @param into 24 bytes. @returns into */
export function nonceOf({base, isLittleEndian}: Sealing, index: number, into: Uint8Array): Uint8Array {
  if (!isLittleEndian) return offsetNonce(base, index, into)
  into.set(base)
  return offsetNonce(into.reverse(), index, into).reverse()
}

/** The box in a frame as this side seals it. */
export function boxIn({hasMacBehind, countsLength}: Sealing, sealed: SealedBytes): SealedBytes {
  const {bytes, start} = sealed
  const end = countsLength ? sealed.end - limits.frameLengthPrefix : sealed.end
  if (!hasMacBehind) return countsLength ? {bytes, start, end} : sealed
  const turned = new Uint8Array(end - start)
  turned.set(bytes.subarray(end - limits.mac, end))
  turned.set(bytes.subarray(start, end - limits.mac), limits.mac)
  return {bytes: turned, start: 0, end: turned.length}
}
