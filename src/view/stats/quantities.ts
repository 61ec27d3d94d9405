import {shortKey} from '../../protocol/text.js'
import {type Distribution, percentile} from '../../statistics/distribution.js'
import {microsPerSecond} from '../../wire/time.js'

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes in three digits: `999 B`, `1.23 kB`, `48.0 MB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${units[unit]}`
}

const threeDigits = (value: number): string => value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)

/** Bytes a second. */
export const rateText = (bytesPerSecond: number): string => `${sizeText(bytesPerSecond)}/s`

/** A length of time in a few characters: `160 us`, `20.1 ms`, `9.13 s`, `12 min 30 s`, `5 h 02 min`, `3 d 04 h`. */
export function spanText(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} us`
  if (micros < 999_500) return `${threeDigits(micros / 1000)} ms`
  const seconds = micros / microsPerSecond
  if (seconds < 99.95) return `${threeDigits(seconds)} s`
  const whole = Math.round(seconds)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`
  return `${Math.floor(whole / 86_400)} d ${two((whole % 86_400) / 3600)} h`
}

/** Seconds since the first record, to the millisecond; `-`: not known. */
export const sinceText = (micros: number | null, first: number | null): string =>
  micros === null || first === null ? '-' : ((micros - first) / microsPerSecond).toFixed(3)

/** `62.1 %`. */
export const shareText = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`

/** A key's first four bytes and its last; `-` if not known. */
export const keyText = (hex: string | null): string => (hex === null ? '-' : shortKey(hex))

/** Time that a share of the times does not exceed. @param share 0..1. */
export function percentileText(times: Distribution, share: number): string {
  const micros = percentile(times, share)
  return micros === undefined ? '-' : spanText(micros)
}
