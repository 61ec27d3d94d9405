import {describe, expect, test} from 'vitest'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {aligned} from '../../src/view/diff/align.js'
import {Conversations, compared} from '../../src/view/diff/comparison.js'
import {quoted} from '../../src/view/from-json/json-value.js'
import {alignedEdits, comparedKeys, pairedByLikeness, quotedValue} from '../../src/view/limits.js'
import {SealedReport} from '../../src/view/sealed-report.js'
import {keysOf} from '../playbooks/keys.js'
import {play} from '../playbooks/play.js'
import {smallRecords} from '../view/records.js'

test('a value in an error is cut after quotedValue characters', () => {
  expect(quoted('x'.repeat(quotedValue - 2))).toBe(`"${'x'.repeat(quotedValue - 2)}"`)
  expect(quoted('x'.repeat(quotedValue))).toBe(`"${'x'.repeat(quotedValue - 1)}…`)
})

describe('diff', () => {
  test('sequences that need over alignedEdits insertions and deletions differ as a whole', () => {
    const kept = 'kept in both'
    const pairsOf = (edits: number) => {
      const a = [...Array.from({length: edits / 2}, (_, n) => `a${n}`), kept, 'a']
      const b = [...Array.from({length: edits / 2}, (_, n) => `b${n}`), kept, 'b']
      const place = edits / 2
      return aligned(a, b).some(([one, other]) => one === place && other === place)
    }
    expect([pairsOf(alignedEdits - 2), pairsOf(alignedEdits)]).toEqual([true, false])
  })

  test('over pairedByLikeness connections are compared in their order, as unlike as they are', async () => {
    const records = await smallRecords()
    const handshakes = records.slice(0, 3)
    /** All say the same, but one, which says more. */
    const conversations = (count: number, place: number) => {
      const all = new Conversations()
      for (let connection = 0; connection < count; connection++)
        for (const record of connection === place ? records : handshakes) all.add({...record, connection} as never)
      return all
    }
    const counterpart = (count: number) =>
      compared(conversations(count, 0), conversations(count, count - 1)).pairs.find(({a}) => a === 0)?.b
    expect(counterpart(pairedByLikeness)).toBe(pairedByLikeness - 1)
    expect(counterpart(pairedByLikeness + 1)).toBe(0)
  })
})

test('of secret keys, the first comparedKeys are looked at to find a public key among them', () => {
  const keys = keysOf(0)
  const report = (others: number) => {
    const p = play(keys, {greets: false, know: []}).clientHandshake(keys).stop()
    const keyring = new Keyring(keys.box)
    const add = (secretKey: Uint8Array) => keyring.add({kind: 'secret_key', publicKey: null, secretKey}, 'a file')
    for (let n = 1; n <= others; n++) add(new Uint8Array(32).fill(n))
    add(keys.client.publicKey)
    const said = new SealedReport(keyring, [])
    for (const record of p.records) said.add(record)
    return said.sentence
  }
  expect(report(comparedKeys - 1)).toMatch(/is a public key/)
  expect(report(comparedKeys)).toMatch(/none fits/)
})
