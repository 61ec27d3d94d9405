import type {Time} from '../wire/chunk.js'

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(?:Z|UTC|([+-])(\d{2}):?(\d{2}))?$/
const worded = /^([A-Z][a-z]{2})\s+(\d{1,2}),\s*(\d{4})\b/
const epoch = /^(\d{1,11})(?:\.(\d{1,9}))?$/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Reads a point in time: ISO 8601 with a space or `T` (in UTC where it names no zone), tshark's `Nov 23, 2026
 * 01:50:00.123`, or seconds since 1970.
 * @returns undefined for anything else, also a day that no calendar has.
 */
export function parseTime(text: string): Time | undefined {
  const seconds = epoch.exec(text)
  if (seconds) return timeOf(Number(seconds[1]), seconds[2])
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
  return timeOf(date.getTime() / 1000 - zone * 60, match[7])
}

function isoDate(month: string, day: string, year: string): string | undefined {
  const number = months.indexOf(month) + 1
  return number > 0 ? `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}` : undefined
}

function timeOf(seconds: number, fraction = ''): Time {
  const nanos = Number(fraction.padEnd(9, '0'))
  return {micros: seconds * 1_000_000 + Math.floor(nanos / 1000), nanos: nanos % 1000}
}
