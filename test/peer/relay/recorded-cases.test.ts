import {describe, expect, test} from 'vitest'
import {offsetNonce} from '../../../src/crypto/nonce.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {ClientEnd} from '../../../src/peer/client-end.js'
import type {RelayAction} from '../../../src/peer/relay/events.js'
import type {RelayModel} from '../../../src/peer/relay/models.js'
import {Relay} from '../../../src/peer/relay/relay.js'
import {concatBytes} from '../../../src/wire/bytes.js'
import {fromHex, toHex} from '../../../src/wire/hex/hex-bytes.js'
import {type BehaviourCase, type CaseSession, casesOf} from '../../session/cases.js'

const box = await loadSodium()
const handshakeBytes = 128
/** Frames whose nonces are tried around the expected one: cases repeat old nonces. */
const nearby = 4

const openWith = (sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined => {
  const plain = new Uint8Array(Math.max(0, sealed.length - 16))
  const length = box.open({bytes: sealed, start: 0, end: sealed.length}, nonce, key, {bytes: plain, at: 0})
  return length >= 0 ? plain : undefined
}

/** Plaintexts of all frames that the recorded relay sent in one connection, hex. */
function recordedReplies({s2c_hex, shared_key, relay_base_nonce}: CaseSession): string[] {
  if (!shared_key || !relay_base_nonce) return []
  const stream = fromHex(s2c_hex)
  const replies: string[] = []
  for (let at = 96, index = 0; at + 2 <= stream.length; index++) {
    const end = at + 2 + ((stream[at]! << 8) | stream[at + 1]!)
    const nonce = offsetNonce(fromHex(relay_base_nonce), index, new Uint8Array(24))
    const plain = openWith(stream.subarray(at + 2, end), nonce, fromHex(shared_key))
    replies.push(plain ? toHex(plain) : 'sealed')
    at = end
  }
  return replies
}

/** One recorded client, which says to another relay what it said to the recorded one. */
class RecordedClient {
  readonly heard: string[] = []
  isClosed = false
  readonly #recorded: CaseSession
  readonly #end: ClientEnd
  #held = new Uint8Array(0)
  #index = 0
  /** Bytes of the unfinished frame that were sent already. */
  #early = 0
  #hasMet = false
  #stream: Uint8Array = new Uint8Array(0)

  constructor(recorded: CaseSession, relayKey: Uint8Array) {
    this.#recorded = recorded
    const secret = fromHex(recorded.client_sk ?? '11'.repeat(32))
    const session = fromHex(recorded.client_session_sk ?? '22'.repeat(32))
    const sessionKeys = {publicKey: box.publicKey(session), secretKey: session}
    this.#end = new ClientEnd(box, box.publicKey(secret), sessionKeys, box.sharedKey(relayKey, secret))
    this.#end.hello(fromHex(recorded.client_base_nonce ?? '00'.repeat(24)), new Uint8Array(24))
  }

  /** What to send in place of recorded bytes: frames that opened are sealed with the key of the new session. */
  translated(bytes: Uint8Array): Uint8Array {
    this.#stream = concatBytes([this.#stream, bytes])
    this.#held = new Uint8Array(concatBytes([this.#held, bytes]))
    const out: Uint8Array[] = []
    if (!this.#hasMet) {
      const before = this.#stream.length - bytes.length
      this.#hasMet = this.#stream.length >= handshakeBytes
      const handshake = bytes.subarray(0, Math.max(0, handshakeBytes - before))
      this.#held = new Uint8Array(bytes.subarray(handshake.length))
      out.push(handshake)
    }
    return concatBytes([...out, ...this.#frames()])
  }

  *#frames(): IterableIterator<Uint8Array> {
    const held = this.#held
    let at = 0
    while (at + 2 <= held.length) {
      const end = at + 2 + ((held[at]! << 8) | held[at + 1]!)
      if (end > held.length) break
      yield this.#resealed(held.subarray(at, end)).subarray(this.#early)
      this.#early = 0
      at = end
    }
    this.#held = new Uint8Array(held.subarray(at))
    // The first byte of a length is the same in both sessions: it goes when the recorded client sent it.
    if (this.#held.length !== 1 || this.#early > 0) return
    this.#early = 1
    yield this.#held
  }

  /** Bytes of an unfinished frame, which a relay waits for or refuses. */
  rest(): Uint8Array {
    const rest = this.#held.subarray(this.#early)
    this.#held = new Uint8Array(0)
    return rest
  }

  #resealed(frame: Uint8Array): Uint8Array {
    const {shared_key, client_base_nonce} = this.#recorded
    const key = this.#end.sessionSharedKey
    if (!shared_key || !client_base_nonce || !key || frame.length < 18) return frame
    for (const distance of [0, -1, 1, -2, 2, -3, 3, -nearby, nearby]) {
      const nonce = offsetNonce(fromHex(client_base_nonce), this.#index + distance, new Uint8Array(24))
      const plain = openWith(frame.subarray(2), nonce, fromHex(shared_key))
      if (!plain) continue
      this.#index++
      return concatBytes([frame.subarray(0, 2), box.seal(plain, nonce, key)])
    }
    return frame
  }

  hear(bytes: Uint8Array): void {
    for (const event of this.#end.receive(bytes)) if (event.kind === 'frame') this.heard.push(toHex(event.plain))
  }
}

/** Inner packets with which the UDP node of a case answered, by the case's name; others are in the recorded replies. */
const udpAnswers: Readonly<Record<string, string>> = {
  onion_resp_88: '88'.padEnd(200, '0'),
  onion_resp_83_bad_kind: '83'.padEnd(200, '0'),
}

/** Play a case's connections against a relay, in the order in which they were recorded. */
function replay({name, sessions, primary}: BehaviourCase, model: RelayModel) {
  const secretKey = fromHex(primary.relay_sk)
  const pings = sessions.flatMap(session => recordedReplies(session).filter(reply => /^04.{16}$/.test(reply)))
  let drawn = 0
  const relay = new Relay({
    box,
    secretKey,
    random: bytes =>
      bytes === 8 && pings.length > 0 ? fromHex(pings.shift()!.slice(2)) : new Uint8Array(bytes).fill(++drawn),
    model,
    pingInterval: 29_000,
    pingTimeout: 10_000,
    handshakeTimeout: 10_000,
    maxUnconfirmed: 100,
    maxPerAddress: () => 100,
    provocations: new Set(),
  })
  const clients = sessions.map(session => new RecordedClient(session, box.publicKey(secretKey)))
  const answers = sessions.flatMap(recordedReplies).filter(reply => /^0[9b]/.test(reply))
  const act = (actions: readonly RelayAction[]): void => {
    for (const action of actions) {
      if (action.kind === 'send') clients[action.connection]!.hear(action.bytes)
      if (action.kind === 'close') clients[action.connection]!.isClosed = true
      if (action.kind !== 'udp') continue
      const inner = udpAnswers[name] ?? answers.shift()?.slice(2)
      if (inner === undefined) continue
      const {bytes} = action
      const head =
        bytes[0] === 0x81 ? [Uint8Array.of(0x8e), bytes.subarray(-59)] : [Uint8Array.of(0x92), bytes.subarray(1, 47)]
      act(relay.datagram(concatBytes([...head, fromHex(inner)])))
    }
  }
  const steps = sessions
    .flatMap(({timeline}, connection) => timeline.map(step => ({...step, connection})))
    .filter(({dir}) => dir !== 's2c')
    .sort((a, b) => a.t - b.t)
  const opened = new Set<number>()
  for (const [i, {t, connection, dir, hex}] of steps.entries()) {
    act(relay.tick(t))
    const client = clients[connection]!
    if (!opened.has(connection)) act(relay.open(connection, '127.0.0.1', t))
    opened.add(connection)
    if (client.isClosed) continue
    if (dir === 'close') {
      act(relay.closed(connection))
      continue
    }
    act(relay.receive(connection, client.translated(fromHex(hex!)), t))
    const isLast = !steps.slice(i + 1).some(step => step.connection === connection && step.dir === 'c2s')
    if (isLast && !client.isClosed) act(relay.receive(connection, client.rest(), t))
  }
  const at = sessions.indexOf(primary)
  return {outcome: clients[at]!.isClosed ? 'dropped' : 'kept', heard: clients.map(({heard}) => heard)}
}

const cases = casesOf('relay')

/** c-toxcore 0.2.18, which was recorded, does not pass this response on; 0.2.19 and later do. */
const newerAnswers: ReadonlySet<string> = new Set(['onion_resp_88'])

describe('each recorded case, against a relay like c-toxcore, has the recorded outcome and answers', () => {
  test.each(cases.map(each => [each.name, each] as const))('%s', (name, each) => {
    const {outcome, heard} = replay(each, 'c-toxcore')
    expect(outcome).toBe(each.outcomes.c_toxcore === 'stalled' ? 'kept' : each.outcomes.c_toxcore)
    if (!newerAnswers.has(name)) expect(heard).toEqual(each.sessions.map(recordedReplies))
  })
})

describe('each recorded case, against a relay like tox-rs, has the recorded outcome', () => {
  test.each(cases.filter(({outcomes}) => outcomes.tox_rs !== null).map(each => [each.name, each] as const))(
    '%s',
    (_, each) => {
      expect(replay(each, 'tox-rs').outcome).toBe(each.outcomes.tox_rs)
    },
  )
})
