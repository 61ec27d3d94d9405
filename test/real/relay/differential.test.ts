import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {patience} from '../../patience.js'
import {missing} from '../toxcore/present.js'
import {type Relay, startRelay} from '../toxcore/relay.js'
import {dialogueOf} from './dialogue-steps.js'
import {resultsOf} from './dialogues.js'

const absent = missing()
if (absent) console.warn(`dialogues with a real relay are skipped: ${absent}`)

/** TOXTCP_DIALOGUES=10000 plays that number; TOXTCP_FIRST_DIALOGUE is the seed of the first. */
const count = Number(process.env['TOXTCP_DIALOGUES'] ?? 300)
const first = Number(process.env['TOXTCP_FIRST_DIALOGUE'] ?? 1)
const seeds = Array.from({length: count}, (_, at) => first + at)

/** A relay takes some twenty packets a second from each client, and waits for none: many clients at once. */
const atOnce = 40

it('dialogues are the same for the same seed, and have valid, changed and wrong steps', () => {
  expect(dialogueOf(7)).toEqual(dialogueOf(7))
  const names = new Set(seeds.flatMap(seed => dialogueOf(seed).steps.map(({name}) => name)))
  expect([...names]).toEqual(expect.arrayContaining(['route', 'data', 'changed route', 'changed data', 'onion']))
  expect([...names]).toEqual(expect.arrayContaining(['route in segments', 'packets at once', 'the other client sends']))
})

describe.skipIf(absent)('tox-bootstrapd', () => {
  let relay: Relay

  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(async () => {
    await relay?.stop()
  })

  it(
    `closes where the session says so, at the same packet, and nowhere else, in ${count} dialogues`,
    async () => {
      const {host, port, publicKey} = relay
      const target = {host, port, publicKey: new Uint8Array(Buffer.from(publicKey, 'hex'))}
      const context = {box: await loadSodium(), relay: target, timeoutMilliseconds: 5000 * patience}
      const {closed, kept, differences} = await resultsOf(seeds, atOnce, context)
      expect(differences).toEqual([])
      expect({closed: closed > count / 10, kept: kept > count / 10}).toEqual({closed: true, kept: true})
    },
    60_000 * patience * (1 + count / 300),
  )
})
