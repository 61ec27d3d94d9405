import {latin1Text} from '../../wire/bytes.js'
import {u16be} from '../../wire/integers.js'

/** A protocol that is recognised by the first bytes of either side. */
interface OtherProtocol {
  readonly name: string
  /** @param bytes first bytes of one side, from its start or from the start of a segment. */
  matches(bytes: Uint8Array): boolean
}

/**
 * The protocol, other than Tox, that one side's first bytes belong to. A handshake and a sealed frame look random:
 * each pattern fits random bytes at most once in two million times.
 * @param bytes from the side's start, or from the start of a segment.
 * @returns its name; undefined if none is recognised.
 */
export const otherProtocol = (bytes: Uint8Array): string | undefined =>
  protocols.find(protocol => protocol.matches(bytes))?.name

/**
 * Ports of servers whose messages begin with their length as Tox frames do, or which are often seen and are not Tox:
 * there the lengths of frames prove nothing. The ports that Tox relays are known to use as well (80, 443, 3389) are
 * not among them.
 */
export const otherPorts: ReadonlySet<number> = new Set([
  21, 22, 23, 25, 53, 88, 110, 111, 119, 135, 139, 143, 179, 389, 445, 465, 514, 587, 636, 853, 989, 990, 993, 995,
  1194, 1433, 1521, 1723, 1883, 2049, 2181, 2222, 3306, 3478, 3868, 5060, 5061, 5222, 5269, 5349, 5432, 5672, 5900,
  6379, 6667, 6697, 6881, 8333, 8883, 9042, 9092, 9418, 11211, 12865, 25565, 27017,
])

/** Whether bytes at an offset are these. */
const has = (bytes: Uint8Array, offset: number, ...values: readonly number[]): boolean =>
  bytes.length >= offset + values.length && values.every((value, i) => bytes[offset + i] === value)

const startsWith = (bytes: Uint8Array, ...texts: readonly string[]): boolean =>
  texts.some(text => isAtStart(bytes, text))

function isAtStart(bytes: Uint8Array, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[at] !== text.charCodeAt(at)) return false
  return true
}

const longestText = 24

const u32be = (bytes: Uint8Array, at: number): number => u16be(bytes, at) * 65_536 + u16be(bytes, at + 2)
const u32le = (bytes: Uint8Array, at: number): number =>
  bytes[at]! + bytes[at + 1]! * 256 + bytes[at + 2]! * 65_536 + bytes[at + 3]! * 16_777_216

/** RFC 8446 section 5.1: type, version 3.0 to 3.4, length of at most 2^14 and 256 bytes. */
const tlsHeader = 5
function isTlsHeader(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at]!
  return type >= 20 && type <= 24 && bytes[at + 1] === 3 && bytes[at + 2]! <= 4 && lengthOfTls(bytes, at) <= 16_640
}
const lengthOfTls = (bytes: Uint8Array, at: number): number => u16be(bytes, at + 3)

/** A TLS record, and another one after it if there are bytes for it. */
function isTls(bytes: Uint8Array): boolean {
  if (bytes.length < tlsHeader || !isTlsHeader(bytes, 0) || lengthOfTls(bytes, 0) === 0) return false
  const next = tlsHeader + lengthOfTls(bytes, 0)
  return bytes.length < next + tlsHeader || isTlsHeader(bytes, next)
}

/** A DNS message after its length: one question at most, few answers (RFC 1035 section 4). */
function isDns(bytes: Uint8Array): boolean {
  if (bytes.length < 14 || u16be(bytes, 0) < 17) return false
  const isQuery = bytes[4]! < 0x80
  const questions = u16be(bytes, 6)
  const [answers, authorities, extra] = [u16be(bytes, 8), u16be(bytes, 10), u16be(bytes, 12)]
  if (questions !== 1 || authorities > 32 || extra > 64) return false
  // A query has neither a response code nor an answer.
  return isQuery ? answers === 0 && (bytes[5]! & 0x0f) === 0 : answers < 256
}

const protocols: readonly OtherProtocol[] = [
  {name: 'TLS', matches: isTls},
  {name: 'SSH', matches: bytes => startsWith(bytes, 'SSH-')},
  {
    name: 'HTTP',
    matches: bytes =>
      startsWith(
        bytes,
        'GET ',
        'POST ',
        'HEAD ',
        'PUT /',
        'DELETE ',
        'OPTIONS ',
        'PATCH ',
        'TRACE ',
        'HTTP/',
        'PRI * ',
      ) ||
      // A server's SETTINGS frame of HTTP/2.
      (has(bytes, 3, 4, 0, 0, 0, 0, 0) && bytes[0] === 0),
  },
  {
    name: 'SMTP, FTP, POP3 or IMAP',
    matches: bytes =>
      startsWith(bytes, '220 ', '220-', '+OK', '* OK', 'EHLO ', 'HELO ', '250 ', '250-', '* PREAUTH') ||
      startsWith(bytes, 'USER ', 'CAPA\r\n', 'AUTH '),
  },
  {
    name: 'RDP',
    // TPKT (RFC 1006): version 3, the length, then an X.224 connection request, confirmation or data unit; after it
    // the next one, or TLS.
    matches: bytes => {
      if (!has(bytes, 0, 3, 0) || ![0xe0, 0xd0, 0xf0, 0x80].includes(bytes[5]!)) return false
      const next = u16be(bytes, 2)
      if (next < 7 || bytes[4]! > next - 5) return false
      return bytes.length < next + tlsHeader || has(bytes, next, 3, 0) || isTlsHeader(bytes, next)
    },
  },
  {
    name: 'SMB',
    matches: bytes =>
      (bytes[0] === 0 && [0xff, 0xfe, 0xfd, 0xfc].some(first => has(bytes, 4, first, 0x53, 0x4d, 0x42))) ||
      has(bytes, 0, 0x81, 0, 0, 0x44),
  },
  {
    name: 'MySQL',
    // A greeting: 3 bytes of length, number 0, version 10 and the server's version as text.
    matches: bytes =>
      has(bytes, 3, 0, 10) && bytes[2] === 0 && /^\d+\.\d/.test(latin1Text(bytes.subarray(5, 5 + longestText))),
  },
  {
    name: 'PostgreSQL',
    matches: bytes =>
      has(bytes, 0, 0, 0) &&
      (has(bytes, 4, 0, 3, 0, 0) || has(bytes, 4, 4, 210, 22, 47) || has(bytes, 4, 4, 210, 22, 48)),
  },
  {
    name: 'DNS',
    matches: isDns,
  },
  {
    name: 'BitTorrent',
    matches: bytes => bytes[0] === 19 && startsWith(bytes.subarray(1), 'BitTorrent protocol'),
  },
  {
    name: 'VNC, AMQP, XMPP, rsync, SIP, RTSP or IRC',
    matches: bytes =>
      startsWith(bytes, 'RFB 0', 'AMQP', '<?xml', '<stream', '@RSYNCD:', 'SIP/2.0', 'RTSP/', 'INVITE ', 'REGISTER ') ||
      startsWith(bytes, 'NICK ', 'NOTICE ', 'DESCRIBE ', 'NBDMAGIC', 'JOIN ', 'PRIVMSG ', ':irc.'),
  },
  {
    name: 'Redis',
    matches: bytes => startsWith(bytes, '*', '$') && /^.\d+\r\n/.test(latin1Text(bytes.subarray(0, longestText))),
  },
  {
    name: 'MQTT',
    matches: bytes => [2, 3, 4, 5].some(at => has(bytes, at, 0, 4, 0x4d, 0x51, 0x54, 0x54)) && bytes[0] === 0x10,
  },
  {
    name: 'OpenVPN',
    // A reset, which opens the control channel, without authentication: its length, the operation, 13 bytes more.
    matches: bytes => has(bytes, 0, 0, 14) && [0x08, 0x10, 0x38, 0x40, 0x50].includes(bytes[2]!),
  },
  {
    name: 'STUN',
    matches: bytes => has(bytes, 4, 0x21, 0x12, 0xa4, 0x42) || has(bytes, 6, 0x21, 0x12, 0xa4, 0x42),
  },
  {
    name: 'MongoDB',
    matches: bytes =>
      bytes.length >= 16 &&
      u32le(bytes, 0) >= 16 &&
      u32le(bytes, 0) < 48_000_000 &&
      [1, 2004, 2012, 2013].includes(u32le(bytes, 12)),
  },
  {
    name: 'BGP',
    matches: bytes => has(bytes, 0, ...Array<number>(16).fill(0xff)),
  },
  {
    name: 'Bitcoin',
    matches: bytes => has(bytes, 0, 0xf9, 0xbe, 0xb4, 0xd9),
  },
  {
    name: 'Telnet',
    matches: bytes => [0, 3].every(at => bytes[at] === 0xff && bytes[at + 1]! >= 0xfb && bytes[at + 1]! <= 0xfe),
  },
  {
    name: 'Kerberos or LDAP',
    // A DER application tag, after a 4-byte length or none.
    matches: bytes =>
      bytes.length >= 16 &&
      ((u32be(bytes, 0) < 65_536 && u32be(bytes, 0) > 16 && [0x6a, 0x6b, 0x6c, 0x6d, 0x7e].includes(bytes[4]!)) ||
        (bytes[0] === 0x30 && has(bytes, 2, 2, 1) && [0x60, 0x61].includes(bytes[5]!))),
  },
]
