import {type StatsOptions, stats} from '../../src/actions/stats.js'
import type {Io} from '../../src/terminal/io.js'
import {InputError} from '../../src/wire/input-error.js'

export const fixture = (path: string): string => new URL(`../../fixtures/${path}`, import.meta.url).pathname
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
    ...options
  }: Partial<StatsOptions> & {keylogs?: readonly string[]; columns?: number; input?: readonly Uint8Array[]} = {},
): Promise<StatsRun> {
  const out = {stdout: '', stderr: ''}
  const io: Io = {
    stdout: text => {
      out.stdout += text
    },
    stderr: text => {
      out.stderr += text
    },
    stdin: (async function* () {
      for (const part of input) yield Buffer.from(part)
    })(),
    isInputTerminal: false,
    isOutputTerminal: columns !== undefined,
    isErrorTerminal: false,
    width: columns ?? 80,
    colorLevel: 0,
    env: {LANG: 'C.UTF-8'},
  }
  const keys = {key: [], keylog: keylogs, secretKey: [], relayPk: [], env: {}}
  try {
    const status = await stats({files, ports: [], json: false, ascii: false, keys, ...options}, io)
    return {...out, status, error: undefined}
  } catch (error) {
    if (error instanceof InputError) return {...out, status: 2, error}
    throw error
  }
}
