import {concatBytes} from '../../../src/wire/bytes.js'
import type {End} from '../../../src/wire/chunk.js'

/** What an end of a connection says at once; end 0 is the one that connects. */
export interface Message {
  readonly end: End
  readonly bytes: Uint8Array
}

/** Makes random numbers and bytes of a generator of numbers 0..1. */
export class Dice {
  constructor(readonly next: () => number) {}

  /** A whole number, `least` to `most`. */
  number(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  bytes(count: number): Uint8Array {
    // Not Uint8Array.from(), which takes ten times as long: these are most of what the tests of recognition do.
    const bytes = new Uint8Array(count)
    for (let i = 0; i < count; i++) bytes[i] = this.number(0, 255)
    return bytes
  }

  word(count = this.number(3, 12)): string {
    return String.fromCharCode(...Array.from({length: count}, () => this.number(97, 122)))
  }
}

const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values)
const u16 = (value: number): Uint8Array => u8(value >> 8, value & 255)
const u32 = (value: number): Uint8Array => concatBytes([u16(value >>> 16), u16(value & 0xffff)])
const reversed = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse()
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1')
const client = (...parts: Uint8Array[]): Message => ({end: 0, bytes: concatBytes(parts)})
const server = (...parts: Uint8Array[]): Message => ({end: 1, bytes: concatBytes(parts)})
const times = (count: number, make: (i: number) => Message[]): Message[] =>
  Array.from({length: count}, (_, i) => make(i)).flat()

const tlsRecord = (type: number, body: Uint8Array): Uint8Array => concatBytes([u8(type, 3, 3), u16(body.length), body])
const hello = (type: number, body: Uint8Array): Uint8Array =>
  tlsRecord(22, concatBytes([u8(type, 0), u16(body.length), u8(3, 3), body.subarray(2)]))

function tls(dice: Dice): Message[] {
  return [
    // A hello of exactly a client handshake's size among them.
    client(hello(1, dice.bytes(dice.number(0, 2) === 0 ? 119 : dice.number(120, 600)))),
    server(
      hello(2, dice.bytes(dice.number(0, 2) === 0 ? 87 : 122)),
      u8(20, 3, 3, 0, 1, 1),
      tlsRecord(23, dice.bytes(dice.number(30, 3000))),
    ),
    ...times(dice.number(2, 20), () => [
      client(tlsRecord(23, dice.bytes(dice.number(20, 900)))),
      server(tlsRecord(23, dice.bytes(dice.number(20, 9000)))),
    ]),
  ]
}

const dnsMessage = (dice: Dice, isAnswer: boolean): Uint8Array => {
  const name = dice.word()
  const question = concatBytes([
    u8(name.length),
    text(name),
    u8(7),
    text('example'),
    u8(3),
    text('com'),
    u8(0, 0, 1, 0, 1),
  ])
  const answer = isAnswer ? concatBytes([u8(0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4), dice.bytes(4)]) : u8()
  const counts = isAnswer ? u8(0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0) : u8(1, 0, 0, 1, 0, 0, 0, 0, 0, 0)
  const message = concatBytes([dice.bytes(2), counts, question, answer])
  return concatBytes([u16(message.length), message])
}

const smb = (dice: Dice, size: number): Uint8Array =>
  concatBytes([u16(0), u16(size + 4), u8(0xfe), text('SMB'), dice.bytes(size)])
const tpkt = (body: Uint8Array): Uint8Array => concatBytes([u8(3, 0), u16(4 + body.length), body])
const mysql = (number: number, body: Uint8Array): Uint8Array =>
  concatBytes([reversed(u16(body.length)), u8(0, number), body])
const openvpn = (operation: number, body: Uint8Array): Uint8Array =>
  concatBytes([u16(1 + body.length), u8(operation), body])

/** Conversations of protocols that are not Tox, by name. */
export const otherConversations: Readonly<Record<string, (dice: Dice) => Message[]>> = {
  TLS: tls,
  SSH: dice => [
    client(text('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n')),
    server(text('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n')),
    ...times(8, () => [
      client(u32(dice.number(12, 900)), dice.bytes(600)),
      server(u32(dice.number(12, 900)), dice.bytes(600)),
    ]),
  ],
  HTTP: dice =>
    times(dice.number(1, 6), () => [
      client(text(`GET /${dice.word()} HTTP/1.1\r\nHost: ${dice.word()}.example\r\n\r\n`)),
      server(text('HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n'), dice.bytes(3000)),
    ]),
  'HTTP/2': dice => [
    client(text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), u8(0, 0, 6, 4, 0, 0, 0, 0, 0), dice.bytes(6)),
    server(u8(0, 0, 6, 4, 0, 0, 0, 0, 0), dice.bytes(6)),
    ...times(4, i => [
      client(u8(0, 0, 40, 1, 4, 0, 0, 0, i), dice.bytes(40)),
      server(u8(0, 8, 0, 0, 0, 0, 0, 0, i), dice.bytes(2048)),
    ]),
  ],
  SMTP: dice => [
    server(text('220 mail.example ESMTP\r\n')),
    client(text('EHLO x.example\r\n')),
    server(text('250-mail.example\r\n250 SIZE 1000000\r\n')),
    client(text(`MAIL FROM:<${dice.word()}@x.example>\r\n`)),
    server(text('250 2.1.0 Ok\r\n')),
  ],
  MySQL: dice => [
    server(mysql(0, concatBytes([u8(10), text('8.0.35\0'), dice.bytes(60)]))),
    client(mysql(1, dice.bytes(80))),
    server(mysql(2, u8(0, 0, 0, 2, 0, 0, 0))),
    ...times(6, () => [
      client(mysql(0, text(`\x03SELECT ${dice.word()} FROM ${dice.word()}`))),
      server(mysql(1, u8(1)), mysql(2, text(`def${dice.word()}`)), mysql(3, text(dice.word()))),
    ]),
  ],
  PostgreSQL: dice => [
    client(u32(8), u8(4, 210, 22, 47)),
    server(text('N')),
    client(u32(41), u8(0, 3, 0, 0), text('user\0someone\0database\0things\0\0')),
    server(text('R'), u32(12), u32(5), dice.bytes(4)),
    ...times(6, () => [
      client(text('Q'), u32(20), text(`SELECT ${dice.word(8)}\0`)),
      server(text('T'), u32(30), dice.bytes(26), text('D'), u32(20), text(dice.word(16))),
    ]),
  ],
  BitTorrent: dice => [
    client(u8(19), text('BitTorrent protocol'), new Uint8Array(8), dice.bytes(40)),
    server(u8(19), text('BitTorrent protocol'), new Uint8Array(8), dice.bytes(40)),
    ...times(8, () => [
      client(u32(13), u8(6), u32(dice.number(0, 99)), u32(0), u32(16_384)),
      server(u32(1009), u8(7), dice.bytes(1008)),
    ]),
  ],
  'DNS over TCP': dice =>
    times(dice.number(4, 12), () => [client(dnsMessage(dice, false)), server(dnsMessage(dice, true))]),
  SMB: dice => times(8, () => [client(smb(dice, dice.number(60, 300))), server(smb(dice, dice.number(60, 300)))]),
  RDP: dice => [
    client(
      tpkt(concatBytes([u8(38, 0xe0, 0, 0, 0, 0, 0), text('Cookie: mstshash=me\r\n'), u8(1, 0, 8, 0, 11, 0, 0, 0)])),
    ),
    server(tpkt(u8(14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 31, 8, 0, 2, 0, 0, 0))),
    ...tls(dice),
  ],
  'RDP without TLS': dice => [
    client(tpkt(concatBytes([u8(6, 0xe0, 0, 0, 0, 0, 0)]))),
    server(tpkt(u8(6, 0xd0, 0, 0, 0x12, 0x34, 0))),
    ...times(8, () => [
      client(tpkt(concatBytes([u8(2, 0xf0, 0x80), dice.bytes(400)]))),
      server(tpkt(concatBytes([u8(2, 0xf0, 0x80), dice.bytes(338)]))),
    ]),
  ],
  OpenVPN: dice => [
    client(openvpn(0x38, dice.bytes(13))),
    server(openvpn(0x40, dice.bytes(25))),
    ...times(8, () => [
      client(openvpn(0x48, dice.bytes(dice.number(60, 1300)))),
      server(openvpn(0x48, dice.bytes(dice.number(60, 1300)))),
    ]),
  ],
  Redis: dice =>
    times(8, () => {
      const key = dice.word()
      return [
        client(text(`*2\r\n$3\r\nGET\r\n$${key.length}\r\n${key}\r\n`)),
        server(text(`$5\r\n${dice.word(5)}\r\n`)),
      ]
    }),
  'a test of throughput': () =>
    times(4, () => [server(text('netperf\0'.repeat(60))), client(text('netperf\0'.repeat(60)))]),
  'random bytes': dice =>
    times(dice.number(2, 20), () => [
      client(dice.bytes(dice.number(1, 900))),
      server(dice.bytes(dice.number(1, 1460))),
    ]),
}

/** Tox from its opening: both handshakes, then frames in segments of their own. */
export const toxConversation = (dice: Dice): Message[] => [
  client(dice.bytes(128)),
  server(dice.bytes(96)),
  ...times(dice.number(3, 12), () => [
    client(frame(dice, dice.number(25, 300))),
    server(frame(dice, dice.number(25, 300))),
  ]),
]

/** Frames of bytes that look sealed. */
export const frame = (dice: Dice, size: number): Uint8Array => concatBytes([u16(size), dice.bytes(size)])
