import type {Statistics} from '../../statistics/statistics.js'
import type {InputError} from '../../wire/input-error.js'
import {listOf, type OneOrMore} from '../one-or-more.js'
import type {CaptureInput} from './capture-input.js'
import {captureStatistics} from './capture-statistics.js'
import {type CaptureOptions, openReading} from './open-capture.js'

/** What is counted of a capture. Times are microseconds since 1970; pairs are [client, relay]. */
export interface CaptureCounts extends Statistics {
  /** TCP connections that are not Tox. */
  readonly others: number
  /** Why the capture was not read to its end; undefined: it was. */
  readonly problem: InputError | undefined
}

/**
 * Count what is in a capture: packets by type, connections, routes, ping times, throughput, findings.
 *
 * @throws InputError where there is nothing to count: not a capture, a bad filter, a bad key.
 *
 * @example
 * ```ts
 * import {statistics} from 'toxtcp'
 *
 * const {kinds, rules} = await statistics('capture.pcap', {keylog: 'keys.log'})
 * for (const {name, packets} of kinds) console.log(name, packets[0], packets[1])
 * for (const {code, severity, count} of rules) console.log(severity, code, count)
 * ```
 */
export async function statistics(input: OneOrMore<CaptureInput>, options: CaptureOptions = {}): Promise<CaptureCounts> {
  const {reading, matches} = await openReading(listOf(input), options)
  const {statistics, summary} = await captureStatistics(reading, {matches})
  const {connections, others, problem} = summary
  if (problem && connections === 0) throw problem
  return {...statistics, others, problem}
}
