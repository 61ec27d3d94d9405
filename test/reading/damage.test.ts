import {expect, it} from 'vitest'
import {damagedCaptures, damageProblems} from './damage-problems.js'

/** Variants of each capture: 200 of all; test/bench/damage.test.ts has more. */
const variants = 50

it.each(damagedCaptures)(
  'packets of %s that are lost, repeated or overtaken accuse nobody and open nothing else',
  async name => {
    expect(await damageProblems(name, [0, variants])).toEqual([])
  },
)
