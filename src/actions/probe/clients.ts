import type {Box} from '../../crypto/box.js'
import {relayKeyOf} from '../../live/relay/relay-key.js'
import {relayKeyNotes} from '../../live/relay/relay-texts.js'
import {ClientProbe} from '../../probe/client/client-probe.js'
import {addressText, parseAddress} from '../../proxy/explicit/address.js'
import type {Io} from '../../terminal/io.js'
import {printJson, printText} from '../../terminal/user-output.js'
import type {TableStyle} from '../../view/stats/table.js'
import {clientIntent, clientSuiteJson, clientSuiteText, isAsKnown} from './report/client.js'

export interface ClientCommandOptions {
  readonly box: Box
  /** Where to listen: `[HOST:]PORT`. */
  readonly listen: string
  readonly timeoutMilliseconds: number
  readonly json: boolean
  readonly style: TableStyle
  /** Ends the wait and the cases. */
  readonly stop: AbortSignal
}

/** `toxtcp probe --client`. @returns the exit status. @throws InputError */
export async function probeClient(options: ClientCommandOptions, io: Io): Promise<number> {
  const {box, timeoutMilliseconds, json, style, stop} = options
  const keys = await relayKeyOf(box, undefined, io.env)
  const probe = await ClientProbe.listen(parseAddress(options.listen, {defaultHost: '127.0.0.1', lowestPort: 0}))
  const {ip, port} = probe.bound
  io.note(`listening on ${addressText({host: ip, port})} as a Tox relay`)
  if (!probe.isLocal) io.note('warning: clients on other machines can connect, and get wrong packets')
  for (const note of relayKeyNotes(keys, probe.bound)) io.note(note)
  io.note(clientIntent(probe.cases))
  const result = await probe.run({
    box,
    keys,
    timeoutMilliseconds,
    stop,
    progress: (finished, of) => io.isErrorTerminal && io.status(`${finished} of ${of} cases`),
  })
  if (io.isErrorTerminal) io.status('')
  if (json) printJson(io, clientSuiteJson(result))
  else printText(io, clientSuiteText(result, style))
  return isAsKnown(result) ? 0 : 1
}
