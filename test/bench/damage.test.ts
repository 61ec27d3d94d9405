import {expect, it} from 'vitest'
import {type DamagedCapture, damageProblems} from '../reading/damage-problems.js'

/** Variants of each capture: 20,000 together. */
const variants: readonly (readonly [DamagedCapture, number])[] = [
  ['relay_only', 10_000],
  ['small', 8_000],
  ['bootstrapd_relay', 1_000],
  ['two_clients', 1_000],
]

/** The tests use the seeds below. */
const firstSeed = 1000

it.each(variants)(
  'packets of %s that are lost, repeated or overtaken accuse nobody and open nothing else',
  async (name, count) => {
    const problems = await damageProblems(name, [firstSeed, firstSeed + count])
    console.log(`${name}: ${count} variants, ${problems.length} problems`)
    expect(problems).toEqual([])
  },
  4 * 3_600_000,
)
