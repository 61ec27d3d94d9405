import type {Time} from '../../wire/chunk.js'
import {microsPerSecond} from '../../wire/time.js'

/** How the time stamps of an interface are counted. */
export interface Clock {
  /** Ticks per second; 10^n or 2^n. */
  readonly ticks: bigint
  readonly kind: 'micros' | 'nanos' | 'other'
  /** Added to every time stamp. */
  readonly offsetMicros: number
}

/**
 * @param resolution if_tsresol: n for 10^-n seconds; with the top bit, 2^-n.
 * @param offsetSeconds if_tsoffset.
 */
export function clockOf(resolution: number, offsetSeconds: number): Clock {
  const ticks = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution)
  return {
    ticks,
    kind: resolution === 6 ? 'micros' : resolution === 9 ? 'nanos' : 'other',
    offsetMicros: offsetSeconds * microsPerSecond,
  }
}

/** The clock of an interface that does not describe its own. */
export const microClock = clockOf(6, 0)

/**
 * The time of a 64-bit count of ticks, given as two unsigned halves. A time before 1970 or after 2255, which a number
 * of microseconds does not hold exactly, becomes the nearest that it does.
 */
export function timeOf(clock: Clock, high: number, low: number): Time {
  let micros: number
  let nanos = 0
  if (clock.kind === 'micros') micros = high * 2 ** 32 + low
  else if (clock.kind === 'nanos') {
    // Divided in two steps: 64 bits of nanoseconds do not fit a number, and a bigint costs more time than the rest of
    // the packet.
    const thousands = Math.floor(high / 1000)
    const rest = (high - thousands * 1000) * 2 ** 32 + low
    micros = thousands * 2 ** 32 + Math.floor(rest / 1000)
    nanos = rest % 1000
  } else {
    const total = (((BigInt(high) << 32n) | BigInt(low)) * 1_000_000_000n) / clock.ticks
    micros = Number(total / 1000n)
    nanos = Number(total % 1000n)
  }
  micros += clock.offsetMicros
  if (micros < 0) return {micros: 0, nanos: 0}
  return micros > Number.MAX_SAFE_INTEGER ? {micros: Number.MAX_SAFE_INTEGER, nanos: 0} : {micros, nanos}
}
