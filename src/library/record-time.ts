import type {Time} from '../wire/chunk.js'
import {isoTime} from '../wire/time.js'

/** A point in time, as fine as the capture has it. */
export class RecordTime implements Time {
  /** Whole microseconds since 1970, UTC. */
  readonly micros: number
  /** 0..999 nanoseconds more. */
  readonly nanos: number

  constructor({micros, nanos}: Time) {
    this.micros = micros
    this.nanos = nanos
  }

  /** Seconds since 1970. A double keeps about a microsecond of it. */
  get seconds(): number {
    return this.micros / 1_000_000 + this.nanos / 1_000_000_000
  }

  /** The same, cut off to milliseconds, which is all that a Date holds. */
  toDate(): Date {
    return new Date(Math.floor(this.micros / 1000))
  }

  /**
   * ISO 8601 in UTC with 6 digits, 9 where there are nanoseconds: `2026-11-23T01:50:00.123456Z`.
   * @throws RangeError for a time beyond what calendars hold, as Date does.
   */
  toISOString(): string {
    const text = isoTime(this)
    if (text === undefined) throw new RangeError('Invalid time value')
    return text
  }

  /** The same, and beyond what calendars hold the seconds since 1970: for template strings and joined texts. */
  toString(): string {
    return isoTime(this) ?? String(this.seconds)
  }

  /** null beyond what calendars hold. */
  toJSON(): string | null {
    return isoTime(this) ?? null
  }
}
