import {describe, expect, it} from 'vitest'
import {integerAt} from '../../src/wire/memory/rows.js'

describe('an integer of a row of numbers', () => {
  it.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER, Number.NaN])(
    '%d is the number that was stored',
    value => expect(integerAt(Float64Array.of(7, value), 1)).toBe(value),
  )
})
