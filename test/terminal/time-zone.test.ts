import {describe, expect, it} from 'vitest'
import {timeZoneOf} from '../../src/terminal/options/time-zone.js'

describe('the time zone', () => {
  it.each([
    ['Asia/Tokyo', 'Asia/Tokyo'],
    [':Asia/Tokyo', 'Asia/Tokyo'],
    ['/usr/share/zoneinfo/Asia/Tokyo', 'Asia/Tokyo'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', 'CET-1CEST,M3.5.0,M10.5.0/3'],
    ['', 'UTC'],
    ['Nowhere/City', 'UTC'],
    ['/no/such/zone', 'UTC'],
  ])('of TZ=%s is %s', (given, zone) => {
    expect(timeZoneOf({TZ: given})).toBe(zone)
  })

  it("is the machine's without TZ", () => {
    expect(timeZoneOf({})).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone)
  })
})
