import {randomBytes} from 'node:crypto'
import {limits} from '../../protocol/limits.js'
import {suiteConnections} from '../limits.js'
import type {ProbeContext} from '../target.js'
import {type Behaviour, behaviourOf} from './behaviour.js'
import {suiteCases} from './cases.js'
import {runCase} from './run-case.js'
import type {CaseResult} from './suite-case.js'
import {passesNewResponses} from './version.js'

/** Number of cases, and so of connections but for second clients. */
export const suiteSize = (): number => suiteCases(randomKeys(new Uint8Array(limits.publicKey))).length

export interface SuiteOptions extends ProbeContext {
  /** IP addresses of the relay, or its name where a proxy resolves it. */
  readonly addresses: readonly string[]
  /** Called with the number of finished cases. */
  readonly progress?: ((finished: number, of: number) => void) | undefined
}

/** What a relay did in each case, and what it behaves like. */
export interface SuiteResult {
  readonly results: readonly CaseResult[]
  readonly behaviour: Behaviour
}

const randomKeys = (relay: Uint8Array) => () => ({
  relay,
  peer: randomBytes(limits.publicKey),
  nobody: randomBytes(limits.publicKey),
})

/** Run all cases at a relay. */
export async function runSuite({addresses, progress, ...context}: SuiteOptions): Promise<SuiteResult> {
  const cases = suiteCases(randomKeys(context.relay.publicKey))
  const results: (CaseResult | undefined)[] = cases.map(() => undefined)
  let next = 0
  let finished = 0
  const work = async (): Promise<void> => {
    while (next < cases.length) {
      const index = next++
      results[index] = await runCase(cases[index]!, context, addresses)
      progress?.(++finished, cases.length)
    }
  }
  const [passesNew] = await Promise.all([
    passesNewResponses(context, addresses),
    ...Array.from({length: suiteConnections}, work),
  ])
  const all = results.filter(result => result !== undefined)
  return {results: all, behaviour: behaviourOf(all, passesNew)}
}
