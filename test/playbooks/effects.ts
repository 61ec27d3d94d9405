import {reservedIds} from '../../src/protocol/packets/reserved.js'
import {keysOf, peerKey} from './keys.js'
import {
  connect,
  cryptoData,
  data,
  disconnect,
  forward,
  forwarded,
  onion,
  onionAnswer,
  oob,
  oobFrom,
  packetOf,
  payloadOf,
  ping,
  pong,
  route,
  routed,
} from './packets.js'
import type {Play} from './play.js'

const [peer, other] = [peerKey(1), peerKey(2)]
export const keys = keysOf(1)
const nobody = peerKey(99)

/** What was said before, that both sides go on from. */
export const before = {
  free: (p: Play) => p,
  registered: (p: Play) => p.client(route(peer)).relay(routed(16, peer)),
  online: (p: Play) => p.client(route(peer)).relay(routed(16, peer)).relay(connect(16)),
  relayPinged: (p: Play) => p.relay(ping(7)),
  relayPingAnswered: (p: Play) => p.relay(ping(7)).client(pong(7)),
  asked: (p: Play) => p.client(route(peer)),
} as const

export type Outcome = 'kept' | 'dropped'
/** Name, what came before, the packets, and whether c-toxcore and tox-rs keep the connection of who sends them. */
export type Row = readonly [
  name: string,
  before: keyof typeof before,
  packets: readonly Uint8Array[],
  cToxcore: Outcome,
  toxRs: Outcome,
]

const ids = (first: number, last: number): number[] => Array.from({length: last - first + 1}, (_, i) => first + i)
const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all)
const padded = (packet: Uint8Array, more: number): Uint8Array => Buffer.concat([packet, new Uint8Array(more)])
const cut = (packet: Uint8Array, length: number): Uint8Array => packet.subarray(0, length)
const {data: offline} = {data: data(16, cryptoData())}
const kept = 'kept'
const dropped = 'dropped'

/** PROTOCOL.md sections 1 to 5 and table 2.1, what a relay does with packets of a client. */
export const fromClient: readonly Row[] = [
  ...Array.from(
    {length: 16},
    (_, id): Row => [`id${id.toString(16).padStart(2, '0')} alone`, 'free', [bytes(id)], dropped, dropped],
  ),
  ...ids(reservedIds.first, reservedIds.last).map(
    (id): Row => [`reserved id ${id}`, 'free', [packetOf(id, 33)], dropped, dropped],
  ),
  ['route request', 'free', [route(peer)], kept, kept],
  ['route request, 32 bytes', 'free', [cut(route(peer), 32)], dropped, dropped],
  ['route request, 34 bytes', 'free', [padded(route(peer), 1)], dropped, kept],
  ['route request, 2032 bytes', 'free', [padded(route(peer), 1999)], dropped, kept],
  ['route request for the own key', 'free', [route(keys.client.publicKey)], kept, kept],
  ['route request for the relay', 'free', [route(keys.relay.publicKey)], kept, kept],
  ['route request twice', 'free', [route(peer), route(peer)], kept, kept],
  ['route request for a zero key', 'free', [route(new Uint8Array(32))], kept, kept],
  ['route response', 'free', [routed(16, peer)], dropped, dropped],
  ['route response with id 0', 'free', [routed(0, peer)], dropped, dropped],
  ...[0, 16, 17, 255].map((id): Row => [`connect notification ${id}`, 'free', [connect(id)], kept, kept]),
  ...[1, 5, 15].map((id): Row => [`connect notification ${id}`, 'free', [connect(id)], kept, dropped]),
  ['connect notification, registered', 'registered', [connect(16)], kept, kept],
  ['connect notification, online', 'online', [connect(16)], kept, kept],
  ['connect notification, 3 bytes', 'free', [padded(connect(16), 1)], dropped, kept],
  ['connect notification 5, 3 bytes', 'free', [padded(connect(5), 1)], dropped, dropped],
  ...[0, 1, 5, 15].map((id): Row => [`disconnect notification ${id}`, 'free', [disconnect(id)], dropped, dropped]),
  ...[16, 17, 255].map((id): Row => [`disconnect notification ${id}, free`, 'free', [disconnect(id)], dropped, kept]),
  ['disconnect notification, registered', 'registered', [disconnect(16)], kept, kept],
  ['disconnect notification, online', 'online', [disconnect(16)], kept, kept],
  ['disconnect notification twice', 'online', [disconnect(16), disconnect(16)], dropped, kept],
  ['disconnect notification of another id', 'registered', [disconnect(17)], dropped, kept],
  ['disconnect notification, 3 bytes', 'registered', [padded(disconnect(16), 1)], dropped, kept],
  ['disconnect notification 15, 3 bytes', 'free', [padded(disconnect(15), 1)], dropped, dropped],
  ['ping', 'free', [ping(5)], kept, kept],
  ['ping of all ones', 'free', [bytes(4, 255, 255, 255, 255, 255, 255, 255, 255)], kept, kept],
  ['ping 0', 'free', [ping(0)], kept, dropped],
  ['ping, 8 bytes', 'free', [cut(ping(5), 8)], dropped, dropped],
  ['ping, 10 bytes', 'free', [padded(ping(5), 1)], dropped, kept],
  ['ping 0, 10 bytes', 'free', [padded(ping(0), 1)], dropped, dropped],
  ['pong unasked', 'free', [pong(5)], kept, dropped],
  ['pong 0 unasked', 'free', [pong(0)], dropped, dropped],
  ['pong', 'relayPinged', [pong(7)], kept, kept],
  ['pong 0', 'relayPinged', [pong(0)], dropped, dropped],
  ['pong with another id', 'relayPinged', [pong(8)], kept, dropped],
  ['pong with another id, then the right one', 'relayPinged', [pong(8), pong(7)], kept, dropped],
  ['pong twice', 'relayPinged', [pong(7), pong(7)], kept, kept],
  ['pong with another id, later', 'relayPingAnswered', [pong(8)], kept, dropped],
  ['pong, 8 bytes', 'relayPinged', [cut(pong(7), 8)], dropped, dropped],
  ['pong, 10 bytes', 'relayPinged', [padded(pong(7), 1)], dropped, kept],
  ['pong 0, 10 bytes', 'relayPinged', [padded(pong(0), 1)], dropped, dropped],
  ['oob without key', 'free', [packetOf(6, 32)], dropped, dropped],
  ['oob without data', 'free', [packetOf(6, 33)], dropped, dropped],
  ...[1, 2, 1023, 1024].map(
    (size): Row => [`oob of ${size}`, 'free', [oob(nobody, payloadOf(0x18, size))], kept, kept],
  ),
  ...[1025, 1999].map(
    (size): Row => [`oob of ${size}`, 'free', [oob(nobody, payloadOf(0x18, size))], dropped, dropped],
  ),
  ['oob of an unknown kind', 'free', [oob(nobody, payloadOf(0x77, 20))], kept, kept],
  ['oob to the own key', 'free', [oob(keys.client.publicKey, cryptoData())], kept, kept],
  ['oob to a peer that is online', 'online', [oob(peer, cryptoData())], kept, kept],
  ['oob receive', 'free', [oobFrom(peer, cryptoData())], dropped, dropped],
  ...[2, 50, 100, 158, 159].map(
    (length): Row => [`onion request, ${length} bytes`, 'free', [onion(length)], dropped, dropped],
  ),
  ...[160, 170, 177].map((length): Row => [`onion request, ${length} bytes`, 'free', [onion(length)], kept, dropped]),
  ...[178, 179, 355, 1359, 1360].map(
    (length): Row => [`onion request, ${length} bytes`, 'free', [onion(length)], kept, kept],
  ),
  ...[1361, 1400, 2032].map(
    (length): Row => [`onion request, ${length} bytes`, 'free', [onion(length)], kept, dropped],
  ),
  ...[2, 10, 130, 138].map(
    (family): Row => [`onion request, family ${family}`, 'free', [onion(355, family)], kept, kept],
  ),
  ...[0, 1, 3, 9, 11, 127, 128, 255].map(
    (family): Row => [`onion request, family ${family}`, 'free', [onion(355, family)], kept, dropped],
  ),
  ['onion request, 100 bytes, family 0', 'free', [onion(100, 0)], dropped, dropped],
  ['onion request, 170 bytes, family 138', 'free', [onion(170, 138)], kept, dropped],
  ['onion request, 1400 bytes, family 130', 'free', [onion(1400, 130)], kept, dropped],
  ['onion request, padding not zero', 'free', [onion(355, 2, 'ff'.repeat(12))], kept, kept],
  ['onion response', 'free', [onionAnswer(payloadOf(0x84, 100))], dropped, dropped],
  ...[0, 1, 10, 1792].map((size): Row => [`forward request of ${size}`, 'free', [forward(size)], kept, dropped]),
  ...[0, 1, 10, 1792].map(
    (size): Row => [`forward request of ${size}, IPv6`, 'free', [forward(size, 10)], kept, dropped],
  ),
  ['forward request of 1793', 'free', [forward(1793)], dropped, dropped],
  ['forward request of 1793, IPv6', 'free', [forward(1793, 10)], dropped, dropped],
  ...[0, 3, 130, 138, 255].map(
    (family): Row => [`forward request, family ${family}`, 'free', [forward(30, family)], dropped, dropped],
  ),
  ...[2, 5, 7].map(
    (length): Row => [`forward request, ${length} bytes`, 'free', [cut(forward(0), length)], dropped, dropped],
  ),
  ['forward request, 19 bytes, IPv6', 'free', [cut(forward(0, 10), 19)], dropped, dropped],
  ['forwarding', 'free', [forwarded(bytes(1))], dropped, dropped],
  ['data on a free id', 'free', [offline], dropped, kept],
  ['data on the last id', 'free', [data(255, cryptoData())], dropped, kept],
  ['data of 1 byte on a free id', 'free', [bytes(16)], dropped, dropped],
  ['data of an unknown kind on a free id', 'free', [data(16, payloadOf(0x20, 9))], dropped, dropped],
  ['data on a registered id', 'registered', [offline], kept, kept],
  ['data on an id whose answer is on its way', 'asked', [offline], kept, kept],
  ['data of 1 byte on a registered id', 'registered', [bytes(16)], kept, dropped],
  ['data on another id', 'registered', [data(17, cryptoData())], dropped, kept],
  ['data behind a disconnect notification', 'online', [disconnect(16), offline], dropped, kept],
  ['data', 'online', [offline], kept, kept],
  ['data of 1 byte', 'online', [bytes(16)], kept, dropped],
  ['data of 2032 bytes', 'online', [data(16, cryptoData(2031))], kept, dropped],
  ...[0x00, 0x17, 0x1c, 0x20, 0x59, 0x5d, 0xff].map(
    (kind): Row => [`data of kind ${kind}`, 'online', [data(16, payloadOf(kind, 200))], kept, dropped],
  ),
  ...[0x5a, 0x5b, 0x5c].map(
    (kind): Row => [`data of kind ${kind}`, 'online', [data(16, payloadOf(kind, 200))], kept, dropped],
  ),
  ...[
    [0x18, 144, dropped],
    [0x18, 145, kept],
    [0x18, 146, kept],
    [0x18, 1, dropped],
    [0x19, 160, dropped],
    [0x19, 161, kept],
    [0x19, 162, dropped],
    [0x1a, 384, dropped],
    [0x1a, 385, kept],
    [0x1a, 386, dropped],
    [0x1b, 1, dropped],
    [0x1b, 2, dropped],
    [0x1b, 3, kept],
    [0x1b, 19, kept],
    [0x1b, 27, kept],
    [0x1b, 28, kept],
    [0x1b, 1399, kept],
    [0x1b, 1400, kept],
    [0x1b, 1401, dropped],
  ].map(
    ([kind, length, toxRs]): Row => [
      `data of kind ${kind}, ${length} bytes`,
      'online',
      [data(16, payloadOf(kind as number, length as number))],
      kept,
      toxRs as Outcome,
    ],
  ),
]

/** The same for what a client does with packets of a relay. */
export const fromRelay: readonly Row[] = [
  ...Array.from(
    {length: 16},
    (_, id): Row => [`id${id.toString(16).padStart(2, '0')} alone`, 'free', [bytes(id)], dropped, dropped],
  ),
  ...[0, 6, 8, 10, 12, 13, 14, 15].map((id): Row => [`id ${id}`, 'free', [packetOf(id, 200)], dropped, dropped]),
  ['route request', 'free', [route(peer)], dropped, dropped],
  ['route response', 'asked', [routed(16, peer)], kept, kept],
  ['route response, unasked', 'free', [routed(16, peer)], kept, dropped],
  ...[0, 1, 15].map((id): Row => [`route response ${id}, unasked`, 'free', [routed(id, peer)], kept, dropped]),
  ...[0, 1, 15].map((id): Row => [`route response ${id}`, 'asked', [routed(id, peer)], kept, dropped]),
  ['route response for another key', 'asked', [routed(16, other)], kept, dropped],
  ['route response, 33 bytes', 'asked', [cut(routed(16, peer), 33)], dropped, dropped],
  ['route response, 35 bytes', 'asked', [padded(routed(16, peer), 1)], dropped, kept],
  ['route response 0, 35 bytes', 'asked', [padded(routed(0, peer), 1)], dropped, dropped],
  ['route response twice', 'asked', [routed(16, peer), routed(16, peer)], kept, dropped],
  ['route response with another id', 'asked', [routed(16, peer), routed(17, peer)], kept, dropped],
  ['route response for an id in use', 'registered', [routed(16, other)], kept, dropped],
  ...[0, 1, 15].map((id): Row => [`connect notification ${id}`, 'free', [connect(id)], dropped, dropped]),
  ['connect notification, free', 'free', [connect(16)], kept, dropped],
  ['connect notification, registered', 'registered', [connect(16)], kept, kept],
  ['connect notification, online', 'online', [connect(16)], kept, kept],
  ['connect notification, 3 bytes', 'registered', [padded(connect(16), 1)], dropped, kept],
  ...[0, 1, 15].map((id): Row => [`disconnect notification ${id}`, 'free', [disconnect(id)], dropped, dropped]),
  ['disconnect notification, free', 'free', [disconnect(16)], kept, dropped],
  ['disconnect notification, registered', 'registered', [disconnect(16)], kept, kept],
  ['disconnect notification, online', 'online', [disconnect(16)], kept, kept],
  ['disconnect notification, 3 bytes', 'online', [padded(disconnect(16), 1)], dropped, kept],
  ['ping', 'free', [ping(5)], kept, kept],
  ['ping 0', 'free', [ping(0)], kept, kept],
  ['ping, 8 bytes', 'free', [cut(ping(5), 8)], dropped, dropped],
  ['ping, 10 bytes', 'free', [padded(ping(5), 1)], dropped, kept],
  ['pong unasked', 'free', [pong(5)], kept, kept],
  ['pong 0', 'free', [pong(0)], dropped, kept],
  ['pong, 8 bytes', 'free', [cut(pong(5), 8)], dropped, dropped],
  ['pong, 10 bytes', 'free', [padded(pong(5), 1)], dropped, kept],
  ['pong 0, 10 bytes', 'free', [padded(pong(0), 1)], dropped, kept],
  ['oob send', 'free', [oob(peer, cryptoData())], dropped, dropped],
  ['oob without key', 'free', [packetOf(7, 32)], dropped, dropped],
  ['oob without data', 'free', [packetOf(7, 33)], dropped, kept],
  ...[1, 100, 1024, 1025, 1999].map(
    (size): Row => [`oob of ${size}`, 'free', [oobFrom(peer, payloadOf(0x1b, size))], kept, kept],
  ),
  ...[0x00, 0x18, 0x19, 0x1a, 0x1b, 0x20, 0x5a, 0x5b, 0x5c, 0x99].map(
    (kind): Row => [`oob of kind ${kind}`, 'free', [oobFrom(peer, payloadOf(kind, 100))], kept, kept],
  ),
  ['onion request', 'free', [onion(355)], dropped, dropped],
  ...[2, 33, 34, 49, 82, 83, 626, 627, 1340, 1341, 1400].map(
    (length): Row => [
      `onion response 84, ${length} bytes`,
      'free',
      [onionAnswer(payloadOf(0x84, length))],
      kept,
      length < 33 ? dropped : kept,
    ],
  ),
  ...[2, 56, 57, 58, 121, 122, 1069, 1070, 1400].map(
    (length): Row => [
      `onion response 86, ${length} bytes`,
      'free',
      [onionAnswer(payloadOf(0x86, length))],
      kept,
      length < 57 ? dropped : kept,
    ],
  ),
  ...[0x84, 0x86].map(
    (kind): Row => [`onion response ${kind}, 1401 bytes`, 'free', [onionAnswer(payloadOf(kind, 1401))], kept, dropped],
  ),
  ['onion response 84 of 1 byte', 'free', [onionAnswer(bytes(0x84))], kept, dropped],
  ['onion response 88', 'free', [onionAnswer(payloadOf(0x88, 100))], kept, dropped],
  ...[0x00, 0x83, 0x85, 0x87, 0xff].map(
    (kind): Row => [`onion response ${kind}`, 'free', [onionAnswer(payloadOf(kind, 100))], kept, dropped],
  ),
  ...[1, 10, 1800, 2031].map(
    (size): Row => [`forwarding of ${size}`, 'free', [forwarded(payloadOf(0x92, size))], kept, dropped],
  ),
  ['forward request', 'free', [forward(10)], dropped, dropped],
  ['data of 1 byte, free', 'free', [bytes(16)], dropped, dropped],
  ['data of 1 byte, registered', 'registered', [bytes(16)], dropped, dropped],
  ['data of 1 byte, online', 'online', [bytes(16)], dropped, dropped],
  ['data, free', 'free', [offline], kept, dropped],
  ['data, last id', 'free', [data(255, cryptoData())], kept, dropped],
  ['data, registered', 'registered', [offline], kept, kept],
  ['data, online', 'online', [offline], kept, kept],
  ['data, 2032 bytes', 'online', [data(16, cryptoData(2031))], kept, dropped],
  ...[0x00, 0x20, 0x5a, 0x5b, 0x5c, 0xff].map(
    (kind): Row => [`data of kind ${kind}`, 'online', [data(16, payloadOf(kind, 200))], kept, dropped],
  ),
  ['data, 1400 bytes of crypto data', 'online', [data(16, cryptoData(1400))], kept, kept],
]
