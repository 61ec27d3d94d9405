import {describe, expect, it} from 'vitest'
import {type TimeForm, Times} from '../../src/view/time.js'
import type {Time} from '../../src/wire/chunk.js'
import {InputError} from '../../src/wire/input-error.js'

const at = (micros: number, nanos = 0): Time => ({micros, nanos})
const base = 1_795_399_253_018_285

function texts(form: TimeForm, times: readonly (Time | null)[], timeZone?: string): string[] {
  const writer = new Times(form, timeZone)
  const recorded = times.map((time, index) => ({
    number: index + 1,
    time,
    firstTime: times.find(each => each !== null) ?? null,
    previousTime: times.slice(0, index).findLast(each => each !== null) ?? time,
  }))
  return recorded.map(record => writer.text(record))
}

describe('Times', () => {
  const three = [at(base), at(base + 1_204_118), at(base + 1_204_119, 5)]

  it('writes seconds since the first record', () => {
    expect(texts('r', three)).toEqual(['0.000000', '1.204118', '1.204119005'])
  })

  it('counts from a first record that was not printed', () => {
    const record = {number: 9, time: at(base + 1_000_000), firstTime: at(base), previousTime: at(base + 5)}
    expect(new Times('r').text(record)).toBe('1.000000')
    expect(new Times('d').text(record)).toBe('0.999995')
  })

  it('writes seconds since the record before', () => {
    expect(texts('d', three)).toEqual(['0.000000', '1.204118', '0.000001005'])
  })

  it('writes seconds since the record that was printed before, however often a record shows its time', () => {
    const times = new Times('dd')
    const record = (number: number, micros: number) => ({
      number,
      time: at(base + micros),
      firstTime: at(base),
      previousTime: at(base),
    })
    expect([record(1, 0), record(5, 70), record(5, 70), record(9, 75)].map(each => times.text(each))).toEqual([
      '0.000000',
      '0.000070',
      '0.000070',
      '0.000005',
    ])
  })

  it('writes negative differences', () => {
    expect(texts('r', [at(base), at(base - 1), at(base - 1_500_000, 250)])).toEqual([
      '0.000000',
      '-0.000001',
      '-1.499999750',
    ])
  })

  it('writes seconds since 1970', () => {
    expect(texts('e', three)).toEqual(['1795399253.018285', '1795399254.222403', '1795399254.222404005'])
  })

  it('writes the time of day and the date, in a time zone', () => {
    expect(texts('a', [at(base)])).toEqual(['02:00:53.018285'])
    expect(texts('ad', [at(base)])).toEqual(['2026-11-23 02:00:53.018285'])
    expect(texts('ad', [at(base)], 'America/New_York')).toEqual(['2026-11-22 21:00:53.018285'])
    expect(texts('ad', [at(base)], 'Asia/Kathmandu')).toEqual(['2026-11-23 07:45:53.018285'])
  })

  it('follows daylight saving time', () => {
    const change = Date.UTC(2026, 9, 25, 1) * 1000
    expect(texts('a', [at(change - 1), at(change)], 'Europe/Berlin')).toEqual(['02:59:59.999999', '02:00:00.000000'])
  })

  it('writes a dash for no time, and is not confused by it', () => {
    expect(texts('d', [null, at(base), null, at(base + 1)])).toEqual(['-', '0.000000', '-', '0.000001'])
  })

  it('refuses a time zone that does not exist', () => {
    expect(() => new Times('a', 'Mars/Olympus')).toThrow(InputError)
  })
})
