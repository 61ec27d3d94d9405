import {randomBytes} from 'node:crypto'
import {isIP} from 'node:net'
import {limits} from '../../protocol/limits.js'
import {addressText, isLoopback} from '../../proxy/explicit/address.js'
import {addFlags} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {suiteConnections} from '../limits.js'
import {resolve} from '../net/connect.js'
import type {ProbeContext} from '../target.js'
import {type Behaviour, behaviourOf} from './behaviour.js'
import {suiteCases} from './cases.js'
import {runCase} from './run-case.js'
import {type CaseResult, waitsForPing} from './suite-case.js'
import {passesNewResponses} from './version.js'

/** How much the suite does: its cases, and the most connections that are open at a time, second clients included. */
export function suiteSize(): {readonly cases: number; readonly connections: number} {
  const cases = suiteCases(randomKeys(new Uint8Array(limits.publicKey)))
  return {cases: cases.length, connections: 2 * suiteConnections + cases.filter(waitsForPing).length}
}

/** Options of `runSuite`. */
export interface SuiteOptions extends ProbeContext {
  /** IP addresses of the relay, or its name where a proxy resolves it. */
  readonly addresses: readonly string[]
  /** Called with the number of finished cases. */
  readonly progress?: ((finished: number, of: number) => void) | undefined
}

/** The addresses of the relay, if the suite may be run there. @throws InputError */
export async function suiteAddresses(context: ProbeContext, allowRemote: boolean): Promise<readonly string[]> {
  const {relay} = context
  const resolved = await resolve(context)
  const addresses = resolved.kind === 'failed' ? [relay.host] : resolved.addresses
  const isLocal = addresses.every(address => (isIP(address) ? isLoopback(address) : address === 'localhost'))
  if (!isLocal && !allowRemote && resolved.kind !== 'failed')
    throw new InputError(
      `${addressText(relay)} is not on this machine, and --suite sends it wrong packets`,
      addFlags(['--allow-remote'], 'if the relay is yours, or its operator agrees'),
      'bad-option',
    )
  return addresses
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
  let finished = 0
  const run = async (index: number): Promise<void> => {
    results[index] = await runCase(cases[index]!, context, addresses)
    progress?.(++finished, cases.length)
  }
  // Cases that wait for the relay's own ping all wait at once, beside the others.
  const waiting = [...cases.keys()].filter(index => waitsForPing(cases[index]!))
  const others = [...cases.keys()].filter(index => !waitsForPing(cases[index]!)).values()
  const work = async (): Promise<void> => {
    for (const index of others) await run(index)
  }
  const [passesNew] = await Promise.all([
    passesNewResponses(context, addresses),
    ...waiting.map(run),
    ...Array.from({length: suiteConnections}, work),
  ])
  const all = results.filter(result => result !== undefined)
  return {results: all, behaviour: behaviourOf(all, passesNew)}
}
