import type {Time} from '../../wire/chunk.js'

const seconds = /^(\d{1,10})(?:\.(\d*))?$/
const date = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(?:Z|z|[+-]00:?00)?$/

/**
 * A time in text: seconds since the epoch with a fraction, or an ISO 8601 date in UTC. Exact to the nanosecond; further
 * digits are cut off.
 * @returns undefined if it is neither.
 */
export function timeOf(text: string): Time | undefined {
  const epoch = seconds.exec(text)
  if (epoch !== null) return timeAt(Number(epoch[1]), epoch[2] ?? '')
  const iso = date.exec(text)
  if (iso === null) return undefined
  const millis = Date.parse(`${iso[1]}T${iso[2]}Z`)
  return Number.isNaN(millis) || millis < 0 ? undefined : timeAt(millis / 1000, iso[3] ?? '')
}

function timeAt(whole: number, fraction: string): Time | undefined {
  const digits = fraction.slice(0, 9).padEnd(9, '0')
  const micros = whole * 1_000_000 + Number(digits.slice(0, 6))
  return Number.isSafeInteger(micros) ? {micros, nanos: Number(digits.slice(6))} : undefined
}
