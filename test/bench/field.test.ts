import {describe, it} from 'vitest'
import {expectSameRecords, fieldNames} from '../reading/recorded/field-runs.js'

const total = 501
const seeds = Array.from({length: total / fieldNames.length}, (_, at) => at + 1001)

describe(`${total} captures as people bring them`, () => {
  it.each(fieldNames)(`of %s give what the clean one gives, from ${seeds.length} seeds`, name =>
    expectSameRecords(name, seeds),
  )
})
