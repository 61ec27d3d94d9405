import {expect, it} from 'vitest'
import {type DamagedCapture, damageProblems} from './damage-problems.js'

/** Variants of each capture, fewer of the larger ones: 300 of all; test/bench/damage.test.ts has more. */
const variants: Readonly<Record<DamagedCapture, number>> = {
  relay_only: 180,
  small: 90,
  bootstrapd_relay: 18,
  two_clients: 12,
}

it.each(Object.entries(variants) as [DamagedCapture, number][])(
  'packets of %s that are lost, repeated or overtaken accuse nobody and open nothing else, in %i variants',
  async (name, count) => {
    expect(await damageProblems(name, [0, count])).toEqual([])
  },
)
