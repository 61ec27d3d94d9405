import {type StatsOptions, stats} from '../../../src/actions/stats.js'
import {InputError} from '../../../src/wire/input-error.js'
import {RecordedIo} from '../../terminal/recorded-io.js'

/** From the project's folder, where tests run: pages wrap long paths. */
export const fixture = (path: string): string => `fixtures/${path}`
export const capture = (name: string): string => fixture(`captures/${name}/capture.pcap`)
export const keylog = (name: string): string => fixture(`captures/${name}/sessions.keylog`)

/** What a run of the action left behind. */
export interface StatsRun {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
  readonly error: InputError | undefined
}

/** Run the action on this thread. columns: undefined where the output is no terminal. */
export async function runStats(
  files: readonly string[],
  {
    keylogs = [],
    columns,
    input = [],
    isAscii = false,
    ...options
  }: Partial<StatsOptions> & {
    keylogs?: readonly string[]
    columns?: number
    input?: readonly Uint8Array[]
    isAscii?: boolean
  } = {},
): Promise<StatsRun> {
  const recorded = new RecordedIo({
    stdin: input,
    isOutputTerminal: columns !== undefined,
    width: columns ?? 80,
    env: {LANG: isAscii ? 'C' : 'C.UTF-8'},
  })
  const ended = (status: number, error?: InputError): StatsRun => ({
    stdout: recorded.stdout,
    stderr: recorded.stderr,
    status,
    error,
  })
  const keys = {key: [], keylog: keylogs, secretKey: [], relayPk: [], env: {}}
  try {
    const status = await stats({files, ports: [], only: [], pager: false, json: false, keys, ...options}, recorded.io)
    return ended(status)
  } catch (error) {
    if (error instanceof InputError) return ended(2, error)
    throw error
  }
}
