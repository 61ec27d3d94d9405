import {describe, it} from 'vitest'
import {amount} from '../../amount.js'
import {expectSameRecords, type fieldNames} from './field-runs.js'

/** Captures made of each fixture, fewer of the larger one; test/bench/field.test.ts has 501. */
const counts: Readonly<Record<(typeof fieldNames)[number], number>> = {
  small: amount(30, 10),
  small_v6: amount(30, 10),
  bootstrapd_relay: amount(12, 4),
}

describe('captures as people bring them', () => {
  it.each(Object.entries(counts) as [keyof typeof counts, number][])(
    'of %s give what the clean one gives, from %i seeds',
    (name, count) =>
      expectSameRecords(
        name,
        Array.from({length: count}, (_, at) => at + 1),
      ),
  )
})
