import type {Time} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {dateSeconds, fractionText, microsPerSecond, secondsText, secondText} from '../wire/time.js'
import {posixZone, type ZoneOffset} from './posix-zone.js'

/**
 * Forms of time, as tshark's -t. a: time of day. ad: with the date. r: since the first record. d: since the previous
 * printed record. e: seconds since 1970.
 */
export type TimeForm = 'a' | 'ad' | 'r' | 'd' | 'e'

/** Fewest characters of a time of each form. */
export const timeWidths: Readonly<Record<TimeForm, number>> = {a: 15, ad: 26, r: 10, d: 10, e: 17}

/** Offsets from UTC change at whole quarters of an hour. */
const quarterHour = 900
function difference(to: Time, from: Time): string {
  const nanos = to.nanos - from.nanos
  const micros = to.micros - from.micros
  return secondsText(nanos < 0 ? {micros: micros - 1, nanos: nanos + 1000} : {micros, nanos})
}

/** Seconds that a time zone is ahead of UTC. */
class IntlZone {
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
      throw new InputError(`unknown time zone "${timeZone}"`, 'for example Europe/Berlin or UTC', 'bad-option')
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

/** @param timeZone by its name, or as POSIX writes it. @throws InputError for a zone that is not known. */
function offsetOf(timeZone: string): ZoneOffset {
  const posix = posixZone(timeZone)
  if (posix) return posix
  const zone = new IntlZone(timeZone)
  return second => zone.offsetAt(second)
}

/** Writes the times of one run, in one form. */
export class Times {
  readonly #offsetAt: ZoneOffset
  #first: Time | undefined
  #previous: Time | undefined

  /** @param timeZone for the forms a and ad; UTC if left out. */
  constructor(
    readonly form: TimeForm,
    timeZone?: string,
  ) {
    this.#offsetAt = timeZone === undefined || timeZone === 'UTC' ? () => 0 : offsetOf(timeZone)
  }

  /** Notes a record that may not be printed: the first one counts for the form r all the same. */
  see(time: Time | null): void {
    if (time) this.#first ??= time
  }

  /** The time of a record that is printed now; `-` if it has none. */
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
        return secondsText(time)
      default:
        return this.#absolute(time)
    }
  }

  #absolute(time: Time): string {
    const second = Math.floor(time.micros / microsPerSecond)
    if (Math.abs(second) > dateSeconds - 86_400) return secondsText(time)
    const text = secondText(second + this.#offsetAt(second))!
    const [date, clock] = text.split('T')
    const digits = fractionText(time.micros - second * microsPerSecond, time.nanos)
    return this.form === 'a' ? `${clock}.${digits}` : `${date} ${clock}.${digits}`
  }
}
