import {describe, expect, test} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {ping, pong} from '../../src/probe/cases/packets.js'
import {sealedConnections} from '../../src/view/limits.js'
import {SealedReport} from '../../src/view/sealed-report.js'
import {keysOf} from '../playbooks/keys.js'
import {play} from '../playbooks/play.js'

const keys = keysOf(1)
const secrets = keys.session(0)
const {clientNonce, relayNonce, clientBase, relayBase} = secrets
const sharedKey = keys.box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
const secretOf = (secretKey: Uint8Array): KeyItem => ({kind: 'secret_key', publicKey: null, secretKey})
const line = (changes: Partial<Extract<KeyItem, {kind: 'tcp_session'}>> = {}): KeyItem => ({
  kind: 'tcp_session',
  clientNonce,
  relayNonce,
  sharedKey,
  clientBaseNonce: clientBase,
  relayBaseNonce: relayBase,
  ...changes,
})

/** The report on a connection of two frames, of which the user knows these keys. */
function reported(know: readonly KeyItem[], doubts: readonly string[] = []): string | undefined {
  const p = play(keys, {greets: false, know}).clientHandshake(keys).relayHandshake(keys)
  p.client(ping(1)).relay(pong(1)).stop()
  const report = new SealedReport(p.keyring, doubts)
  for (const record of p.records) report.add(record)
  return report.sentence
}

describe('what stayed sealed, and why', () => {
  test.each<[string, readonly KeyItem[], RegExp]>([
    ['no key', [], /no key was given/],
    ['unrelated keys', [3, 4].map(n => secretOf(new Uint8Array(32).fill(n))), /2 keys were tried, and none fits/],
    [
      'a log of other sessions',
      [line({clientNonce: new Uint8Array(24), relayNonce: new Uint8Array(24)})],
      /belongs to other sessions/,
    ],
    ['the public key of the client', [secretOf(keys.client.publicKey)], /is a public key/],
    ['a line without base nonces', [line({clientBaseNonce: null, relayBaseNonce: null})], /the base nonce is missing/],
    ["the client's secret key alone", [secretOf(keys.client.secretKey)], /--relay-pk is missing/],
    ["the relay's secret key alone", [secretOf(keys.relay.secretKey)], /the session key is missing/],
    ['a line with another key', [line({sharedKey: new Uint8Array(32)})], /does not open them/],
  ])('%s', (_, know, reason) => {
    expect(reported(know)).toMatch(reason)
    expect(reported(know)).toMatch(/^2 frames stayed sealed: /)
  })

  test('the doubts about a key file come with it', () => {
    const doubt = 'my.tox is a .tox save, which cannot open these'
    expect(reported([secretOf(new Uint8Array(32).fill(3))], [doubt])).toBe(`2 frames stayed sealed: ${doubt}`)
  })

  test('handshakes of more connections than are remembered are all counted', () => {
    const p = play(keys, {greets: false, know: []}).clientHandshake(keys).stop()
    const report = new SealedReport(p.keyring, [])
    const handshake = p.records.find(({kind}) => kind === 'handshake')!
    const connections = sealedConnections + 3
    for (let connection = 0; connection < connections; connection++) report.add({...handshake, connection})
    expect(report.sentence).toBe(`${connections} handshakes stayed sealed: no key was given (--keylog, --key)`)
  })

  test('nothing where all frames are open', () => {
    expect(reported([line()])).toBeUndefined()
    expect(reported([secretOf(keys.relay.secretKey), secretOf(secrets.client.secretKey)])).toBeUndefined()
  })
})
