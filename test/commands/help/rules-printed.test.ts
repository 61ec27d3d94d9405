import {expect, it} from 'vitest'
import {
  connect,
  cookieRequest,
  cookieRequestOf,
  cryptoData,
  data,
  disconnect,
  forward,
  onionAnswer,
  oobFrom,
  payloadOf,
  ping,
  pong,
  route,
  routed,
} from '../../../src/probe/cases/packets.js'
import {DialogueCapture} from '../../playbooks/dialogue-capture.js'
import {peerKey} from '../../playbooks/keys.js'
import {toxtcpHere} from '../program.js'

const peer = peerKey(1)

const start = () => new DialogueCapture().client(ping(1)).relay(pong(1))
const asked = () => start().client(route(peer)).relay(routed(16, peer))
const online = () => asked().relay(connect(16))
/** A relay of an unknown implementation, to a client that does not show its own. */
const unknownEnds = () => new DialogueCapture().client(route(peer)).relay(routed(16, peer), connect(16))
const groupData = (kind: number, size: number) => data(16, payloadOf(kind, size))
const newAnnounce = (size: number) => start().relay(onionAnswer(payloadOf(0x88, size)))
const fromPeer = (kind: number, size: number) => oobFrom(peer, payloadOf(kind, size))

function cutOff(): DialogueCapture {
  const dialogue = new DialogueCapture(false)
  return dialogue.wire('client', dialogue.hello('client')).wire('relay', dialogue.hello('relay').subarray(0, 60))
}

/** Each finding as the tree prints it, and what receivers do where one of them reacts. */
async function printed(dialogue: DialogueCapture): Promise<string> {
  const run = await toxtcpHere(['read', ...dialogue.written(), '-V', '--port', '33445'], {env: {COLUMNS: '300'}})
  expect([run.stderr, run.status]).toEqual(['', 0])
  const lines = run.stdout.split('\n').map(line => line.replace(/^[│ ├└─]*/, ''))
  return lines.filter(line => /^(error|warn|note) [a-z-]+: |^(c-toxcore|tox-rs) (client|relay) /.test(line)).join('\n')
}

const newAnnounceNote = `note onion-response-new-announce: 0x88 is unknown to tox-rs (byte 1)
c-toxcore client accepts; tox-rs client closes`
const groupNote = (type: string, end: string) => `note data-kind-group: ${type} is unknown to tox-rs (byte 1)
c-toxcore ${end} accepts; tox-rs ${end} closes`
const withoutRoute = (type: string) =>
  `warn oob-kind-without-route: ${type} out of band from a peer without a route (byte 33)
c-toxcore client discards it; tox-rs client accepts`

const cases: readonly (readonly [title: string, dialogue: () => DialogueCapture, lines: string])[] = [
  [
    'lossless group data of 81 bytes is discarded',
    () => online().relay(groupData(0x5b, 81)),
    `warn data-payload-length: GcLossless is 81 bytes, not 82 to 1477
c-toxcore client discards it; tox-rs client closes
${groupNote('GcLossless', 'client')}`,
  ],
  ['that of 82 bytes is taken', () => online().relay(groupData(0x5b, 82)), groupNote('GcLossless', 'client')],
  ['so is that of 1477 bytes', () => online().relay(groupData(0x5b, 1477)), groupNote('GcLossless', 'client')],
  [
    'that of 1478 bytes is discarded',
    () => online().relay(groupData(0x5b, 1478)),
    `warn data-payload-length: GcLossless is 1478 bytes, not 82 to 1477
c-toxcore client discards it; tox-rs client closes
${groupNote('GcLossless', 'client')}`,
  ],
  [
    'new announce responses of 81 bytes are discarded',
    () => newAnnounce(81),
    `warn onion-response-length: OnionNewAnnounceResponse is 81 bytes, not 82 to 703
c-toxcore client discards it; tox-rs client accepts
${newAnnounceNote}`,
  ],
  ['those of 82 bytes are taken', () => newAnnounce(82), newAnnounceNote],
  ['so are those of 703 bytes', () => newAnnounce(703), newAnnounceNote],
  [
    'those of 704 bytes are discarded',
    () => newAnnounce(704),
    `warn onion-response-length: OnionNewAnnounceResponse is 704 bytes, not 82 to 703
c-toxcore client discards it; tox-rs client accepts
${newAnnounceNote}`,
  ],
  [
    'another id for a key that has one is discarded',
    () => asked().client(route(peer)).relay(routed(17, peer)),
    `warn route-response-id-changed: this key already has id 16, the relay now gives 17
c-toxcore client discards it; tox-rs client closes`,
  ],
  [
    'onion responses over what fits into UDP are discarded',
    () => start().relay(onionAnswer(payloadOf(0x86, 1350))),
    `warn onion-response-length: OnionDataResponse is 1350 bytes, not 122 to 1069
c-toxcore client discards it; tox-rs client accepts
warn onion-response-too-long: 1350 bytes of payload, limit 1340
c-toxcore client discards it; tox-rs client accepts`,
  ],
  [
    'so are those over what any onion packet has',
    () => start().relay(onionAnswer(payloadOf(0x86, 1450))),
    `warn onion-response-length: OnionDataResponse is 1450 bytes, not 122 to 1069
c-toxcore client discards it; tox-rs client accepts
warn onion-response-oversize: 1450 bytes of payload, limit 1400
c-toxcore client discards it; tox-rs client closes`,
  ],
  [
    'a cookie request with another DHT key is discarded where its sender has no route',
    () => start().relay(oobFrom(peer, cookieRequest())),
    `warn oob-cookie-request-key: the DHT key in the cookie request is not the key of its sender
c-toxcore client discards it; tox-rs client accepts`,
  ],
  ['with a route the keys are not compared', () => online().relay(oobFrom(peer, cookieRequest())), ''],
  [
    'data on a free id goes to connection number 0',
    () => start().relay(data(16, cryptoData())),
    `note data-from-relay-on-free-id: connection id 16 is not in use
c-toxcore client accepts; tox-rs client closes`,
  ],
  [
    'data on its way when the client gave up the id is ordinary',
    () => {
      return online().client(disconnect(16)).relay(data(16, cryptoData()))
    },
    '',
  ],
  [
    'data without payload that is passed on closes the connection of a c-toxcore client',
    () => online().client(Uint8Array.of(16)),
    `warn data-empty-online: data on id 16 has no payload: passed on, it makes the peer's c-toxcore client drop its relay
c-toxcore relay closes the other connection; tox-rs relay closes`,
  ],
  [
    'a c-toxcore client closes on data without payload, whatever its id',
    () => online().relay(Uint8Array.of(16)),
    `error data-empty-from-relay: data on id 16 has no payload: the client drops its relay
c-toxcore client closes; tox-rs client closes`,
  ],
  [
    'the family of a forward request is looked at before its length',
    () => start().client(Uint8Array.of(10, 255)),
    `error forward-request-family: address family 255 is not 2 or 10
c-toxcore relay closes; tox-rs relay closes
warn forward-request-tox-rs: forward requests are unknown to tox-rs
c-toxcore relay accepts; tox-rs relay closes`,
  ],
  [
    'a forward request of a known family may still be too short',
    () => start().client(forward(10).subarray(0, 4)),
    `error forward-request-short: 4 bytes: the packet ends inside the address
c-toxcore relay closes; tox-rs relay closes
warn forward-request-tox-rs: forward requests are unknown to tox-rs
c-toxcore relay accepts; tox-rs relay closes`,
  ],
  [
    'a relay handshake that is cut off is not reported as sealed',
    () => cutOff().after(20).close('relay'),
    'note handshake-cut-off: the stream ends after 60 of 96 bytes of the handshake',
  ],
  [
    'a relay that speaks first is like tox-rs',
    () => new DialogueCapture().relay(ping(1)).client(route(peer)),
    `note relay-speaks-first: the relay sends a frame before the client's first one, as only tox-rs does
note first-not-ping: a c-toxcore client starts with a ping`,
  ],
  [
    'out of band without a route: cookie responses are discarded',
    () => start().relay(fromPeer(0x19, 161)),
    withoutRoute('CookieResponse'),
  ],
  ['so is crypto data', () => start().relay(fromPeer(0x1b, 120)), withoutRoute('CryptoData')],
  ['so is lossless group data', () => start().relay(fromPeer(0x5b, 120)), withoutRoute('GcLossless')],
  ['so is lossy group data', () => start().relay(fromPeer(0x5c, 120)), withoutRoute('GcLossy')],
  ['cookie requests are taken', () => start().relay(oobFrom(peer, cookieRequestOf(peer))), ''],
  ['so are crypto handshakes', () => start().relay(fromPeer(0x1a, 385)), ''],
  ['so are group handshakes', () => start().relay(fromPeer(0x5a, 180)), ''],
  ['out of band with a route crypto data is taken', () => online().relay(fromPeer(0x1b, 120)), ''],
  [
    'a tox-rs relay closes on group data, a c-toxcore one passes it on',
    () => unknownEnds().client(groupData(0x5c, 74)),
    `note first-not-ping: a c-toxcore client starts with a ping
${groupNote('GcLossy', 'relay')}`,
  ],
  [
    'only tox-rs takes a cookie request with a byte behind it',
    () => online().relay(data(16, payloadOf(0x18, 146))),
    `warn data-payload-length-minor: CookieRequest is 146 bytes, not 145
c-toxcore client discards it; tox-rs client accepts`,
  ],
]

it.each(cases)('%s', async (_, dialogue, lines) => {
  expect(await printed(dialogue())).toBe(lines)
})
