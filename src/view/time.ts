import type {Time} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'

/**
 * As tshark's -t. a: time of day. ad: with the date. r: since the first record. d: since the record printed before. e:
 * seconds since 1970.
 */
export type TimeForm = 'a' | 'ad' | 'r' | 'd' | 'e'

/** Characters that a time of each form takes at least. */
export const timeWidths: Readonly<Record<TimeForm, number>> = {a: 15, ad: 26, r: 10, d: 10, e: 17}

const microsPerSecond = 1_000_000
/** Offsets from UTC change at whole quarters of an hour. */
const quarterHour = 900
/** Date reaches so far on either side of 1970. */
const secondsMax = 8_640_000_000_000

let lastSecond = Number.NaN
let lastText: string | undefined

/** `2026-11-23T01:50:00` of a second; undefined beyond what a Date can hold. */
function secondText(second: number): string | undefined {
  if (second === lastSecond) return lastText
  lastSecond = second
  lastText = Math.abs(second) > secondsMax ? undefined : new Date(second * 1000).toISOString().slice(0, -5)
  return lastText
}

/** Six digits, or nine where there are nanoseconds. A leading one is cut off again: faster than to pad with zeroes. */
const fraction = (micros: number, nanos: number): string =>
  String(1_000_000 + micros).slice(1) + (nanos === 0 ? '' : String(1000 + nanos).slice(1))

/** ISO 8601 in UTC, 6 digits, 9 where there are nanoseconds; undefined for a time beyond what calendars hold. */
export function isoTime({micros, nanos}: Time): string | undefined {
  const second = Math.floor(micros / microsPerSecond)
  const text = secondText(second)
  return text === undefined ? undefined : `${text}.${fraction(micros - second * microsPerSecond, nanos)}Z`
}

/** Seconds with a sign where they are below zero; nanos counts upwards from micros. */
function secondsText(micros: number, nanos: number): string {
  if (micros < 0) {
    const back = nanos === 0 ? secondsText(-micros, 0) : secondsText(-micros - 1, 1000 - nanos)
    return `-${back}`
  }
  const second = Math.floor(micros / microsPerSecond)
  return `${second}.${fraction(micros - second * microsPerSecond, nanos)}`
}

function difference(to: Time, from: Time): string {
  const nanos = to.nanos - from.nanos
  const micros = to.micros - from.micros
  return nanos < 0 ? secondsText(micros - 1, nanos + 1000) : secondsText(micros, nanos)
}

/** Seconds that a time zone is ahead of UTC. */
class Zone {
  readonly #format: Intl.DateTimeFormat
  #quarter = Number.NaN
  #offset = 0

  /** @throws InputError for a zone that is not known. */
  constructor(timeZone: string) {
    try {
      const two = '2-digit'
      this.#format = new Intl.DateTimeFormat('en-US', {
        ...{timeZone, hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two, second: two},
      } as Intl.DateTimeFormatOptions)
    } catch {
      throw new InputError(`the time zone "${timeZone}" is not known`, 'name one as Europe/Berlin or UTC')
    }
  }

  offsetAt(second: number): number {
    const quarter = Math.floor(second / quarterHour)
    if (quarter === this.#quarter) return this.#offset
    this.#quarter = quarter
    const parts = new Map(
      this.#format.formatToParts(new Date(second * 1000)).map(({type, value}) => [type, Number(value)]),
    )
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    const local =
      Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) / 1000
    this.#offset = local - second
    return this.#offset
  }
}

/** Writes the times of one run, in one form. */
export class Times {
  readonly #zone: Zone | undefined
  #first: Time | undefined
  #previous: Time | undefined

  /** @param timeZone for the forms a and ad; UTC if left out. */
  constructor(
    readonly form: TimeForm,
    timeZone?: string,
  ) {
    this.#zone = timeZone === undefined || timeZone === 'UTC' ? undefined : new Zone(timeZone)
  }

  /** A record that may not be printed: the first one counts for the form r all the same. */
  see(time: Time | null): void {
    if (time) this.#first ??= time
  }

  /** The time of a record that is printed now. `-`: it has none. */
  text(time: Time | null): string {
    if (!time) return '-'
    this.#first ??= time
    const previous = this.#previous ?? time
    this.#previous = time
    switch (this.form) {
      case 'r':
        return difference(time, this.#first)
      case 'd':
        return difference(time, previous)
      case 'e':
        return secondsText(time.micros, time.nanos)
      default:
        return this.#absolute(time)
    }
  }

  #absolute(time: Time): string {
    const second = Math.floor(time.micros / microsPerSecond)
    if (Math.abs(second) > secondsMax - 86_400) return secondsText(time.micros, time.nanos)
    const text = secondText(second + (this.#zone?.offsetAt(second) ?? 0))!
    const [date, clock] = text.split('T')
    const digits = fraction(time.micros - second * microsPerSecond, time.nanos)
    return this.form === 'a' ? `${clock}.${digits}` : `${date} ${clock}.${digits}`
  }
}
