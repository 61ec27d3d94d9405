import {describe, expect, it} from 'vitest'
import {type CleanCapture, mixupProblems, placeOf, recordsWith} from '../reading/key-mixups.js'

/** Mix-ups of each capture: 1,000 together. */
const mixups: readonly (readonly [CleanCapture, number])[] = [
  ['relay_only', 400],
  ['small', 300],
  ['small_v6', 200],
  ['bootstrapd_relay', 60],
  ['two_clients', 40],
]

/** The tests use the seeds below. */
const firstSeed = 1000

describe.each(mixups)('keys for %s that are mixed up', (name, count) => {
  it('open all that the right ones among them open, accuse nobody, and change no number and no order', async () => {
    const places = (await recordsWith(name, [])).map(placeOf)
    const problems: string[] = []
    for (let seed = firstSeed; seed < firstSeed + count; seed++)
      problems.push(...(await mixupProblems(name, seed, places)).map(problem => `seed ${seed}: ${problem}`))
    console.log(`${name}: ${count} mix-ups, ${problems.length} problems`)
    expect(problems).toEqual([])
  })
})
