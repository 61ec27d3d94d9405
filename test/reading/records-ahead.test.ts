import {describe, expect, test} from 'vitest'
import {heldRecords, RecordsAhead} from '../../src/reading/records-ahead.js'
import type {Arrival} from '../../src/session/inferred.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'

const recordOf = (number: number, arrival?: Arrival): SessionRecord => ({
  ...blankRecord,
  kind: 'frame',
  number,
  inferred: arrival ? {arrival} : null,
})

function collected(most = Number.POSITIVE_INFINITY) {
  const numbers: number[] = []
  const ahead = new RecordsAhead(({number}) => numbers.push(number) < most)
  return {numbers, ahead}
}

describe('records that are read ahead', () => {
  test('wait in their order until the arrival of the first one is known', () => {
    const {numbers, ahead} = collected()
    const arrival: Arrival = {at: undefined}
    ahead.add(recordOf(1))
    ahead.add(recordOf(2, arrival))
    ahead.add(recordOf(3))
    expect(numbers).toEqual([1])
    arrival.at = {number: 4, connection: 1, micros: 5}
    ahead.add(recordOf(4))
    expect(numbers).toEqual([1, 2, 3, 4])
  })

  test('go on without it after a number of records, and at the end', () => {
    const {numbers, ahead} = collected()
    for (let number = 1; number <= heldRecords + 1; number++) ahead.add(recordOf(number, {at: undefined}))
    expect(numbers).toEqual([1])
    ahead.end()
    expect(numbers.length).toBe(heldRecords + 1)
  })

  test('end where no more are wanted', () => {
    const {numbers, ahead} = collected(2)
    const arrival: Arrival = {at: undefined}
    expect(ahead.add(recordOf(1, arrival))).toBe(true)
    ahead.add(recordOf(2))
    ahead.add(recordOf(3))
    arrival.at = 'never'
    expect(ahead.add(recordOf(4))).toBe(false)
    ahead.end()
    expect(numbers).toEqual([1, 2])
  })
})
