import {InputError} from '../../wire/input-error.js'

const byteUnits: Readonly<Record<string, number>> = {'': 1, B: 1, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3}
const secondUnits: Readonly<Record<string, number>> = {ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400}

/** Longest that a timer of node waits, over 24 days: one that is set to more runs at once. */
export const longestSeconds = (2 ** 31 - 1) / 1000

const pattern = /^(?<number>\d+(?:\.\d+)?) ?(?<unit>[A-Za-z]*)$/

function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const {number, unit = ''} = pattern.exec(text)?.groups ?? {}
  const factor = Object.hasOwn(units, unit) ? units[unit]! : undefined
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}

/**
 * Bytes: a number, perhaps with k, M or G (of 1024).
 * @throws InputError
 */
export function bytesOf(text: string, flag: string): number {
  const bytes = quantity(text, byteUnits)
  if (bytes === undefined || bytes < 1)
    throw new InputError(
      `${flag} "${text}" is not a number of bytes`,
      `for example ${flag} 65536, ${flag} 64k or ${flag} 10M`,
      'bad-option',
    )
  return Math.floor(bytes)
}

/** @throws InputError for more than a timer can wait. */
export function timerSeconds(seconds: number, text: string, flag: string): number {
  if (seconds > longestSeconds)
    throw new InputError(`${flag} "${text}" is longer than a timer can wait`, 'the longest is 24d', 'bad-option')
  return seconds
}

/**
 * Seconds that a timer waits: a number with ms, s, min, h or d.
 * @param bare the unit of a number that has none; absent: it must have one.
 * @throws InputError
 */
export function secondsOf(text: string, flag: string, bare?: 'ms' | 's'): number {
  const units = bare === undefined ? secondUnits : {...secondUnits, '': secondUnits[bare]!}
  const seconds = quantity(text, units)
  if (seconds === undefined)
    throw new InputError(
      `${flag} "${text}" is not a time`,
      `for example ${flag} 200ms, ${flag} 10s or ${flag} 1h`,
      'bad-option',
    )
  return timerSeconds(seconds, text, flag)
}

/** A size or a time, which differ by the unit. @throws InputError */
export function bytesOrSecondsOf(text: string, flag: string): {readonly bytes: number} | {readonly seconds: number} {
  const seconds = quantity(text, secondUnits)
  if (seconds !== undefined && seconds > 0) return {seconds}
  const bytes = quantity(text, byteUnits)
  if (bytes !== undefined && bytes >= 1) return {bytes: Math.floor(bytes)}
  throw new InputError(
    `${flag} "${text}" is neither a size nor a time`,
    `for example ${flag} 10M or ${flag} 1h`,
    'bad-option',
  )
}
