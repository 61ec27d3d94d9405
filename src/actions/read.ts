import {InputError} from '../wire/input-error.js'
import {runCapture} from './capture-run.js'
import {captureSource} from './capture-source.js'
import type {Io} from './io.js'
import {type KeyOptions, loadKeys} from './load-keys.js'
import {type OutputOptions, outputTo} from './output.js'
import {type PrintFlags, printOptions} from './print-options.js'

export interface ReadOptions extends OutputOptions {
  /** Capture files; `-`: standard input. */
  readonly files: readonly string[]
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports: readonly number[]
  /** Only this connection. */
  readonly connection?: number | undefined
  /** Columns of the list. */
  readonly columns?: readonly string[] | undefined
  readonly threads?: number | undefined
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

/** `toxtcp read`. @returns the exit status. @throws InputError */
export async function read(options: ReadOptions, io: Io): Promise<number> {
  const {files, ports, connection, threads} = options
  if (files.length === 0) throw new InputError('no capture file is given', 'toxtcp read FILE\ntcpdump -U -w - | toxtcp read -')
  const {keyring, notes} = await loadKeys(options.keys)
  for (const note of notes) io.stderr(`${note}\n`)
  const sources = files.map(file => captureSource(file, io))
  const output = await outputTo(io, {...printOptions(options.print, io, 'list', true), columns: options.columns}, options)
  const {connections, others, problem} = await runCapture({
    sources,
    keyring,
    ports,
    threads,
    take: record => (connection !== undefined && record.connection !== connection) || output.take(record),
  })
  const status = output.end()
  if (connections === 0 && !problem) io.stderr(`no Tox connection is in ${files.join(', ')}: ${others} other TCP connections\n`)
  if (problem) throw problem
  return status
}
