import {expect, it} from 'vitest'
import {amount} from '../../amount.js'
import {damageProblems, recordingNames, variantShares} from './damage-problems.js'

/** Variants of all recordings together; test/bench/damage.test.ts has more. */
const variants = amount(300, 100)
const all = variantShares.reduce((sum, [, share]) => sum + share, 0)
const counts = variantShares.map(([name, share]) => [name, Math.round((share * variants) / all)] as const)

it('every recording of the fixtures is damaged', () => {
  expect(counts.map(([name]) => name).toSorted()).toEqual(recordingNames.toSorted())
  expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(variants)
})

it.each(counts)(
  'packets of %s that are lost, repeated or overtaken accuse nobody and open nothing else (%i variants)',
  async (name, count) => {
    expect(await damageProblems(name, [0, count])).toEqual([])
  },
)
