import type {Keyring} from '../crypto/keyring/keyring.js'
import {type KeyOptions, loadKeys} from '../files/keys/load-keys.js'
import {halfOf, rawHalves, type Stream, streamOf, streamRecords} from '../library/stream-source.js'
import type {Io} from '../terminal/io.js'
import {noteTotals} from '../terminal/note-totals.js'
import {type PrintFlags, printOptions} from '../terminal/options/print-options.js'
import {type OutputOptions, outputTo} from '../terminal/output.js'
import {readInput} from '../terminal/read-input.js'
import {RunSummary} from '../view/run-summary.js'
import {SealedReport} from '../view/sealed-report.js'
import {exactLines, joinedAdvice} from '../wire/advice.js'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {streamFileBytes} from '../wire/limits.js'

export interface StreamOptions extends OutputOptions {
  /** One dump of both sides, or two raw files. `-` for standard input. */
  readonly files: readonly string[]
  readonly client?: string | undefined
  readonly relay?: string | undefined
  /** Exchange the two ends, which were guessed wrong. */
  readonly swap: boolean
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

/** `toxtcp stream`. @returns the exit status. @throws InputError */
export async function stream(options: StreamOptions, io: Io): Promise<number> {
  const {keyring, notes, doubts, names} = await loadKeys(options.keys)
  const source = await readStream(options, keyring, io)
  for (const note of notes) io.note(note)
  const output = await outputTo(io, {...printOptions(options.print, io, 'list'), savedNames: names}, options)
  const sealed = new SealedReport(keyring, doubts)
  const totals = new RunSummary()
  for (const record of streamRecords(source, keyring, options.peers)) {
    sealed.add(record)
    totals.add(record)
    if (!output.take(record)) break
  }
  const status = output.end()
  const whyNothing = output.whyNothing()
  if (whyNothing !== undefined) io.note(whyNothing)
  noteTotals(totals, output.printed(), sealed.sentence, io)
  return status
}

async function readStream(options: StreamOptions, keyring: Keyring, io: Io): Promise<Stream> {
  const {files, client, relay, swap} = options
  const named = client !== undefined || relay !== undefined
  if (named && files.length > 0)
    throw new InputError(
      `${files.length === 1 ? 'a file is' : `${files.length} files are`} given besides --client and --relay`,
      'give both halves by --client and --relay',
      'bad-option',
    )
  if (named) return rawHalves([client, relay], [await raw(client, io), await raw(relay, io)], keyring, swap, false)
  if (files.length === 0 || files.length > 2) {
    throw new InputError(
      files.length === 0 ? 'no stream is given' : `${files.length} files are given`,
      joinedAdvice(
        exactLines('toxtcp stream --client FILE --relay FILE', 'toxtcp stream DUMP'),
        'a dump is what tshark -z follow,tcp,yaml,N prints, or what "Follow Stream" of Wireshark saves',
      ),
      'bad-option',
    )
  }
  const contents = await Promise.all(files.map(file => readInput(file, streamFileBytes, io)))
  if (contents.every(({length}) => length === 0))
    throw new InputError(
      `${files.map(file => (file === '-' ? 'standard input' : file)).join(' and ')}: the stream is empty`,
      'see toxtcp stream --help for what is read',
      'bad-stream',
    )
  if (contents.length === 2) return rawHalves(files, [halfOf(contents[0]!), halfOf(contents[1]!)], keyring, swap, true)
  return streamOf(files[0]!, contents[0]!, keyring, swap)
}

const raw = async (file: string | undefined, io: Io): Promise<Uint8Array> =>
  file === undefined ? noBytes : halfOf(await readInput(file, streamFileBytes, io))
