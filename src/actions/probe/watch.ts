import {setTimeout as wait} from 'node:timers/promises'
import {probeRelays} from '../../probe/probe-relays.js'
import type {ProbeOptions, RelayTarget} from '../../probe/target.js'
import type {Address} from '../../proxy/explicit/address.js'
import type {Io} from '../../terminal/io.js'
import {stopAtSignal} from '../../terminal/signals.js'
import {printJson, printText} from '../../terminal/user-output.js'
import {MetricsServer} from './metrics-server.js'
import {probeJson} from './report/json.js'
import {ProbeMetrics} from './report/metrics.js'
import {verdictText} from './report/verdict.js'

export interface WatchOptions {
  readonly intervalSeconds: number
  /** Where metrics are served; undefined: nowhere. */
  readonly metrics?: Address | undefined
  readonly jobs: number
  readonly perSecond: number
  readonly json: boolean
  /** Ends the rounds. Default: the first signal that asks the process to end. */
  readonly stop?: AbortSignal | undefined
}

/**
 * `toxtcp probe --interval`: probe relays again and again, and print a line for each probe.
 * @returns the exit status, by the latest round. @throws InputError
 */
export async function probeWatch(
  relays: readonly RelayTarget[],
  settings: Omit<ProbeOptions, 'relay' | 'progress'>,
  options: WatchOptions,
  io: Io,
): Promise<number> {
  const {intervalSeconds, jobs, perSecond, json, stop = stopAtSignal()} = options
  const metrics = new ProbeMetrics()
  const server = options.metrics && (await MetricsServer.listen(options.metrics, () => metrics.text))
  if (server) io.note(`metrics at ${server.url}`)
  let isHealthy = true
  try {
    while (!stop.aborted) {
      const start = performance.now()
      const results = await probeRelays(relays, {
        ...settings,
        jobs,
        perSecond,
        stop,
        done: result => {
          const now = new Date()
          metrics.add(result, now.getTime() / 1000)
          if (json) printJson(io, {time: now.toISOString(), ...probeJson(result)})
          else printText(io, `${now.toISOString()} ${verdictText(result)}\n`)
        },
      })
      if (results.length > 0) isHealthy = results.every(result => result.isHealthy)
      const left = start + 1000 * intervalSeconds - performance.now()
      // The signal ends the wait.
      await wait(Math.max(0, left), undefined, {signal: stop}).catch(() => {})
    }
  } finally {
    server?.close()
  }
  return isHealthy ? 0 : 1
}
