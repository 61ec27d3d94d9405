import {describe, expect, it} from 'vitest'
import {type CleanCapture, errorsIn, mixupProblems, placeOf, recordsWith} from './key-mixups.js'

/** Mix-ups of each capture; test/bench/key-mixups.test.ts has more. */
const mixups: readonly (readonly [CleanCapture, number])[] = [
  ['relay_only', 100],
  ['small', 25],
  ['small_v6', 15],
  ['bootstrapd_relay', 3],
]

describe.each(mixups)('keys for %s that are mixed up', (name, count) => {
  it('open all that the right ones among them open, accuse nobody, and change no number and no order', async () => {
    const without = await recordsWith(name, [])
    expect(errorsIn(without)).toEqual([])
    const places = without.map(placeOf)
    for (let seed = 0; seed < count; seed++)
      expect(await mixupProblems(name, seed, places), `${name}, seed ${seed}`).toEqual([])
  }, 120_000)
})
