import {noIp} from './no-ip.js'

/** PPP protocol numbers. https://www.iana.org/assignments/ppp-numbers */
const ipv4 = 0x21
const ipv6 = 0x57
/** Van Jacobson's header compression, compressed and encrypted datagrams, ROHC, multilink. */
const compressed: readonly number[] = [0x2d, 0x2f, 0x3d, 0x53, 0xfb, 0xfd, 0x03, 0x05]

/**
 * Where the IP packet starts in a PPP frame: after the address and control bytes ff 03 (negotiation may remove them)
 * and the protocol, of two bytes, or of one, which is odd. RFC 1661, RFC 1662.
 * @returns an offset, or one of `noIp`.
 */
export function afterPpp(bytes: Uint8Array, start: number, end: number): number {
  const at = end - start >= 2 && bytes[start] === 0xff && bytes[start + 1] === 0x03 ? start + 2 : start
  if (end - at < 2) return noIp.cutShort
  const isShort = (bytes[at]! & 1) === 1
  const protocol = isShort ? bytes[at]! : bytes[at]! * 256 + bytes[at + 1]!
  if (protocol === ipv4 || protocol === ipv6) return at + (isShort ? 1 : 2)
  return compressed.includes(protocol) ? noIp.compressedPpp : noIp.other
}
