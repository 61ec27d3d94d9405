import {describe, expect, test} from 'vitest'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {offsetNonce} from '../../src/crypto/nonce.js'
import {ping, pong} from '../../src/probe/cases/packets.js'
import {severityIn} from '../../src/session/record.js'
import type {Sender} from '../../src/wire/side.js'
import {keysOf, tcpSession} from './keys.js'
import {framed, mistakenEnds} from './mistakes.js'
import {type Play, play} from './play.js'

const keys = keysOf(1)
const secrets = keys.session(0)
const {box} = keys
const right = box.sharedKey(secrets.relay.publicKey, secrets.client.secretKey)
const bothLongTerm = box.sharedKey(keys.relay.publicKey, keys.client.secretKey)
const clientLongTerm = box.sharedKey(secrets.relay.publicKey, keys.client.secretKey)
const relayLongTerm = box.sharedKey(secrets.client.publicKey, keys.relay.secretKey)
const bases = {client: secrets.clientBase, relay: secrets.relayBase}

const sessionLine: KeyItem = tcpSession(secrets, right)
const secretOf = (secretKey: Uint8Array): KeyItem => ({kind: 'secret_key', publicKey: null, secretKey})
const relaySecret = [secretOf(keys.relay.secretKey)]
const clientSecret = [secretOf(keys.client.secretKey), {kind: 'relay_key', publicKey: keys.relay.publicKey} as const]

const wrongKeys = {
  'the key of both long-term keys': {key: bothLongTerm, shownBy: [relaySecret, clientSecret]},
  "the client's long-term key and the relay's session key": {key: clientLongTerm, shownBy: [clientSecret]},
  "the relay's long-term key and the client's session key": {key: relayLongTerm, shownBy: [relaySecret]},
}

const packets = 3

/** Two ends with right handshakes, of which each seals with a key of its own. */
function dialogue(seals: Readonly<Record<Sender, Uint8Array>>, know: readonly KeyItem[]): Play {
  const {clientHandshake, relayHandshake} = mistakenEnds(keys, secrets, 'frame-key-long-term')
  const frame = (from: Sender, index: number, plain: Uint8Array): Uint8Array => {
    const body = box.seal(plain, offsetNonce(bases[from], index, new Uint8Array(24)), seals[from])
    return framed(body.length, body)
  }
  const p = play(keys, {greets: false, know}).clientWire(clientHandshake).relayWire(relayHandshake)
  for (let index = 0; index < packets; index++)
    p.clientWire(frame('client', index, ping(index + 1))).relayWire(frame('relay', index, pong(index + 1)))
  return p.stop()
}

const statesOf = ({records}: Play, from: Sender): unknown[] =>
  records.filter(record => record.kind === 'frame' && record.from === from).map(({state}) => state)
const errorsOf = ({records}: Play): unknown[] =>
  records.flatMap(record =>
    record.findings
      .filter(found => severityIn(record, found) === 'error')
      .map(({code}) => `${record.from}: ${code}, frame ${record.index}`),
  )
const all = (state: string): string[] => Array.from({length: packets}, () => state)

describe.each(Object.entries(wrongKeys))('frames that are sealed with %s', (_, {key, shownBy}) => {
  const cases = [
    {name: 'by the client', wrong: ['client']},
    {name: 'by the relay', wrong: ['relay']},
    {name: 'by both ends', wrong: ['client', 'relay']},
  ] as const
  test.each(cases)('$name accuse nobody where only the session line is known', ({wrong}) => {
    const sealsWrongly = (from: Sender): boolean => wrong.some(each => each === from)
    const keyOf = (from: Sender) => (sealsWrongly(from) ? key : right)
    const seals = {client: keyOf('client'), relay: keyOf('relay')}
    const p = dialogue(seals, [sessionLine])
    for (const from of ['client', 'relay'] as const)
      expect(statesOf(p, from)).toEqual(all(sealsWrongly(from) ? 'failed' : 'open'))
    expect(errorsOf(p)).toEqual([])
    const codes = p.records.flatMap(({findings}) => findings.map(({code}) => code))
    expect(codes.filter(code => code === 'key-does-not-fit')).toHaveLength(1)
  })

  test.each(cases)('$name open with a secret key that shows it, and the other frames too', ({wrong}) => {
    const keyOf = (from: Sender) => (wrong.some(each => each === from) ? key : right)
    const seals = {client: keyOf('client'), relay: keyOf('relay')}
    for (const known of shownBy) {
      const p = dialogue(seals, [sessionLine, ...known])
      expect([...statesOf(p, 'client'), ...statesOf(p, 'relay')]).toEqual([...all('open'), ...all('open')])
      expect(errorsOf(p)).toEqual(wrong.map(from => `${from}: frame-key-long-term, frame 0`))
    }
  })

  test.each(['client', 'relay'] as const)('by the %s say nothing of the other end without the session key', wrong => {
    const other = wrong === 'client' ? 'relay' : 'client'
    for (const known of shownBy) {
      const p = dialogue({client: right, relay: right, [wrong]: key}, known)
      expect(statesOf(p, wrong)).toEqual(all('open'))
      expect(statesOf(p, other)).toEqual(all('sealed'))
      expect(errorsOf(p)).toEqual([`${wrong}: frame-key-long-term, frame 0`])
    }
  })
})
