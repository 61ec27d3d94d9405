import {dateSeconds} from '../wire/time.js'

/** Seconds that local time is ahead of UTC at a second since 1970. */
export type ZoneOffset = (second: number) => number

const name = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)'
const offset = '([+-]?\\d{1,3}(?::\\d{1,2}){0,2})'
const date = '(M\\d{1,2}\\.[1-5]\\.[0-6]|J?\\d{1,3})(?:/([+-]?\\d{1,3}(?::\\d{1,2}){0,2}))?'
const zone = new RegExp(`^${name}${offset}(?:${name}${offset}?(?:,${date},${date})?)?$`)
const hasDaylight = new RegExp(`^${name}${offset}${name}`)

/** What glibc takes where a zone names daylight saving time without its rules: those of the United States. */
const usualRules = ['M3.2.0', undefined, 'M11.1.0', undefined] as const
const hour = 3600
const day = 86_400
/** Dates that the calendar of JavaScript has. */
const isDate = (second: number): boolean => Math.abs(second) <= dateSeconds - 366 * day

/**
 * A time zone as POSIX writes it in TZ: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+03>-3`, `EST5EDT`. The sign is that of POSIX:
 * positive is west of Greenwich. POSIX.1-2017, XBD 8.3.
 * @returns undefined for any other text.
 */
export function posixZone(text: string): ZoneOffset | undefined {
  const match = zone.exec(text)
  if (!match) return undefined
  const [, standardText, daylightText, ...given] = match
  const standard = 0 - secondsOf(standardText!)
  if (!hasDaylight.test(text)) return () => standard
  const daylight = daylightText === undefined ? standard + hour : 0 - secondsOf(daylightText)
  const [start, startTime, end, endTime] = given[0] === undefined ? usualRules : given
  const begins = (year: number) => dayOf(start!, year) + secondsOf(startTime ?? '2') - standard
  const ends = (year: number) => dayOf(end!, year) + secondsOf(endTime ?? '2') - daylight
  return second => {
    if (!isDate(second)) return standard
    const year = new Date((second + standard) * 1000).getUTCFullYear()
    const [from, to] = [begins(year), ends(year)]
    const isDaylight = from < to ? second >= from && second < to : second >= from || second < to
    return isDaylight ? daylight : standard
  }
}

/** Seconds of `h`, `h:m` or `h:m:s`, perhaps with a sign. */
function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * hour + minutes * 60 + seconds)
}

/** The first second, as if in UTC, of the day that a rule names in a year. */
function dayOf(rule: string, year: number): number {
  const first = Date.UTC(year, 0, 1) / 1000
  if (rule.startsWith('J')) {
    const isLeap = Date.UTC(year, 1, 29) !== Date.UTC(year, 2, 1)
    const number = Number(rule.slice(1))
    return first + (number - 1 + (isLeap && number >= 60 ? 1 : 0)) * day
  }
  if (!rule.startsWith('M')) return first + Number(rule) * day
  const [month = 1, week = 1, weekday = 0] = rule.slice(1).split('.').map(Number)
  const start = new Date(Date.UTC(year, month - 1, 1))
  const days = ((weekday - start.getUTCDay() + 7) % 7) + (week - 1) * 7
  const inMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return start.getTime() / 1000 + (days < inMonth ? days : days - 7) * day
}
