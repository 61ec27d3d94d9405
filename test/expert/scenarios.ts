import {decode} from '../../src/actions/decode.js'
import type {KeyItem, PairKeyItem} from '../../src/crypto/key-item.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {SearchBudget} from '../../src/crypto/search-budget.js'
import {checkLonePacket} from '../../src/expert/check.js'
import {type Finding, messageOf} from '../../src/expert/finding.js'
import type {RuleCode} from '../../src/expert/rules.js'
import {
  connect,
  cookieRequest,
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
} from '../../src/probe/cases/packets.js'
import {reservedIds} from '../../src/protocol/packets/reserved.js'
import {packetWindow} from '../../src/protocol/table.js'
import {Session} from '../../src/session/session.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {noShift} from '../../src/wire/window.js'
import {keysOf, peerKey} from '../playbooks/keys.js'
import {type MistakeCode, mistakenEnds} from '../playbooks/mistakes.js'
import {clientHello, type Play, play} from '../playbooks/play.js'
import {asked, both, online as bothOnline, firstPk, secondPk} from '../playbooks/two-clients.js'
import {zeroPlay} from '../playbooks/zero-keys.js'
import {messageIn as messageInSession, sessionLine} from '../session/inner/one-session.js'
import {RecordedIo} from '../terminal/recorded-io.js'
import {innerScenarios} from './inner-scenarios.js'

/** A broken rule and the sentence about it. */
export interface Message {
  readonly code: string
  readonly message: string
}

const keys = keysOf(1)
const [peer, other] = [peerKey(1), peerKey(2)]
const messageIn = (found: Finding): Message => ({code: found.code, message: messageOf(found)})
const messagesIn = (dialogue: Play): Message[] =>
  dialogue.stop().records.flatMap(({findings}) => findings.map(messageIn))

const causesIn = (dialogue: Play): Message[] =>
  dialogue.stop().records.flatMap(({causes}) => causes.map(({finding}) => messageIn(finding)))

const start = (): Play => play(keys).client(ping(1)).relay(pong(1))
const client =
  (...packets: Uint8Array[]) =>
  (): Message[] =>
    messagesIn(packets.reduce((dialogue, packet) => dialogue.client(packet), start()))
const relay =
  (...packets: Uint8Array[]) =>
  (): Message[] =>
    messagesIn(packets.reduce((dialogue, packet) => dialogue.relay(packet), start()))
const registered = (): Play => start().client(route(peer)).relay(routed(16, peer))
const online = (): Play => registered().relay(connect(16))
const said = (dialogue: () => Play) => (): Message[] => messagesIn(dialogue())
const fresh = (): Play => play(keys, {greets: false})
const secrets = keys.session(0)
const unrelated: KeyItem = {
  kind: 'secret_key',
  publicKey: null,
  secretKey: keys.box.keyPair(new Uint8Array(32)).secretKey,
}
/** A key that is for boxes inside packets, and opens none. */
const pairKey: PairKeyItem = {kind: 'pair_key', publicKeyA: peer, publicKeyB: null, sharedKey: new Uint8Array(32)}
const sealedPlay = (): Play =>
  play(keys, {greets: false, know: [unrelated]})
    .clientHandshake(keys)
    .relayHandshake(keys)
    .client(ping(1))

/** Two frames of a client and a relay that both make a mistake. */
const mistaken = (code: MistakeCode) => (): Message[] => {
  const ends = mistakenEnds(keys, secrets, code)
  const dialogue = fresh().clientWire(ends.clientHandshake).relayWire(ends.relayHandshake)
  return messagesIn(dialogue.clientWire(ends.frame('client', 0, ping(1))).clientWire(ends.frame('client', 1, ping(2))))
}

/** A dialogue of which the user has a key log line alone. */
const logged = (sharedKey: Uint8Array, clientBaseNonce: Uint8Array, relayBaseNonce: Uint8Array): Play => {
  const {clientNonce, relayNonce} = secrets
  return play(keys, {
    greets: false,
    know: [{kind: 'tcp_session', clientNonce, relayNonce, sharedKey, clientBaseNonce, relayBaseNonce}],
  })
    .clientHandshake(keys)
    .relayHandshake(keys)
    .client(ping(1))
}
const sharedKey = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)

/** More keys than a run without a budget tries on the handshake of one connection. */
function searching(): Message[] {
  const found: Message[] = []
  const keyring = new Keyring(keys.box)
  for (let n = 1; n <= 100; n++)
    keyring.add({kind: 'secret_key', publicKey: null, secretKey: new Uint8Array(32).fill(n)}, 'a file')
  const session = new Session(keyring, ({findings}) => found.push(...findings.map(messageIn)), {
    budget: new SearchBudget(0),
  })
  session.open(0, {clientEnd: 0, ends: {client: null, relay: null}}, null)
  session.feed({connection: 0, end: 0, time: null, bytes: clientHello(keys, secrets)})
  session.end()
  return found
}

/** @param damaged which of both packets has a wrong checksum. */
function conflicting(damaged?: number): Message[] {
  const found: Message[] = []
  const dialogue = start()
  const session = new Session(dialogue.keyring, ({findings}) => found.push(...findings.map(messageIn)))
  session.open(0, {clientEnd: 0, ends: {client: null, relay: null}}, null)
  session.conflict({connection: 0, end: 0, time: null, position: 12, packet: 3, bytes: new Uint8Array(1), damaged})
  session.feed({connection: 0, end: 0, time: null, bytes: clientHello(keys, secrets)})
  session.end()
  return found
}

function resuming(): Message[] {
  const found: Message[] = []
  const dialogue = start()
  const session = new Session(dialogue.keyring, ({findings}) => found.push(...findings.map(messageIn)))
  session.open(0, {clientEnd: 0, ends: {client: null, relay: null}}, null)
  session.feed({connection: 0, end: 0, time: null, close: 'rst'})
  session.feed({connection: 0, end: 0, time: null, bytes: clientHello(keys, secrets), resumes: true})
  session.end()
  return found
}

async function decoded(hex: string): Promise<Message[]> {
  const recorded = new RecordedIo()
  const print = {
    tree: false,
    json: true,
    hex: false,
    bytes: false,
    ascii: false,

    fields: [],
    fieldOptions: [],
  } as const
  await decode(
    {hex: [hex], lines: false, print, keys: {key: [], keylog: [], secretKey: [], relayPk: [], env: {}}},
    recorded.io,
  )
  return recorded.stdout
    .trim()
    .split('\n')
    .flatMap(line => (JSON.parse(line) as {findings: Message[]}).findings)
}

function oversize(): Message[] {
  const bytes = packetOf(16, 2033)
  bytes[1] = 0x1b
  return checkLonePacket(packetWindow(bytes, 0, bytes.length, noShift)!, null).map(messageIn)
}

/** For each rule, something that breaks it; those of the proxy are for its own tests. */
export const scenarios: Readonly<Partial<Record<RuleCode, () => Message[] | Promise<Message[]>>>> = {
  'handshake-cut-off': said(() => fresh().clientWire(clientHello(keys, secrets).subarray(0, 60))),
  'client-handshake-box': said(() => {
    const know = [unrelated, {kind: 'secret_key', publicKey: null, secretKey: keys.client.secretKey}] as const
    return play(keys, {greets: false, know}).clientHandshake(keys).close('relay', 'fin')
  }),
  'client-handshake-refused': said(() =>
    play(keys, {greets: false, know: [unrelated]})
      .clientHandshake(keys)
      .close('relay', 'fin'),
  ),
  'relay-handshake-box': said(() => fresh().clientHandshake(keys).relayWire(packetOf(1, 96))),
  'handshake-sealed': said(sealedPlay),
  'low-order-key': () => messagesIn(zeroPlay('zero')),
  'zero-shared-key': () => messagesIn(zeroPlay('zero')),
  'hashed-zero-shared-key': () => messagesIn(zeroPlay('hashed')),
  'frame-with-client-handshake': said(() => fresh().clientHandshake(keys, Uint8Array.of(0))),
  'frame-with-relay-handshake': said(() => {
    const dialogue = fresh().clientHandshake(keys)
    return dialogue.relayHandshake(keys, dialogue.sealed('relay', ping(2)))
  }),
  'handshake-replayed': said(() =>
    play(keys).client(ping(1)).open(keysOf(2), {greets: false}).clientWire(clientHello(keys, secrets)),
  ),
  'client-key-again': said(() => start().open(keys)),
  'client-key-confirmed-again': said(() => start().open(keys).client(ping(2))),
  'relay-speaks-first': said(() => play(keys).relay(ping(1))),
  'relay-handshake-late': said(() => fresh().clientHandshake(keys).after(12).relayHandshake(keys)),
  'handshake-unanswered': said(() => fresh().clientHandshake(keys).after(10).close('client', 'fin')),
  'frame-empty': said(() => start().clientWire(Uint8Array.of(0, 0))),
  'frame-too-short': said(() => start().clientWire(Uint8Array.of(0, 3, 1, 2, 3))),
  'frame-too-long': said(() => start().clientWire(Uint8Array.of(8, 1))),
  'frame-mac': said(() => start().clientWire(Buffer.concat([Uint8Array.of(0, 30), packetOf(1, 30)]))),
  'frame-nonce-of-other-end': mistaken('frame-nonce-of-other-end'),
  'frame-nonce-little-endian': mistaken('frame-nonce-little-endian'),
  'frame-nonce-of-handshake': mistaken('frame-nonce-of-handshake'),
  'frame-mac-behind': mistaken('frame-mac-behind'),
  'frame-key-long-term': mistaken('frame-key-long-term'),
  'frame-length-counts-itself': mistaken('frame-length-counts-itself'),
  'handshake-fields-exchanged': mistaken('handshake-fields-exchanged'),
  'key-does-not-fit': said(() => logged(new Uint8Array(32), secrets.clientBase, secrets.relayBase)),
  'frame-or-key-wrong': () =>
    causesIn(logged(new Uint8Array(32), secrets.clientBase, secrets.relayBase).close('relay', 'fin')),
  'key-log-nonces-exchanged': said(() => logged(sharedKey, secrets.relayBase, secrets.clientBase)),
  'frame-repeated': said(() => start().again('client')),
  'frames-lost': said(() => start().lost('client', 3).client(ping(2))),
  'frame-mac-again': said(() => {
    const noise = Buffer.concat([Uint8Array.of(0, 30), packetOf(1, 30)])
    return start().clientWire(noise).clientWire(noise)
  }),
  'frame-sealed': said(sealedPlay),
  'key-search-ended': searching,
  'frame-cut-off': said(() => start().clientWire(Uint8Array.of(0, 100, 1, 2))),
  'packet-too-short': client(route(peer).subarray(0, 32)),
  'packet-too-long': client(Buffer.concat([route(peer), Uint8Array.of(0)])),
  'packet-oversize': oversize,
  'wrong-direction': relay(route(peer)),
  'reserved-id': client(packetOf(reservedIds.last, 20)),
  'route-own-key': client(route(keys.client.publicKey)),
  'route-table-full': said(() => {
    const dialogue = start()
    for (let i = 0; i < 240; i++) dialogue.client(route(peerKey(100 + i))).relay(routed(16 + i, peerKey(100 + i)))
    return dialogue.client(route(other)).relay(routed(0, other))
  }),
  'route-refused-without-reason': said(() => both().on(0).client(route(secondPk)).relay(routed(0, secondPk))),
  'route-own-key-given': said(() => both().on(0).client(route(firstPk)).relay(routed(16, firstPk))),
  'connect-missing': said(() => asked().after(2).relay(ping(8))),
  'disconnect-missing': said(() => bothOnline().client(disconnect(16)).after(2).on(1).relay(ping(8))),
  'relayed-changed': said(() =>
    bothOnline()
      .client(data(16, cryptoData(60)))
      .on(1)
      .relay(data(16, payloadOf(0x1c, 60))),
  ),
  'route-refused': said(() => start().client(route(peer)).relay(routed(0, peer))),
  'route-response-reserved-id': said(() => start().client(route(peer)).relay(routed(7, peer))),
  'route-response-unasked': relay(routed(16, peer)),
  'route-response-id-in-use': said(() => registered().client(route(other)).relay(routed(16, other))),
  'route-response-repeated': said(() => registered().client(route(peer)).relay(routed(16, peer))),
  'route-response-id-changed': said(() => registered().client(route(peer)).relay(routed(17, peer))),
  'route-response-out-of-order': said(() => start().client(route(peer)).client(route(other)).relay(routed(16, other))),
  'route-response-not-lowest': said(() => start().client(route(peer)).relay(routed(18, peer))),
  'route-unanswered': said(() => start().client(route(peer)).client(ping(2)).relay(pong(2))),
  'connection-id-reserved': relay(connect(3)),
  'connect-from-client': client(connect(16)),
  'connect-from-client-reserved': client(connect(3)),
  'connect-from-client-too-long': client(Buffer.concat([connect(16), Uint8Array.of(1)])),
  'connect-on-free-id': relay(connect(16)),
  'connect-on-online-id': said(() => online().relay(connect(16))),
  'disconnect-of-free-id': client(disconnect(16)),
  'disconnect-on-free-id': relay(disconnect(16)),
  'disconnect-on-offline-id': said(() => registered().relay(disconnect(16))),
  'data-on-free-id': client(data(16, cryptoData())),
  'data-on-offline-id': said(() => registered().client(data(16, cryptoData()))),
  'data-from-relay-on-free-id': relay(data(16, cryptoData())),
  'data-empty-from-relay': relay(Uint8Array.of(16)),
  'data-empty-online': said(() => online().client(Uint8Array.of(16))),
  'data-empty': () => checkLonePacket(packetWindow(Uint8Array.of(16), 0, 1, noShift)!, 'client').map(messageIn),
  'data-empty-offline': client(Uint8Array.of(16)),
  'data-empty-unseen': said(() => online().gap('relay', 40).client(Uint8Array.of(16))),
  'data-kind-unknown': said(() => online().client(data(16, payloadOf(0x77, 20)))),
  'data-kind-group': said(() => online().client(data(16, payloadOf(0x5b, 120)))),
  'data-payload-length': said(() => online().client(data(16, payloadOf(0x19, 160)))),
  'data-payload-length-minor': said(() => online().client(data(16, payloadOf(0x18, 146)))),
  'crypto-data-full': said(() => online().client(data(16, cryptoData(1400)))),
  'ping-zero': client(ping(0)),
  'pong-zero': client(pong(0)),
  'pong-mismatch': said(() => start().relay(ping(5)).client(pong(6))),
  'pong-unasked': client(pong(6)),
  'pong-repeated': said(() => start().relay(ping(5)).client(pong(5)).client(pong(5))),
  'ping-unanswered': said(() => start().relay(ping(5)).after(12).client(ping(2))),
  'first-not-ping': said(() => play(keys).client(route(peer))),
  'oob-empty': client(packetOf(6, 33)),
  'oob-too-long': client(oob(peer, payloadOf(0x18, 1025))),
  'oob-receive-empty': relay(packetOf(7, 33)),
  'oob-receive-too-long': relay(oobFrom(peer, cryptoData(1025))),
  'oob-kind-unknown': client(oob(peer, payloadOf(0x77, 20))),
  'oob-payload-length': client(oob(peer, payloadOf(0x18, 144))),
  'oob-cookie-request-key': relay(oobFrom(peer, cookieRequest())),
  'oob-kind-without-route': relay(oobFrom(peer, cryptoData())),
  'oob-to-self': client(oob(keys.client.publicKey, cookieRequest())),
  'oob-while-online': said(() => online().client(oob(peer, cryptoData()))),
  'onion-request-tiny': client(onion(159)),
  'onion-request-short': client(onion(177)),
  'onion-request-bare': client(onion(178)),
  'onion-request-long': client(onion(1361)),
  'onion-family-tcp': client(onion(355, 130)),
  'onion-family-unknown': client(onion(355, 3)),
  'onion-padding': client(onion(355, 2, 'ff'.repeat(12))),
  'onion-response-empty': relay(Uint8Array.of(9)),
  'onion-response-unknown': relay(onionAnswer(payloadOf(0x83, 100))),
  'onion-response-new-announce': relay(onionAnswer(payloadOf(0x88, 100))),
  'onion-response-cut-short': relay(onionAnswer(payloadOf(0x84, 20))),
  'onion-response-length': relay(onionAnswer(payloadOf(0x84, 70))),
  'onion-response-too-long': relay(onionAnswer(payloadOf(0x86, 1350))),
  'onion-response-oversize': relay(onionAnswer(payloadOf(0x86, 1450))),
  'forward-request-short': client(forward(0).subarray(0, 5)),
  'forward-request-family': client(forward(10, 130)),
  'forward-request-long': client(forward(1793)),
  'forward-request-tox-rs': client(forward(10)),
  'forwarding-empty': relay(Uint8Array.of(11)),
  'forwarding-tox-rs': relay(forwarded(Uint8Array.of(1, 2))),
  'bytes-missing': said(() => start().gap('client', 500)),
  resynchronised: said(() => {
    const dialogue = start().gap('client', 500)
    const frames = [4, 5, 6].map(id => dialogue.sealed('client', ping(id)))
    return dialogue.clientWire(Buffer.concat([Uint8Array.of(0, 1, 2), ...frames]))
  }),
  'begins-in-the-middle': said(() => play(keys, {begin: ['middle', 'middle']})),
  'not-aligned': said(() => start().gap('client', 500).clientWire(new Uint8Array(50))),
  'client-left': () => causesIn(start().close('client', 'fin')),
  'proxy-refused': said(() =>
    play(keys, {
      prelude: {proxy: 'socks5', destination: 'x:1', bytes: [0, 0], refusal: 'SOCKS5 reply 5, connection refused'},
    }),
  ),
  'guessed-by-sizes': said(() => play(keys, {isGuess: true})),
  'also-readable-as': () => decoded(Buffer.from(cookieRequest()).toString('hex')),
  'order-inferred': said(() => play(keys, {hasOrder: false})),
  'inner-sealed': said(() => {
    const dialogue = start()
    dialogue.keyring.add(pairKey, 'the scenario')
    return dialogue.client(oob(peer, cookieRequest()))
  }),
  'inner-failed': said(() => {
    const dialogue = start()
    dialogue.keyring.add(sessionLine, 'the scenario')
    const [whole, damaged] = [messageInSession(keys.box, 0), messageInSession(keys.box, 1, {isDamaged: true})]
    return dialogue.client(oob(peer, whole)).client(oob(peer, damaged))
  }),
  'call-stray-endless': said(() => {
    const dialogue = start()
    dialogue.keyring.add(sessionLine, 'the scenario')
    const stray = fromHex('4501010202010400')
    const strayOf = (side: 0 | 1, place: number) => messageInSession(keys.box, place, {side, data: stray})
    return [0, 1, 2].reduce(
      (sofar, place) => sofar.client(oob(peer, strayOf(0, place))).relay(oobFrom(peer, strayOf(1, place))),
      dialogue,
    )
  }),
  'handshake-cookie-hash': said(() => {
    const dialogue = start()
    dialogue.keyring.add(pairKey, 'the scenario')
    const nonce = new Uint8Array(24)
    const head = Uint8Array.from([0x1a, ...new Uint8Array(112), ...nonce])
    const sealed = keys.box.seal(new Uint8Array(232), nonce, pairKey.sharedKey)
    return dialogue.client(oob(peer, Uint8Array.from([...head, ...sealed])))
  }),
  'segment-damaged': () => conflicting(2),
  'bytes-conflict': () => conflicting(),
  'close-ignored': resuming,
  ...innerScenarios,
}
