import {createHash} from 'node:crypto'
import {closeSync, openSync, writeFileSync, writeSync} from 'node:fs'
import {TcpWriter} from '../../../src/capture/write/tcp-writer.js'
import {enhancedPacket, interfaceDescription, sectionHeader} from '../../../src/capture/write/writer.js'
import type {KeyPair} from '../../../src/crypto/box.js'
import {keyLogLine} from '../../../src/crypto/keylog.js'
import {advance} from '../../../src/crypto/nonce.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {limits} from '../../../src/protocol/limits.js'
import {type TypeName, typeNamed} from '../../../src/protocol/table.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {encodePartial} from '../../../src/wire/write.js'
import {FrameList} from '../../capture/frame-list.js'

const typed = (name: TypeName): PacketType => typeNamed(name)!

/** Bytes of which the first four are a number. */
function numbered(number: number, fill: number, size = 32): Uint8Array {
  const bytes = new Uint8Array(size).fill(fill)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** The base nonce of one side of a session; the low 16 bits are spread, as those of random ones are. */
function baseNonceOf(number: number, side: number): Uint8Array {
  const bytes = numbered(number, 14 + side, 24)
  new DataView(bytes.buffer).setUint16(22, ((2 * number + side) * 40_503) & 0xffff)
  return bytes
}

interface PeerKeys {
  readonly peer: KeyPair
  readonly session: KeyPair
  readonly dht: Uint8Array
  readonly sessionKey: Uint8Array
}

/** Keys of the peers, by their number: the same in every capture, and what costs most in making one. */
const knownPeers = new Map<number, PeerKeys>()

function peerKeys(number: number, make: () => PeerKeys): PeerKeys {
  const keys = knownPeers.get(number) ?? make()
  knownPeers.set(number, keys)
  return keys
}

/** What one client's sessions carry. */
export interface SessionsSpec {
  readonly sessions: number
  /** Rounds in which each session has one message from either side. */
  readonly rounds: number
  /** Bytes of each message. */
  readonly textBytes: number
  /** What the key log has of the inner boxes: secret keys of the client, a line for each pair, or for each session. */
  readonly keys?: 'secret' | 'shared' | 'session'
}

/**
 * Writes a capture of one connection to a relay, whose client has a net_crypto session with each of many peers, and a
 * key log that opens all of it: cookie requests, handshakes, messages. They are in data packets, or out of band where
 * there are more peers than connection ids.
 */
export async function makeSessions(file: string, keylog: string, spec: SessionsSpec): Promise<void> {
  const {sessions, rounds, textBytes, keys = 'secret'} = spec
  const box = await loadSodium()
  const pair = (number: number, fill: number) => box.keyPair(numbered(number, fill))
  const [relay, client, real, peerReal] = [pair(0, 1), pair(0, 2), pair(0, 3), pair(0, 4)]
  const [clientSession, relaySession, ownSession] = [pair(0, 5), pair(0, 6), pair(0, 7)]
  const [clientNonce, relayNonce] = [numbered(0, 8, 24), numbered(0, 9, 24)]
  const bases = [numbered(0, 10, 24), numbered(0, 11, 24)] as const
  const nonces = [bases[0].slice(), bases[1].slice()] as const
  const key = box.sharedKey(relaySession.publicKey, clientSession.secretKey)
  const outer = box.sharedKey(relay.publicKey, client.secretKey)
  const realKey = box.sharedKey(peerReal.publicKey, real.secretKey)
  const out = openSync(file, 'w')
  const frames = new FrameList()
  const tcp = new TcpWriter(
    [
      {ip: '127.0.0.2', port: 40_000},
      {ip: '127.0.0.1', port: 33_445},
    ],
    frames,
  )
  let micros = 1_795_399_253_000_000
  let pending: Uint8Array[] = [sectionHeader({}), interfaceDescription({linkType: 1, resolution: 6})]
  const flush = (least: number) => {
    for (const bytes of frames.taken()) {
      micros += 10
      pending.push(enhancedPacket({time: {micros, nanos: 0}, bytes, resolution: 6}))
    }
    if (pending.length < least) return
    writeSync(out, Buffer.concat(pending))
    pending = []
  }
  const say = (side: 0 | 1, plain: Uint8Array) => {
    const sealed = box.seal(plain, nonces[side], key)
    advance(nonces[side])
    tcp.data(side, Buffer.concat([Uint8Array.of(sealed.length >> 8, sealed.length & 0xff), sealed]))
    flush(512)
  }
  tcp.open()
  const hello = (pk: Uint8Array, base: Uint8Array, nonce: Uint8Array) =>
    Buffer.concat([nonce, box.seal(Buffer.concat([pk, base]), nonce, outer)])
  tcp.data(0, Buffer.concat([client.publicKey, hello(clientSession.publicKey, bases[0], clientNonce)]))
  tcp.data(1, hello(relaySession.publicKey, bases[1], relayNonce))
  const nonce = numbered(1, 12, 24)
  const cookie = new Uint8Array(112).fill(13)
  const hash = createHash('sha512').update(cookie).digest()
  const isRouted = sessions <= limits.connectionIds
  const idOf = (number: number) => limits.firstConnectionId + number
  const outOfBand = (side: 0 | 1, peer: Uint8Array, data: Uint8Array) =>
    side === 0
      ? encodePartial(typed('oob_send'), {destination_pk: peer, data})
      : encodePartial(typed('oob_receive'), {sender_pk: peer, data})
  const through = (side: 0 | 1, number: number, peer: Uint8Array, data: Uint8Array) =>
    say(side, isRouted ? Uint8Array.of(idOf(number), ...data) : outOfBand(side, peer, data))
  const openRoute = (number: number, pk: Uint8Array) => {
    say(0, encodePartial(typed('route_request'), {pk}))
    say(1, encodePartial(typed('route_response'), {connection_id: idOf(number), pk}))
    say(1, encodePartial(typed('connect_notification'), {connection_id: idOf(number)}))
  }
  const request = (pk: Uint8Array, realPk: Uint8Array, dht: Uint8Array) =>
    encodePartial(typed('cookie_request'), {
      ...{pk, nonce},
      payload: box.seal(
        encodePartial(typed('cookie_request').plain!, {
          ...{real_pk: realPk, padding: new Uint8Array(32), echo_id: numbered(1, 1, 8)},
        }),
        nonce,
        dht,
      ),
    })
  const handshake = (number: number, side: number, sessionPk: Uint8Array) =>
    encodePartial(typed('crypto_handshake'), {
      ...{cookie, nonce},
      payload: box.seal(
        encodePartial(typed('crypto_handshake').plain!, {
          base_nonce: baseNonceOf(number, side),
          ...{session_pk: sessionPk, cookie_hash: hash, answer_cookie: cookie},
        }),
        nonce,
        realKey,
      ),
    })
  const peers = Array.from({length: sessions}, (_, number) => {
    const {peer, session, dht, sessionKey} = peerKeys(number, () => {
      const [made, madeSession] = [pair(number, 16), pair(number, 17)]
      return {
        peer: made,
        session: madeSession,
        dht: box.sharedKey(made.publicKey, client.secretKey),
        sessionKey: box.sharedKey(madeSession.publicKey, ownSession.secretKey),
      }
    })
    if (isRouted) openRoute(number, peer.publicKey)
    through(0, number, peer.publicKey, request(client.publicKey, real.publicKey, dht))
    through(1, number, peer.publicKey, request(peer.publicKey, peerReal.publicKey, dht))
    through(0, number, peer.publicKey, handshake(number, 0, ownSession.publicKey))
    through(1, number, peer.publicKey, handshake(number, 1, session.publicKey))
    return {
      pk: peer.publicKey,
      dht,
      sessionPk: session.publicKey,
      key: sessionKey,
    }
  })
  const plain = (round: number) =>
    encodePartial(typed('crypto_data').plain!, {
      ...{buffer_start: round, packet_number: round, padding: 0},
      data: encodePartial(typed('message'), {text: 'm'.repeat(textBytes)}),
    })
  // The latest session speaks first: where there are too many, those that are forgotten are the ones that spoke before.
  for (let round = 0; round < rounds; round++)
    for (const [number, {pk, key: sessionKey}] of [...peers.entries()].toReversed())
      for (const side of [0, 1] as const) {
        const own = baseNonceOf(number, side)
        for (let step = 0; step < round; step++) advance(own)
        through(
          side,
          number,
          pk,
          encodePartial(typed('crypto_data'), {
            nonce_last_bytes: (own[22]! << 8) | own[23]!,
            payload: box.seal(plain(round), own, sessionKey),
          }),
        )
      }
  tcp.fin(0)
  tcp.fin(1)
  flush(0)
  closeSync(out)
  const [clientBaseNonce, relayBaseNonce] = bases
  const pairLine = (publicKeyA: Uint8Array, publicKeyB: Uint8Array, sharedKey: Uint8Array) =>
    keyLogLine({kind: 'pair_key', publicKeyA, publicKeyB, sharedKey})
  const innerLines = {
    secret: () => [client, real, ownSession].map(each => keyLogLine({kind: 'secret_key', ...each})),
    shared: () => [
      pairLine(real.publicKey, peerReal.publicKey, realKey),
      ...peers.flatMap(peer => [
        pairLine(client.publicKey, peer.pk, peer.dht),
        pairLine(ownSession.publicKey, peer.sessionPk, peer.key),
      ]),
    ],
    // As a client alone logs them: of the handshakes, nothing opens.
    session: () =>
      peers.map(({sessionPk, key: sharedKey}, number) =>
        keyLogLine({
          ...{kind: 'crypto_session', publicKeyA: ownSession.publicKey, publicKeyB: sessionPk, sharedKey},
          ...{baseNonceA: baseNonceOf(number, 0), baseNonceB: baseNonceOf(number, 1)},
        }),
      ),
  }
  const lines = [
    keyLogLine({kind: 'tcp_session', clientNonce, relayNonce, sharedKey: key, clientBaseNonce, relayBaseNonce}),
    ...innerLines[keys](),
  ]
  writeFileSync(keylog, `${lines.join('\n')}\n`)
}
