import {beforeAll, expect, test} from 'vitest'
import type {Box} from '../../src/crypto/box.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {searchTrialsPerConnection, trialsForSharedKey} from '../../src/crypto/limits.js'
import {SearchBudget} from '../../src/crypto/search-budget.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {keysOf} from '../playbooks/keys.js'
import {clientHello} from '../playbooks/play.js'

/** Counts what is worked out. */
class CountingBox {
  shared = 0
  opens = 0
  readonly box: Box

  constructor(box: Box) {
    this.box = {
      sharedKey: (...args) => box.sharedKey(...args),
      sharedKeys: (...args) => {
        this.shared++
        return box.sharedKeys(...args)
      },
      publicKey: key => box.publicKey(key),
      keyPair: seed => box.keyPair(seed),
      sha512: bytes => box.sha512(bytes),
      open: (...args) => {
        this.opens++
        return box.open(...args)
      },
      seal: (...args) => box.seal(...args),
      sealInto: (...args) => box.sealInto(...args),
    }
  }
}

let sodium: Box
beforeAll(async () => {
  sodium = await loadSodium()
})

const secretKeyOf = (n: number): Uint8Array => {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, n + 1)
  return key
}

/** Client handshakes, each of a connection of its own, and as many secret keys of no relay of theirs. */
function search(handshakes: readonly Uint8Array[], keys: number, budget?: SearchBudget) {
  const counting = new CountingBox(sodium)
  const keyring = new Keyring(counting.box)
  for (let n = 0; n < keys; n++) keyring.add({kind: 'secret_key', publicKey: null, secretKey: secretKeyOf(n)}, 'a file')
  const records: SessionRecord[] = []
  const session = new Session(keyring, record => records.push(record), {budget})
  for (const [id, bytes] of handshakes.entries()) {
    session.open(id, {clientEnd: 0, ends: {client: null, relay: null}}, null)
    session.feed({connection: id, end: 0, time: null, bytes})
  }
  session.end()
  const ended = records.filter(({findings}) => findings.some(({code}) => code === 'key-search-ended'))
  return {counting, records, ended}
}

const helloOf = (n: number): Uint8Array => {
  const keys = keysOf(n)
  return clientHello(keys, keys.session(n))
}

test('works out the shared keys of a client and 50 relay keys once for all its connections', () => {
  const {counting, ended} = search(
    Array.from({length: 20}, () => helloOf(1)),
    50,
  )
  expect(counting.shared).toBe(50)
  expect(counting.opens).toBe(20 * 50)
  expect(ended).toEqual([])
})

test('ends the searches of all connections together at the budget of the run, and reports it for each', () => {
  const clients = 40
  const {counting, ended} = search(
    Array.from({length: clients}, (_, n) => helloOf(n + 1)),
    1000,
    new SearchBudget(100 * trialsForSharedKey),
  )
  expect(counting.shared).toBeLessThan(100 + (clients * searchTrialsPerConnection) / trialsForSharedKey)
  expect(ended.length).toBe(clients)
  for (const {state} of ended) expect(state).toBe('sealed')
})

test('still opens connections to a relay whose key has opened one, once the budget is spent', () => {
  const keys = keysOf(1)
  const keyring = new Keyring(sodium)
  keyring.add({kind: 'secret_key', publicKey: null, secretKey: keys.relay.secretKey}, 'a file')
  for (let n = 0; n < 1000; n++) keyring.add({kind: 'secret_key', publicKey: null, secretKey: secretKeyOf(n)}, 'a file')
  const records: SessionRecord[] = []
  const session = new Session(keyring, record => records.push(record), {budget: new SearchBudget(0)})
  const feed = (id: number, bytes: Uint8Array) => {
    session.open(id, {clientEnd: 0, ends: {client: null, relay: null}}, null)
    session.feed({connection: id, end: 0, time: null, bytes})
  }
  feed(0, clientHello(keys, keys.session(0)))
  // To other relays: nothing that is here opens them.
  for (let n = 2; n < 20; n++) feed(n, new Uint8Array(128).fill(n))
  feed(30, clientHello(keys, keys.session(1)))
  session.end()
  const states = records.filter(({kind}) => kind === 'handshake').map(({state}) => state)
  expect(states[0]).toBe('open')
  expect(states.at(-1)).toBe('open')
  expect(records.flatMap(({findings}) => findings).some(({code}) => code === 'key-search-ended')).toBe(true)
})

test('calls no handshake refused whose keys were not all tried', () => {
  const session = search([helloOf(1)], 200, new SearchBudget(0))
  const [handshake] = session.records.filter(({kind}) => kind === 'handshake')
  expect(handshake?.state).toBe('sealed')
  expect(handshake?.findings.map(({code}) => code)).toEqual(['handshake-sealed', 'key-search-ended'])
})
