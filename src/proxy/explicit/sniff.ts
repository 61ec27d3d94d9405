/**
 * Protocol of a client's first bytes. `tox`: not a proxy request, so a handshake or noise, without a destination.
 */
export type FirstBytes = 'socks5' | 'http' | 'tox'

const socksVersion = 5
/** Up to two empty lines before an HTTP request, which a server skips (RFC 9112 section 2.2). */
export const emptyLines = /^[\r\n]{0,4}/
const httpMethods = ['CONNECT ', 'GET ', 'POST ', 'HEAD ', 'PUT ', 'DELETE ', 'OPTIONS ', 'PATCH ', 'TRACE ']

/**
 * Distinguish a SOCKS5 greeting, an HTTP request and a Tox handshake. A handshake begins with a random key, so one in
 * 256 begins with the 5 of SOCKS5; but a greeting lists each method once, and is followed by nothing or by a request
 * (5, 1, 0, an address type). A random handshake has this form with a probability under 2^-24.
 * @returns undefined while more bytes are needed.
 */
export const sniff = (bytes: Uint8Array): FirstBytes | undefined => {
  if (bytes.length === 0) return undefined
  if (bytes[0] === socksVersion) return sniffSocks(bytes)
  const text = Buffer.from(bytes.subarray(0, 16)).toString('latin1').replace(emptyLines, '')
  if (httpMethods.some(method => text.startsWith(method))) return 'http'
  return httpMethods.some(method => method.startsWith(text)) ? undefined : 'tox'
}

const sniffSocks = (bytes: Uint8Array): FirstBytes | undefined => {
  const count = bytes[1]
  if (count === undefined) return undefined
  const methods = bytes.subarray(2, 2 + count)
  if (count === 0 || new Set(methods).size < methods.length) return 'tox'
  if (methods.length < count) return undefined
  const [version, command, reserved, type] = bytes.subarray(2 + count)
  const request = (version ?? 5) === 5 && (command ?? 1) <= 3 && (reserved ?? 0) === 0 && (type ?? 1) <= 4
  return request ? 'socks5' : 'tox'
}
