import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Time} from '../../src/wire/chunk.js'
import {
  dateSeconds,
  isoTime,
  parseSeconds,
  parseTime,
  secondsText,
  secondText,
  timeBetween,
} from '../../src/wire/time.js'

const at = (micros: number, nanos = 0): Time => ({micros, nanos})
const base = 1_795_399_253_018_285

describe('isoTime', () => {
  it('has six digits, or nine where there are nanoseconds', () => {
    expect(isoTime(at(base))).toBe('2026-11-23T02:00:53.018285Z')
    expect(isoTime(at(base, 7))).toBe('2026-11-23T02:00:53.018285007Z')
    expect(isoTime(at(0))).toBe('1970-01-01T00:00:00.000000Z')
    expect(isoTime(at(-1))).toBe('1969-12-31T23:59:59.999999Z')
  })

  it('is undefined beyond what a calendar holds', () => {
    expect(isoTime(at(Number.MAX_SAFE_INTEGER))).toBe('2255-06-05T23:47:34.740991Z')
    expect(isoTime(at(1.8e19))).toBeUndefined()
  })

  it('reads back as the same time', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 4_000_000_000}), fc.integer({min: 0, max: 999_999}), (second, micros) => {
        const text = isoTime(at(second * 1_000_000 + micros))!
        expect(Date.parse(text)).toBe(second * 1000 + Math.floor(micros / 1000))
        expect(text.slice(-7, -1)).toBe(String(micros).padStart(6, '0'))
      }),
    )
  })
})

describe('parseTime', () => {
  it.each([
    ['1795399253.018285007', at(base, 7)],
    ['1795399253.0182850079', at(base, 7)],
    ['1795399253', at(1_795_399_253_000_000)],
    ['2026-11-23T02:00:53.018285Z', at(base)],
    ['2026-11-23 02:00:53,018285007', at(base, 7)],
    ['2026-11-23t02:00:53.018285z', at(base)],
    ['2026-11-23 04:00:53.018285+02:00', at(base)],
    ['2026-11-22 21:30:53.018285-0430', at(base)],
    ['Nov 23, 2026 02:00:53.018285007 UTC', at(base, 7)],
    ['2026-11-23', at(1_795_392_000_000_000)],
    ['1969-12-31 23:59:59.999999', at(-1)],
  ])('reads %s', (text, time) => {
    expect(parseTime(text)).toEqual(time)
  })

  it.each(['', 'soon', '-1', '1.2.3', '2026-02-30', '2026-11-23 24:00', '2026-13-01', 'Foo 23, 2026', '99999999999'])(
    'does not take %s for a time',
    text => {
      expect(parseTime(text)).toBeUndefined()
    },
  )

  it('reads what isoTime and secondsText write', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000), fc.nat(999_999), fc.nat(999), (second, micros, nanos) => {
        const time = at(second * 1_000_000 + micros, nanos)
        expect(parseTime(isoTime(time)!)).toEqual(time)
        expect(parseTime(secondsText(time))).toEqual(time)
      }),
    )
  })
})

describe('secondsText', () => {
  it('has a sign below zero, where nanoseconds count upwards', () => {
    expect(secondsText(at(-500_000))).toBe('-0.500000')
    expect(secondsText(at(-1, 250))).toBe('-0.000000750')
    expect(secondsText(at(1, 5))).toBe('0.000001005')
  })
})

describe('secondText', () => {
  it('is the same for the second before, and undefined beyond what a calendar holds', () => {
    expect([0, 0, 1, 0].map(secondText)).toEqual([
      '1970-01-01T00:00:00',
      '1970-01-01T00:00:00',
      '1970-01-01T00:00:01',
      '1970-01-01T00:00:00',
    ])
    expect(secondText(dateSeconds)).toBe('+275760-09-13T00:00:00')
    expect(secondText(dateSeconds + 1)).toBeUndefined()
    expect(secondText(-dateSeconds)).toBe('-271821-04-20T00:00:00')
    expect(secondText(-dateSeconds - 1)).toBeUndefined()
  })
})

describe('timeBetween', () => {
  it('has nanoseconds from 0 to 999, whichever time is later', () => {
    expect(timeBetween(at(5, 900), at(7, 100))).toEqual(at(1, 200))
    expect(timeBetween(at(5, 100), at(7, 100))).toEqual(at(2, 0))
    expect(timeBetween(at(5, 100), at(7, 900))).toEqual(at(2, 800))
    expect(timeBetween(at(7, 100), at(5, 900))).toEqual(at(-2, 800))
  })
})

describe('parseSeconds', () => {
  it.each([
    ['0', at(0)],
    ['1.5', at(1_500_000)],
    ['-0.5', at(-500_000)],
    ['-0.000000750', at(-1, 250)],
    ['1.', at(1_000_000)],
    ['0.0000019', at(1, 900)],
  ])('reads %s', (text, time) => {
    expect(parseSeconds(text)).toEqual(time)
  })

  it.each(['', '-', '--1', '1e3', '.5', ' 1', '9999999999999'])('does not take "%s" for seconds', text => {
    expect(parseSeconds(text)).toBeUndefined()
  })
})

describe('a time in words', () => {
  it.each([
    ['Jan 1, 1970 00:00:01', at(1_000_000)],
    ['Dec  3, 2026 00:00', at(1_796_256_000_000_000)],
    ['2026-11-23T02:00', at(1_795_399_200_000_000)],
    ['2026-11-23 02:00:53 UTC', at(1_795_399_253_000_000)],
  ])('%s is read', (text, time) => {
    expect(parseTime(text)).toEqual(time)
  })

  it.each(['2026-11-23 02:60', '2026-11-23 02:00:60', '2026-00-10', '2026-04-31', 'jan 1, 1970', 'Jan 1 1970'])(
    '%s is not a time',
    text => {
      expect(parseTime(text)).toBeUndefined()
    },
  )
})
