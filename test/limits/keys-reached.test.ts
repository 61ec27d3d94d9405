import {describe, expect, test} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {SearchBudget} from '../../src/crypto/search-budget.js'
import {limits} from '../../src/protocol/limits.js'
import {typeNamed} from '../../src/protocol/table.js'
import {handshakeKeys, KeyHints} from '../../src/session/connection/opening/handshake-keys.js'
import {sessionKeys} from '../../src/session/connection/opening/session-keys.js'
import {cookieIn} from '../../src/session/inner/cookies.js'
import {cookieKeys} from '../../src/session/inner/limits.js'
import {blankRecord} from '../../src/session/record.js'
import {noShift, Window} from '../../src/wire/window.js'
import {encodePartial} from '../../src/wire/write.js'
import {keysOf} from '../playbooks/keys.js'
import {play} from '../playbooks/play.js'

const keys = keysOf(0)
const secrets = keys.session(0)
const unlimited = new SearchBudget(1e9)
/** A key with a number in its middle: the first and last bits of secret keys mean nothing. */
const numbered = (n: number) => {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(8, n + 1)
  return bytes
}

describe('keys that are tried', () => {
  const ringOf = (items: readonly KeyItem[]) => {
    const ring = new Keyring(keys.box)
    for (const item of items) ring.add(item, 'a file')
    return ring
  }
  const secret = (n: number): KeyItem => ({kind: 'secret_key', publicKey: null, secretKey: numbered(n)})

  test('on one handshake are at most handshakeKeys', () => {
    const tried = (count: number) => {
      const search = {hints: new KeyHints(), budget: unlimited}
      return [...handshakeKeys(ringOf(Array.from({length: count}, (_, n) => secret(n))), search, keys.client.publicKey)]
    }
    expect(tried(10)).toHaveLength(10)
    expect(tried(limits.handshakeKeys + 1)).toHaveLength(limits.handshakeKeys)
  })

  test('on frames are at most sessionKeys lines of key logs', () => {
    const line = (n: number): KeyItem => ({
      ...{kind: 'tcp_session', clientNonce: secrets.clientNonce, relayNonce: null, sharedKey: numbered(n)},
      ...{clientBaseNonce: null, relayBaseNonce: null},
    })
    const found = (count: number) => {
      const ring = ringOf(Array.from({length: count}, (_, n) => line(n)))
      const facts = {clientNonce: secrets.clientNonce, relayNonce: null, client: null, relay: null}
      return sessionKeys(ring, facts as never, unlimited).keys.length
    }
    expect([found(limits.sessionKeys), found(limits.sessionKeys + 1)]).toEqual([limits.sessionKeys, limits.sessionKeys])
  })

  test('on a cookie are at most cookieKeys', () => {
    const nonce = new Uint8Array(24).fill(3)
    const own = new Uint8Array(32).fill(200)
    const cookie = Uint8Array.from([...nonce, ...keys.box.seal(new Uint8Array(72), nonce, own)])
    const type = typeNamed('crypto_handshake')
    const bytes = encodePartial(type, {cookie, nonce, payload: new Uint8Array(248)})
    const window = new Window(type, bytes, 0, bytes.length, noShift)
    const opens = (others: number, publicKeyA: Uint8Array | null) => {
      const before = Array.from({length: others}, (_, n) => ({sharedKey: numbered(n), publicKeyA}))
      const ring = ringOf(
        [...before, {sharedKey: own, publicKeyA: null}].map(key => ({kind: 'pair_key', publicKeyB: null, ...key})),
      )
      return cookieIn({...blankRecord, kind: 'frame', window}, ring) !== undefined
    }
    expect([opens(cookieKeys - 1, null), opens(cookieKeys, null)]).toEqual([true, false])
    expect(opens(cookieKeys, numbered(0)), 'the key of a pair is not tried').toBe(true)
  })
})

describe('frames that do not open', () => {
  const ping = (n: number) => Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, n)

  test('are found up to nonceSearch nonces further on, and no further', () => {
    const states = (lost: number) => {
      const p = play(keys).lost('client', lost).client(ping(1)).stop()
      return p.records.find(({kind, from}) => kind === 'frame' && from === 'client')?.state
    }
    expect([states(limits.nonceSearch), states(limits.nonceSearch + 1)]).toEqual(['open', 'failed'])
  })

  test('are searched for failedFrames times in a row; then the side stays sealed', () => {
    const last = (failed: number) => {
      const p = play(keys)
      const wrong = p.sealed('client', ping(1), new Uint8Array(32).fill(9))
      for (let n = 0; n < failed; n++) p.clientWire(wrong)
      p.client(ping(2)).stop()
      return p.records.filter(({kind, from}) => kind === 'frame' && from === 'client').at(-1)?.state
    }
    expect([last(limits.failedFrames - 1), last(limits.failedFrames)]).toEqual(['open', 'failed'])
  })

  test('are tried with keys of other connections for searchedFrames frames', () => {
    const opened = (sealedBefore: number) => {
      const sharedKey = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
      const know: KeyItem[] = [
        {kind: 'secret_key', publicKey: null, secretKey: keys.relay.secretKey},
        {kind: 'shared_key', sharedKey},
      ]
      const p = play(keys, {greets: false, know}).clientHandshake(keys).relayHandshake(keys)
      for (let n = 0; n < sealedBefore; n++) p.clientWire(p.sealed('client', ping(1), new Uint8Array(32).fill(9)))
      p.client(ping(2)).stop()
      return p.records.filter(({kind, from}) => kind === 'frame' && from === 'client').at(-1)?.state
    }
    expect([opened(limits.searchedFrames - 1), opened(limits.searchedFrames)]).toEqual(['open', 'sealed'])
  })
})
