import {describe, expect, test} from 'vitest'
import {limits as captureLimits} from '../../src/capture/limits.js'
import {CaptureReader} from '../../src/capture/reader.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {
  bytesPerSearchTrial,
  firstConnectionTrials,
  searchTrials,
  searchTrialsPerConnection,
} from '../../src/crypto/limits.js'
import {SearchBudget} from '../../src/crypto/search-budget.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {compileFilter} from '../../src/filter/compile.js'
import {patternSteps} from '../../src/filter/limits.js'
import {
  bytesPerNamedTrial,
  cryptoSessions,
  handshakesPerPeer,
  searchTrials as innerTrials,
  namedTrials,
  nearestSessions,
  triedLoggedKeys,
} from '../../src/session/inner/limits.js'
import {CryptoSessions} from '../../src/session/inner/opening/crypto-sessions.js'
import {InnerBudget, KeyCandidates} from '../../src/session/inner/opening/key-candidates.js'
import {earlyArrivals, waitingPackets, waitingPeers} from '../../src/session/relayed/limits.js'
import {PacketsOfPeer, type PendingPacket, PendingPackets} from '../../src/session/relayed/pending-packets.js'
import {toHex} from '../../src/wire/hex/hex-bytes.js'
import {cutsOf, readRow} from '../../src/wire/hex/hex-row.js'
import {hexRowGroups, nearestWord, triedTags} from '../../src/wire/limits.js'
import {nearest} from '../../src/wire/text/nearest.js'
import {readTagged} from '../../src/wire/text/tagged-sentence.js'
import {Wire} from '../capture/wire.js'

const packet = (hash: number): PendingPacket => ({
  number: hash,
  connection: 0,
  micros: null,
  isOob: false,
  isSameRelay: true,
  arrival: {at: undefined},
  length: 10,
  hash,
})

describe('packets between two clients', () => {
  test('over waitingPackets, the oldest is forgotten, and none is said to be lost', () => {
    const packets = new PacketsOfPeer()
    const sent = Array.from({length: waitingPackets + 1}, (_, n) => packet(n))
    for (const each of sent) packets.send(each)
    expect(packets.receive({length: 10, hash: 0}, false)).toBeUndefined()
    expect(packets.receive({length: 10, hash: 5}, false)).toBe(sent[5])
    packets.end()
    expect(sent.filter(({arrival}) => arrival.at === 'never')).toEqual([])
  })

  test('over earlyArrivals, the first that arrived before it was sent is forgotten', () => {
    const packets = new PacketsOfPeer()
    for (let hash = 0; hash <= earlyArrivals; hash++) packets.receive({length: 10, hash}, false)
    packets.send(packet(1))
    expect(packets.receive({length: 10, hash: 1}, false)).toBeUndefined()
    const forgotten = packet(0)
    packets.send(forgotten)
    expect(packets.receive({length: 10, hash: 0}, false)).toBe(forgotten)
  })

  test('over waitingPeers, the packets of the oldest peer are forgotten', () => {
    const pending = new PendingPackets()
    for (let n = 0; n <= waitingPeers; n++) pending.from(String(n))
    expect([pending.of('0'), pending.of('1') !== undefined]).toEqual([undefined, true])
  })
})

const place = (id: string) => ({id, side: 0, isKnown: true}) as const

describe('net_crypto sessions', () => {
  const announced = (n: number) => ({sessionPk: String(n), baseNonce: new Uint8Array(24)})

  test('over cryptoSessions pairs of peers, the oldest is forgotten and counted', async () => {
    const sessions = new CryptoSessions(new Keyring(await loadSodium()), new InnerBudget())
    for (let n = 0; n <= cryptoSessions; n++) sessions.handshake(place(String(n)), announced(n))
    expect([sessions.dropped, sessions.announced('0'), sessions.announced('1')]).toEqual([1, [], ['1']])
  })

  test('over handshakesPerPeer, a peer that announces its first key again is heard anew', async () => {
    const sessions = new CryptoSessions(new Keyring(await loadSodium()), new InnerBudget())
    for (let n = 0; n <= handshakesPerPeer; n++) sessions.handshake(place('pair'), announced(n))
    sessions.handshake(place('pair'), announced(1))
    expect(sessions.announced('pair')).toEqual([String(handshakesPerPeer)])
    sessions.handshake(place('pair'), announced(0))
    expect(sessions.announced('pair')).toEqual(['0'])
  })
})

describe('the search for keys', () => {
  test('ends after searchTrials, to which connections and every bytesPerSearchTrial bytes add', () => {
    const budget = new SearchBudget()
    expect([budget.take(searchTrials + 1), budget.take(searchTrials), budget.take(1)]).toEqual([false, true, false])
    budget.addBytes(bytesPerSearchTrial)
    expect([budget.take(1), budget.take(1)]).toEqual([true, false])
  })

  test('of the first connection ends after firstConnectionTrials more than those of any other', () => {
    const most = searchTrialsPerConnection + firstConnectionTrials
    expect([SearchBudget.ofConnection(0).take(most), SearchBudget.ofConnection(0).take(most + 1)]).toEqual([
      true,
      false,
    ])
    expect(SearchBudget.ofConnection(1).take(most)).toBe(false)
  })
})

describe('the search for keys of boxes inside packets', () => {
  test('computes shared keys of named keys for namedTrials, to which every bytesPerNamedTrial bytes add', () => {
    const {named} = new InnerBudget()
    expect([named.take(namedTrials + 1), named.take(namedTrials), named.take(1)]).toEqual([false, true, false])
    named.addBytes(bytesPerNamedTrial)
    expect([named.take(1), named.take(1)]).toEqual([true, false])
  })

  test('tries triedLoggedKeys keys that are logged for one public key when the search budget is spent', async () => {
    const keyring = new Keyring(await loadSodium())
    const publicKeyA = new Uint8Array(32).fill(1)
    for (let n = 0; n <= triedLoggedKeys; n++) {
      const sharedKey = new Uint8Array(32).fill(n)
      keyring.add({kind: 'pair_key', publicKeyA, publicKeyB: null, sharedKey}, 'test')
    }
    const budget = new InnerBudget()
    budget.search.take(innerTrials)
    const box = {keys: 'dht', publicKeys: [toHex(publicKeyA)], peer: '', others: [], size: 100} as const
    expect([...new KeyCandidates(keyring, budget).of(box)]).toHaveLength(triedLoggedKeys)
    expect(budget.refused).toBeGreaterThan(0)
  })

  test('tries nearestSessions logged sessions after a handshake when the search budget is spent', async () => {
    const keyring = new Keyring(await loadSodium())
    const numbered = (n: number, size: number) =>
      new Uint8Array(size)
        .fill(1)
        .fill(n >> 8, -2)
        .fill(n, -1)
    for (let n = 0; n <= nearestSessions; n++) {
      const names = {publicKeyA: numbered(n, 32), publicKeyB: new Uint8Array(32)}
      const nonces = {baseNonceA: numbered(n, 24), baseNonceB: null}
      keyring.add({kind: 'crypto_session', ...names, ...nonces, sharedKey: numbered(n, 32)}, 'test')
    }
    const budget = new InnerBudget()
    budget.search.take(innerTrials)
    const sessions = new CryptoSessions(keyring, budget)
    // The nearest base nonce is the greatest, of the last session.
    const opens = (n: number) =>
      sessions.open(place('pair'), nearestSessions, 100, (_, key) => toHex(key) === toHex(numbered(n, 32))) !==
      undefined
    expect(opens(0)).toBe(false)
    sessions.begins('pair')
    expect(opens(1)).toBe(true)
  })
})

describe('packets of a capture', () => {
  test('over packetBytes, a record is damage', () => {
    const headerOf = (captured: number) => {
      const file = Buffer.alloc(40)
      file.writeUInt32LE(0xa1b2c3d4, 0)
      file.writeUInt16LE(2, 4)
      file.writeUInt16LE(4, 6)
      file.writeUInt32LE(1, 20)
      file.writeUInt32LE(captured, 32)
      return file
    }
    const read = (captured: number) => [...new CaptureReader().read(headerOf(captured))]
    expect(read(captureLimits.packetBytes)).toEqual([])
    expect(() => read(captureLimits.packetBytes + 1)).toThrow('no packet has over')
  })

  test('a RST behind bytes that are missing ends nothing once its receiver speaks resetMicros later', () => {
    const closes = (wait: number) => {
      const wire = new Wire().open().send({from: 1, seq: 5011, ack: 1001, flags: 'R'})
      wire.wait(wait).send({from: 0, seq: 1001, ack: 5001, data: 'on'})
      return wire.end().closes()
    }
    expect(closes(captureLimits.resetMicros)).toBe('capture_end/capture_end')
    expect(closes(captureLimits.resetMicros - 100)).toBe('capture_end/rst')
  })
})

describe('what a user types', () => {
  test('a pattern of over patternSteps is refused', () => {
    const pattern = (steps: number) => `type matches "a{${steps}}"`
    expect(() => compileFilter(pattern(patternSteps + 1))).toThrow(/steps|repeats/)
    expect(() => compileFilter(pattern(patternSteps / 4))).not.toThrow()
  })

  test('of a word, nearestWord characters are compared with known names', () => {
    const name = 'a'.repeat(nearestWord)
    expect(nearest(name + 'b'.repeat(1000), [name])).toEqual([name])
  })
})

describe('a row of a dump', () => {
  test('its data may end before each of hexRowGroups groups, and at its end', () => {
    const row = readRow({text: `0000${'  04'.repeat(hexRowGroups + 50)}`, start: 0, number: 1})!
    expect(cutsOf(row, 1)).toEqual([...Array.from({length: hexRowGroups - 1}, (_, i) => i + 1), hexRowGroups + 50])
  })
})

describe('a comment', () => {
  test('of the texts in it that look like a tag, the last triedTags are read', () => {
    const comment = (others: number) => `it ended [toxtcp part {"why":"${' [toxtcp part {'.repeat(others)}"}]`
    expect(readTagged(comment(triedTags - 1))?.sentence).toBe('it ended')
    expect(readTagged(comment(triedTags))).toBeUndefined()
  })
})
