import {latin1Text} from '../wire/bytes.js'
import {bannerCharacters} from './limits.js'

/** Services by how they begin to speak, or answer what they do not understand. */
const banners: readonly (readonly [pattern: RegExp, service: string])[] = [
  [/^HTTP\/\d|^<!DOCTYPE html|^<html/i, 'HTTP'],
  [/^SSH-/, 'SSH'],
  [/^[\x15\x16]\x03[\x00-\x04]/, 'TLS'],
  [/^220[ -].*(?:SMTP|mail)/i, 'SMTP'],
  [/^220[ -].*FTP/i, 'FTP'],
  [/^\* (?:OK|BYE|PREAUTH)/, 'IMAP'],
  [/^\+OK/, 'POP3'],
  [/^-ERR/, 'Redis or POP3'],
  [/^RFB \d{3}\.\d{3}\n/, 'VNC'],
  [/^@RSYNCD:/, 'rsync'],
  [/^RTSP\//, 'RTSP'],
  [/^.\x00\x00\x00\x0a[\x20-\x7e]+\x00/, 'MySQL'],
]

/** What a service that is not a Tox relay has said. */
export interface Service {
  /** The protocol; undefined if it is not known. */
  readonly protocol: string | undefined
  /** Its first bytes: the first line of a text, or hex. */
  readonly banner: string
}

/** Which service speaks like this. @param bytes the first ones, at least one. */
export function serviceOf(bytes: Uint8Array): Service {
  const text = latin1Text(bytes)
  const protocol = banners.find(([pattern]) => pattern.test(text))?.[1]
  const [line = ''] = text.split(/[\r\n]/, 1)
  const isText = /^[\x09\x20-\x7e]+$/.test(line)
  const banner = isText ? line.slice(0, bannerCharacters) : Buffer.from(bytes.subarray(0, 16)).toString('hex')
  return {protocol, banner}
}

/** A request that each HTTP server answers. */
export const httpRequest = new TextEncoder().encode('GET / HTTP/1.0\r\n\r\n')

/**
 * The first message of TLS 1.2 (RFC 5246, ClientHello), with two widespread cipher suites: a TLS server answers it,
 * with its own hello or with an alert.
 */
export const tlsRequest = Uint8Array.from([
  ...[0x16, 3, 1, 0, 49],
  ...[1, 0, 0, 45, 3, 3],
  ...new Uint8Array(32).fill(0x54),
  ...[0, 0, 4, 0xc0, 0x2f, 0x00, 0x2f, 1, 0, 0, 0],
])
