import {probeTarget} from './probe-relay.js'
import type {RelayProbe} from './relay-probe.js'
import type {ProbeOptions, RelayTarget} from './target.js'

/** Options of `probeRelays`. */
export interface ProbeManyOptions extends Omit<ProbeOptions, 'relay' | 'progress'> {
  /** Relays that are probed at the same time. */
  readonly jobs: number
  /** Relays that are begun in a second, at most. */
  readonly perSecond: number
  /** Called with each result when it is there, and the number of its relay. */
  readonly done?: ((probe: RelayProbe, index: number) => void) | undefined
  /** Begin no more relays once this is aborted. */
  readonly stop?: AbortSignal | undefined
}

/** Probe relays. @returns results in the order of the relays, without those that were not begun. */
export async function probeRelays(relays: readonly RelayTarget[], options: ProbeManyOptions): Promise<RelayProbe[]> {
  const {jobs, perSecond, done, stop} = options
  const results = new Map<number, RelayProbe>()
  let next = 0
  let free = performance.now()
  const work = async (): Promise<void> => {
    while (next < relays.length && !stop?.aborted) {
      const index = next++
      const at = Math.max(free, performance.now())
      free = at + 1000 / perSecond
      await until(at, stop)
      if (stop?.aborted) return
      const probe = await probeTarget({...options, relay: relays[index]!})
      results.set(index, probe)
      done?.(probe, index)
    }
  }
  await Promise.all(Array.from({length: Math.min(jobs, relays.length)}, work))
  return [...results].sort(([a], [b]) => a - b).map(([, probe]) => probe)
}

/** Wait until that time of `performance.now()`, or until the signal. */
function until(at: number, stop: AbortSignal | undefined): Promise<void> {
  return new Promise(done => {
    const finish = () => {
      clearTimeout(timer)
      stop?.removeEventListener('abort', finish)
      done()
    }
    const timer = setTimeout(finish, Math.max(0, at - performance.now()))
    stop?.addEventListener('abort', finish, {once: true})
    if (stop?.aborted) finish()
  })
}
