import type {Time} from './chunk.js'

export const microsPerSecond = 1_000_000
/** A Date holds this many seconds before and after 1970. */
export const dateSeconds = 8_640_000_000_000

// The text of the last second: making a Date for each of millions of records in time order is the slowest part of a
// list. It depends on the second alone, so sharing it between callers changes nothing.
let lastSecond = Number.NaN
let lastText: string | undefined

/**
 * A second as `2026-11-23T01:50:00`, in UTC; undefined beyond what a Date holds. The last one is remembered, as
 * records of the same second follow each other.
 */
export function secondText(second: number): string | undefined {
  if (second === lastSecond) return lastText
  lastSecond = second
  lastText = Math.abs(second) > dateSeconds ? undefined : new Date(second * 1000).toISOString().slice(0, -5)
  return lastText
}

/** Three digits of each number below 1000, once they are needed: two of these are faster than one number's text. */
let digits: readonly string[] | undefined

/** Six digits of microseconds, or nine where there are nanoseconds. */
export function fractionText(micros: number, nanos: number): string {
  digits ??= Array.from({length: 1000}, (_, number) => String(number).padStart(3, '0'))
  const millis = Math.trunc(micros / 1000)
  const text = digits[millis]! + digits[micros - 1000 * millis]!
  return nanos === 0 ? text : text + digits[nanos]!
}

/** ISO 8601 in UTC, with 6 or 9 digits of the second; undefined beyond what a Date holds. */
export function isoTime({micros, nanos}: Time): string | undefined {
  const second = Math.floor(micros / microsPerSecond)
  const text = secondText(second)
  return text === undefined ? undefined : `${text}.${fractionText(micros - second * microsPerSecond, nanos)}Z`
}

/** From one time to another; negative where the other is earlier. */
export function timeBetween(from: Time, to: Time): Time {
  const nanos = to.nanos - from.nanos
  const micros = to.micros - from.micros
  return nanos < 0 ? {micros: micros - 1, nanos: nanos + 1000} : {micros, nanos}
}

/** Seconds with 6 or 9 digits after the point, as `-0.500000`. `nanos` counts upwards from `micros`. */
export function secondsText({micros, nanos}: Time): string {
  if (micros < 0)
    return `-${secondsText(nanos === 0 ? {micros: -micros, nanos} : {micros: -micros - 1, nanos: 1000 - nanos})}`
  const second = Math.floor(micros / microsPerSecond)
  return `${second}.${fractionText(micros - second * microsPerSecond, nanos)}`
}

const epoch = /^(\d{1,11})(?:\.(\d*))?$/
const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(?:[Zz]|UTC|([+-])(\d{2}):?(\d{2}))?$/
const worded = /^([A-Z][a-z]{2})\s+(\d{1,2}),\s*(\d{4})\b/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Read a point in time: ISO 8601 with a space or `T` (in UTC if it names no zone), tshark's `Nov 23, 2026
 * 01:50:00.123`, or seconds since 1970. Exact to the nanosecond; further digits are cut off.
 * @returns undefined for anything else, also for a day that does not exist.
 */
export function parseTime(text: string): Time | undefined {
  const seconds = epoch.exec(text)
  if (seconds) return timeAt(Number(seconds[1]), seconds[2])
  const match = iso.exec(
    text.replace(worded, (all, month: string, day: string, year: string) => isoDate(month, day, year) ?? all),
  )
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!isReal) return undefined
  const zone = match[8] ? Number(`${match[8]}1`) * (Number(match[9]) * 60 + Number(match[10])) : 0
  return timeAt(date.getTime() / 1000 - zone * 60, match[7])
}

function isoDate(month: string, day: string, year: string): string | undefined {
  const number = months.indexOf(month) + 1
  return number > 0 ? `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}` : undefined
}

/** Read a number of seconds, perhaps negative, as `-0.5`; undefined for anything else. */
export function parseSeconds(text: string): Time | undefined {
  const found = epoch.exec(text.replace(/^-/, ''))
  const time = found ? timeAt(Number(found[1]), found[2]) : undefined
  return time && text.startsWith('-') ? timeBetween(time, {micros: 0, nanos: 0}) : time
}

/** @param fraction digits after the point. */
function timeAt(seconds: number, fraction = ''): Time | undefined {
  const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'))
  const micros = seconds * microsPerSecond + Math.floor(nanos / 1000)
  return Number.isSafeInteger(micros) ? {micros, nanos: nanos % 1000} : undefined
}
