import {expect, it} from 'vitest'
import {damageProblems, variantShares} from '../reading/damaged/damage-problems.js'

/** Variants of each recording of the fixtures: 20,000 together. */
const variants = variantShares.map(([name, share]) => [name, share * 10] as const)

/** The tests use the seeds below. */
const firstSeed = 1000

it.each(variants)(
  'packets of %s that are lost, repeated or overtaken accuse nobody and open nothing else (%i variants)',
  async (name, count) => {
    const problems = await damageProblems(name, [firstSeed, firstSeed + count])
    console.log(`${name}: ${count} variants, ${problems.length} problems`)
    expect(problems).toEqual([])
  },
  4 * 3_600_000,
)
