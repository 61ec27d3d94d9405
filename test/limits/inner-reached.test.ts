import {describe, expect, test} from 'vitest'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {
  awaitedPackets,
  handshakesPerPeer,
  missedRounds,
  nonceStep,
  numberGaps,
  recentSessions,
  rememberedKeys,
  rememberedPeers,
  sealedRequests,
  sessionsPerPair,
  triedPublicKeys,
} from '../../src/session/inner/limits.js'
import {CryptoSessions} from '../../src/session/inner/opening/crypto-sessions.js'
import {InnerBudget} from '../../src/session/inner/opening/key-candidates.js'
import {PeerFacts} from '../../src/session/inner/opening/peer-facts.js'
import {LosslessPackets} from '../../src/session/inner/tracking/lossless-packets.js'
import {MissingNumbers} from '../../src/session/inner/tracking/missing-numbers.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {peerLog} from '../session/inner/peer-log.js'

const peer = peerLog()

/** A key in hex, with a number in it. */
const keyOf = (n: number): string => n.toString(16).padStart(64, '0')

describe('what is remembered of peers', () => {
  const candidate = {key: new Uint8Array(32)}

  test('over rememberedKeys requests, the key of the oldest is forgotten', () => {
    const facts = new PeerFacts()
    for (let n = 0; n <= rememberedKeys; n++) facts.request(String(n), candidate)
    expect([facts.answer('0'), facts.answer('1')]).toEqual([undefined, candidate])
  })

  test('over rememberedPeers, the real key of the oldest is forgotten', () => {
    const facts = new PeerFacts()
    for (let n = 0; n <= rememberedPeers; n++) facts.realKey(String(n), 'real')
    expect([facts.realKeysOf('0'), facts.realKeysOf('1')]).toEqual([[], ['real']])
  })

  test('of a peer with many real keys, the latest handshakesPerPeer are kept', () => {
    const facts = new PeerFacts()
    for (let n = 0; n <= handshakesPerPeer; n++) facts.realKey('peer', String(n))
    expect(facts.realKeysOf('peer')).toEqual(['1', '2', '3', '4'])
  })

  test('the latest triedPublicKeys of all peers are tried', () => {
    const facts = new PeerFacts()
    for (let n = 0; n <= triedPublicKeys; n++) facts.dhtKey(String(n))
    expect(facts.dhtKeys).toEqual(Array.from({length: triedPublicKeys}, (_, n) => String(n + 1)))
  })

  test('of a connection, the latest sealedRequests are named', () => {
    const facts = new PeerFacts()
    for (let n = 0; n <= sealedRequests; n++) facts.sealedRequest(0, [String(n)])
    expect(facts.sealedRequests(0)).toEqual(Array.from({length: sealedRequests}, (_, n) => String(n + 1)))
  })

  test('over awaitedPackets, the time of sending of the oldest is forgotten', () => {
    const answered = (packets: number): number | null => {
      const sent = new LosslessPackets(peer)
      for (let n = 0; n < packets; n++) sent.sent(n, n)
      return sent.acknowledged(1, 1000)
    }
    expect([answered(awaitedPackets), answered(awaitedPackets + 1)]).toEqual([1000, null])
  })

  test('over numberGaps, of the numbers before the gap that is forgotten nothing is known', () => {
    const missing = new MissingNumbers()
    for (let n = 0; n < numberGaps; n++) missing.skip(10 * n + 5, 10 * n + 6)
    expect([missing.hasAll(0, 5), missing.hasAll(0, 6), missing.hasAll(6, 15)]).toEqual([true, false, true])
    missing.skip(10 * numberGaps + 5, 10 * numberGaps + 6)
    expect([missing.hasAll(0, 5), missing.hasAll(6, 15)]).toEqual([false, true])
  })
})

describe('the search for the key of crypto data', () => {
  /** Sessions of a pair of peers of which a key log has some keys. */
  async function pairWith(keys: number): Promise<CryptoSessions> {
    const keyring = new Keyring(await loadSodium())
    for (let n = 0; n < keys; n++) {
      const names = {publicKeyA: fromHex(keyOf(1)), publicKeyB: fromHex(keyOf(1000 + n))}
      keyring.add({kind: 'pair_key', ...names, sharedKey: fromHex(keyOf(n))}, 'test')
    }
    const sessions = new CryptoSessions(keyring, new InnerBudget())
    begin(sessions, 'pair', 1)
    return sessions
  }

  /** The two peers of a pair announce their session keys. */
  function begin(sessions: CryptoSessions, pair: string, key: number): void {
    sessions.handshake({id: pair, side: 0, isKnown: true}, {sessionPk: keyOf(key), baseNonce: new Uint8Array(24)})
    sessions.handshake({id: pair, side: 1, isKnown: true}, {sessionPk: keyOf(500 + key), baseNonce: new Uint8Array(24)})
  }

  /** Whether the data opens, sealed with a key and a nonce. */
  const opens = (sessions: CryptoSessions, pair: string, key: number, nonce: number): boolean => {
    const sealed = nonce.toString(16).padStart(48, '0')
    const isRight = (tried: Uint8Array, by: Uint8Array) => toHex(tried) === sealed && toHex(by) === keyOf(key)
    return sessions.open({id: pair, side: 0, isKnown: true}, nonce & 0xffff, 100, isRight) !== undefined
  }

  test('tries sessionsPerPair sessions of a pair', async () => {
    const sessions = await pairWith(sessionsPerPair + 1)
    expect(opens(sessions, 'pair', sessionsPerPair - 1, 0)).toBe(true)
    expect(opens(sessions, 'pair', sessionsPerPair, 0)).toBe(false)
  })

  test('rebuilds a nonce after missedRounds of packets that were not captured', async () => {
    const most = missedRounds * 0x1_0000
    expect(opens(await pairWith(1), 'pair', 0, most + 0x1_0000)).toBe(false)
    const sessions = await pairWith(1)
    expect(opens(sessions, 'pair', 0, most)).toBe(true)
    expect(opens(sessions, 'pair', 0, most + most)).toBe(true)
  })

  test('moves on the base nonce by nonceStep once a packet is twice as far ahead', async () => {
    const sessions = await pairWith(1)
    expect(opens(sessions, 'pair', 0, 2 * nonceStep + 1)).toBe(true)
    // Over 65,535 ahead of the first base nonce, which only the low 16 bits would not tell.
    expect(opens(sessions, 'pair', 0, 0x1_0000 + nonceStep - 1)).toBe(true)
  })

  test('tries the sessions of the last recentSessions pairs on data of a pair that is not known', async () => {
    const keyring = new Keyring(await loadSodium())
    const pairs = recentSessions + 1
    for (let n = 0; n < pairs; n++)
      keyring.add(
        {kind: 'pair_key', publicKeyA: fromHex(keyOf(n + 1)), publicKeyB: null, sharedKey: fromHex(keyOf(n))},
        'test',
      )
    const sessions = new CryptoSessions(keyring, new InnerBudget())
    for (let n = 0; n < pairs; n++) {
      begin(sessions, String(n), n + 1)
      expect(opens(sessions, String(n), n, 0)).toBe(true)
    }
    expect([opens(sessions, 'unknown', 0, 1), opens(sessions, 'unknown', 1, 1)]).toEqual([false, true])
  })
})
