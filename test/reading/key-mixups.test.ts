import {describe, expect, it} from 'vitest'
import {amount} from '../amount.js'
import {type CleanCapture, errorsIn, mixupProblems, placeOf, recordsWith} from './key-mixups.js'

/** Mix-ups of each capture; test/bench/key-mixups.test.ts has more. */
const mixups: readonly (readonly [CleanCapture, number])[] = [
  ['relay_only', amount(100, 25)],
  ['small', amount(25, 8)],
  ['small_v6', amount(15, 5)],
  ['bootstrapd_relay', amount(3, 1)],
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
