import type {Time} from '../../wire/chunk.js'

const startMicros = Date.now() * 1000
const start = performance.now()

/** Current time, to the microsecond. Never goes back: the system's clock is read only once, at the start. */
export const now = (): Time => ({micros: startMicros + Math.floor((performance.now() - start) * 1000), nanos: 0})

/** A clock and timers. */
export interface Scheduler {
  /** Milliseconds from an arbitrary start, with fractions. */
  now(): number
  /** Run once after this many milliseconds. @returns cancels it. */
  after(milliseconds: number, run: () => void): () => void
}

export const systemScheduler: Scheduler = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
