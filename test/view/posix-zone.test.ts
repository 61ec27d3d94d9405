import {spawnSync} from 'node:child_process'
import {describe, expect, it} from 'vitest'
import {posixZone} from '../../src/view/posix-zone.js'

const seconds = (text: string): number => Date.parse(text) / 1000

describe('posixZone', () => {
  it.each([
    ['UTC0', '2026-07-01T00:00:00Z', 0],
    ['<+03>-3', '2026-07-01T00:00:00Z', 3],
    ['<-0330>3:30', '2026-07-01T00:00:00Z', -3.5],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-03-29T00:59:59Z', 1],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-03-29T01:00:00Z', 2],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25T00:59:59Z', 2],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25T01:00:00Z', 1],
    ['NZST-12NZDT,M9.5.0,M4.1.0/3', '2026-01-01T00:00:00Z', 13],
    ['NZST-12NZDT,M9.5.0,M4.1.0/3', '2026-07-01T00:00:00Z', 12],
    ['AAA3BBB2,J60/0,J300/0', '2024-03-01T02:59:59Z', -3],
    ['AAA3BBB2,J60/0,J300/0', '2024-03-01T03:00:00Z', -2],
    ['AAA3BBB', '2026-07-01T00:00:00Z', -2],
  ])('reads %s at %s', (zone, time, hours) => {
    expect(posixZone(zone)!(seconds(time)) / 3600).toBe(hours)
  })

  it('agrees with the system over a year', () => {
    for (const zone of [
      'CET-1CEST,M3.5.0,M10.5.0/3',
      'NZST-12NZDT,M9.5.0,M4.1.0/3',
      'AAA3BBB',
      'AAA3BBB2,60/0,300/0',
    ]) {
      const times = Array.from({length: 73}, (_, i) => seconds('2026-01-01T07:00:00Z') + i * 5 * 86_400)
      const {stdout} = spawnSync('date', ['-f', '-', '+%z'], {
        input: times.map(time => `@${time}\n`).join(''),
        env: {...process.env, TZ: zone},
        encoding: 'utf8',
      })
      const offsets = stdout.trim().split('\n')
      expect(offsets).toHaveLength(times.length)
      const shown = times.map(time => {
        const minutes = posixZone(zone)!(time) / 60
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
        return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`
      })
      expect(shown).toEqual(offsets)
    }
  })

  it.each(['', 'UTC', 'Europe/Berlin', 'CET-1CEST,nonsense', 'A1', '+3'])('leaves %j to others', text => {
    expect(posixZone(text)).toBeUndefined()
  })
})
