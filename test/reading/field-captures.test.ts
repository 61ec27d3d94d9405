import {describe, it} from 'vitest'
import {expectSameRecords, fieldNames} from './field-runs.js'

const seeds = Array.from({length: 50}, (_, at) => at + 1)

describe('captures as people bring them', () => {
  it.each(fieldNames)(`of %s give what the clean one gives, from ${seeds.length} seeds`, name =>
    expectSameRecords(name, seeds),
  )
})
