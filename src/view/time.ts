import type {SessionRecord} from '../session/record.js'
import type {Time} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {dateSeconds, fractionText, microsPerSecond, secondsText, secondText, timeBetween} from '../wire/time.js'
import {posixZone, type ZoneOffset} from './posix-zone.js'

/**
 * Forms of time, as tshark's -t. a: time of day. ad: with the date. r: since the first record of all. d: since the
 * record before. dd: since the record that was printed before. e: seconds since 1970.
 */
export type TimeForm = 'a' | 'ad' | 'r' | 'd' | 'dd' | 'e'

/** The times of a record. */
export type RecordTimes = Pick<SessionRecord, 'number' | 'time' | 'firstTime' | 'previousTime'>

/** Fewest characters of a time of each form. */
export const timeWidths: Readonly<Record<TimeForm, number>> = {a: 15, ad: 26, r: 10, d: 10, dd: 10, e: 17}

/** Offsets from UTC change at whole quarters of an hour. */
const quarterHour = 900

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
  /** Number of the record that was printed last, for the form dd. */
  #number: number | undefined
  #latest: Time | undefined
  #before: Time | undefined

  /** @param timeZone for the forms a and ad; UTC if left out. */
  constructor(
    readonly form: TimeForm,
    timeZone?: string,
  ) {
    this.#offsetAt = timeZone === undefined || timeZone === 'UTC' ? () => 0 : offsetOf(timeZone)
  }

  /** The time of a record that is printed now; `-` if it has none. */
  text(record: RecordTimes): string {
    const {time, firstTime, previousTime} = record
    if (!time) return '-'
    switch (this.form) {
      case 'r':
        return secondsText(timeBetween(firstTime ?? time, time))
      case 'd':
        return secondsText(timeBetween(previousTime ?? time, time))
      case 'dd':
        return secondsText(timeBetween(this.#printedBefore(record.number, time), time))
      case 'e':
        return secondsText(time)
      default:
        return this.#absolute(time)
    }
  }

  /** Time of the record that was printed before; one record may show its time more than once. */
  #printedBefore(number: number, time: Time): Time {
    if (number !== this.#number) {
      this.#number = number
      this.#before = this.#latest ?? time
      this.#latest = time
    }
    return this.#before ?? time
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
