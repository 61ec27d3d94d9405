import type {KeyOptions} from '../files/keys/load-keys.js'
import {captureSource} from '../library/capture/capture-input.js'
import {CaptureReading} from '../library/capture/capture-reading.js'
import type {Io} from '../terminal/io.js'
import {NumberRanges} from '../terminal/options/number-ranges.js'
import {colorLevelOf, rowWidth} from '../terminal/options/print-options.js'
import {pagerFor} from '../terminal/pager.js'
import {noteOfWait} from '../terminal/read-input.js'
import {printJson} from '../terminal/user-output.js'
import {Conversations, compared} from '../view/diff/comparison.js'
import {diffJson, diffSummary, diffText, isEqual} from '../view/diff/text.js'
import {escapeText} from '../view/escape.js'
import {comparedRecords} from '../view/limits.js'
import {theme} from '../view/theme.js'
import {exactLines, setFlag} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import {ChosenConnections} from './input/chosen-connections.js'

export interface DiffOptions {
  /** Two captures, or one of which two connections are compared. */
  readonly files: readonly string[]
  /** Ports whose connections are read as Tox, whatever they look like. */
  readonly ports: readonly number[]
  /** A connection of both captures, or one of each: `3` or `0,3`. */
  readonly connections?: string | undefined
  readonly pager: boolean
  readonly json: boolean
  readonly color?: boolean | undefined
  readonly keys: KeyOptions
}

/** `toxtcp diff`. @returns 0 if both say the same, 1 if they differ. @throws InputError */
export async function diff(options: DiffOptions, io: Io): Promise<number> {
  const [first, second, ...more] = options.files
  const example = exactLines('toxtcp diff A B', 'toxtcp diff CAPTURE --connection 0,3')
  if (first === undefined || more.length > 0)
    throw new InputError(`${options.files.length} captures are given, and diff compares two`, example, 'bad-option')
  const chosen = chosenConnections(options.connections)
  if (second === undefined && chosen?.length !== 2)
    throw new InputError('one capture is given, without two of its connections', example, 'bad-option')
  const files: [string, string] = [first, second ?? first]
  const a = await conversationsOf(files[0], chosen?.[0], options, io)
  const b = await conversationsOf(files[1], chosen?.[1] ?? chosen?.[0], options, io)
  const comparison = compared(a, b)
  if (options.json) printJson(io, diffJson(comparison, files))
  else {
    const names: [string, string] = [escapeText(files[0]), escapeText(files[1])]
    const paged = options.pager && !isEqual(comparison) ? pagerFor(io) : undefined
    const width = paged ? Number.POSITIVE_INFINITY : rowWidth(io)
    const style = {theme: theme(colorLevelOf(options.color, io), io.colors), width, isAscii: io.isAscii}
    const out = paged?.io ?? io
    out.stdout(diffText(comparison, names, style))
    await paged?.end()
    if (io.isErrorTerminal) io.note(diffSummary(comparison))
  }
  return isEqual(comparison) ? 0 : 1
}

function chosenConnections(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined
  const numbers = NumberRanges.parse('--connection', text).ranges
  if (numbers.length > 2 || numbers.some(([from, to]) => from !== to))
    throw new InputError(
      `--connection "${text}" is not one or two connections`,
      setFlag('--connection', '0', '--connection 0,1'),
      'bad-option',
    )
  return numbers.map(([number]) => number)
}

/** What is said in a capture. @param only the connection that is wanted; undefined: all. */
async function conversationsOf(
  file: string,
  only: number | undefined,
  {ports, keys}: DiffOptions,
  io: Io,
): Promise<Conversations> {
  const reading = await CaptureReading.open({
    sources: [captureSource(file, io, noteOfWait(io))],
    keys,
    ports,
    threads: 0,
  })
  for (const note of reading.notes) io.note(note)
  const conversations = new Conversations()
  const chosen = new ChosenConnections(
    only === undefined ? undefined : NumberRanges.parse('--connection', String(only)),
  )
  let count = 0
  const {problem} = await reading.run({
    take(record) {
      if (chosen.has(record)) count = conversations.add(record)
      return count <= comparedRecords
    },
  })
  if (problem) throw problem
  if (count > comparedRecords)
    throw new InputError(
      `${file} has over ${comparedRecords} records, which is more than are compared`,
      'choose a connection, as --connection 0',
      'file-too-long',
    )
  chosen.check(file)
  return conversations
}
