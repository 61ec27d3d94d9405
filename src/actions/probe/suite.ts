import {isIP} from 'node:net'
import {resolve} from '../../probe/net/connect.js'
import {probeRelay} from '../../probe/probe-relay.js'
import {runSuite, suiteSize} from '../../probe/suite/run-suite.js'
import type {ProbeOptions} from '../../probe/target.js'
import {addressText, isLoopback} from '../../proxy/explicit/address.js'
import type {Io} from '../../terminal/io.js'
import {printJson} from '../../terminal/user-output.js'
import type {TableStyle} from '../../view/stats/table.js'
import {InputError} from '../../wire/input-error.js'
import {probeJson} from './report/json.js'
import {intentText, suiteJson, suiteText} from './report/suite.js'
import {stagesText} from './report/tables.js'

export interface SuiteCommandOptions {
  readonly allowRemote: boolean
  readonly json: boolean
  readonly style: TableStyle
}

/** `toxtcp probe --suite`. @returns the exit status. @throws InputError */
export async function probeSuite(probe: ProbeOptions, options: SuiteCommandOptions, io: Io): Promise<number> {
  const {relay} = probe
  const addresses = await allowedAddresses(probe, options.allowRemote)
  if (!options.json) io.stdout(`${intentText(relay, suiteSize())}\n`)
  // A relay that cannot be reached, or is not one, would fail every case.
  const first = await probeRelay({...probe, pings: 1})
  const hasAnswered = first.pings !== null
  if (!hasAnswered) {
    if (options.json) printJson(io, probeJson(first))
    else io.stdout(stagesText(first, options.style))
    return 1
  }
  const result = await runSuite({
    ...probe,
    addresses,
    progress: (finished, of) => io.isErrorTerminal && io.status(`${finished} of ${of} cases`),
  })
  if (io.isErrorTerminal) io.status('')
  if (options.json) printJson(io, suiteJson(relay, result))
  else io.stdout(suiteText(relay, result, options.style))
  return result.behaviour.disagreements.length === 0 ? 0 : 1
}

/** The addresses of the relay, if the suite may be run there. @throws InputError */
async function allowedAddresses(probe: ProbeOptions, allowRemote: boolean): Promise<readonly string[]> {
  const {relay} = probe
  const resolved = await resolve(probe)
  const addresses = resolved.kind === 'failed' ? [relay.host] : resolved.addresses
  const isLocal = addresses.every(address => (isIP(address) ? isLoopback(address) : address === 'localhost'))
  if (!isLocal && !allowRemote && resolved.kind !== 'failed')
    throw new InputError(
      `${addressText(relay)} is not on this machine, and --suite sends it wrong packets`,
      'add --allow-remote if the relay is yours, or its operator agrees',
      'bad-option',
    )
  return addresses
}
