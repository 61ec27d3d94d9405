import {probeTarget} from '../../probe/probe-relay.js'
import {runSuite, suiteAddresses, suiteSize} from '../../probe/suite/run-suite.js'
import type {ProbeOptions} from '../../probe/target.js'
import type {Io} from '../../terminal/io.js'
import {printJson, printText} from '../../terminal/user-output.js'
import type {TableStyle} from '../../view/stats/table.js'
import {paragraph} from '../../view/wrap.js'
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
  const addresses = await suiteAddresses(probe, options.allowRemote)
  if (!options.json) printText(io, paragraph(intentText(relay, suiteSize()), options.style.width))
  // A relay that cannot be reached, or is not one, would fail every case.
  const first = await probeTarget({...probe, pings: 1})
  const hasAnswered = first.pings !== null
  if (!hasAnswered) {
    if (options.json) printJson(io, probeJson(first))
    else printText(io, stagesText(first, options.style))
    return 1
  }
  const result = await runSuite({
    ...probe,
    addresses,
    progress: (finished, of) => io.isErrorTerminal && io.status(`${finished} of ${of} cases`),
  })
  if (io.isErrorTerminal) io.status('')
  if (options.json) printJson(io, suiteJson(relay, result))
  else printText(io, suiteText(relay, result, options.style))
  return result.behaviour.disagreements.length === 0 ? 0 : 1
}
