import type {FormatName, TextFormatName} from '../../view/formats.js'
import {parseFieldOptions} from '../../view/forms/field-options.js'
import type {PrintOptions} from '../../view/printer.js'
import type {TimeForm} from '../../view/time.js'
import {InputError} from '../../wire/input-error.js'
import {type ColorLevel, terminalColorLevel} from '../color-level.js'
import type {Io} from '../io.js'
import {timeZoneOf} from './time-zone.js'

/**
 * Forms of time, as tshark's -t names them: time of day, with the date, since the first record, since the record
 * before, since the record printed before, seconds since 1970.
 */
export const timeForms = ['a', 'ad', 'r', 'd', 'dd', 'e'] as const satisfies readonly TimeForm[]

/** The flags of all commands that print packets, as they were typed. */
export interface PrintFlags {
  readonly format?: TextFormatName | undefined
  /** The same as the format tree. */
  readonly tree: boolean
  /** The same as the format json. */
  readonly json: boolean
  readonly hex: boolean
  readonly bytes: boolean
  /** undefined: neither --color nor --no-color. */
  readonly color?: boolean | undefined
  readonly time?: TimeForm | undefined
  /** -e, in order. */
  readonly fields: readonly string[]
  /** -E, each NAME=VALUE. */
  readonly fieldOptions: readonly string[]
  /** --columns, in order. */
  readonly columns?: readonly string[] | undefined
  /** --follow. */
  readonly isDialogue?: boolean | undefined
  /** --label and --labels: names by key in hex. */
  readonly labels?: ReadonlyMap<string, string> | undefined
}

/**
 * Options of the printer from the flags, the terminal and the environment.
 * @param usual the command's format if no flag names one.
 * @param hasConnections whether there may be several.
 * @throws InputError for flags that contradict each other.
 */
export function printOptions(flags: PrintFlags, io: Io, usual: 'list' | 'tree', hasConnections = false): PrintOptions {
  const format = formatAskedFor(flags)?.name ?? usual
  const {fields, fieldOptions, hex, bytes, time} = flags
  return {
    format,
    hex,
    bytes,
    isAscii: io.isAscii,
    colorLevel: colorLevelOf(flags.color, io),
    colors: io.colors,
    width: rowWidth(io),
    timeForm: time ?? 'r',
    isTimeFormGiven: time !== undefined,
    timeZone: time === 'a' || time === 'ad' ? timeZoneOf(io.env) : 'UTC',
    fields,
    fieldOptions: parseFieldOptions(fieldOptions),
    columns: flags.columns,
    isDialogue: flags.isDialogue,
    labels: flags.labels,
    hasConnections,
  }
}

/** A format, and the flag that asked for it. */
interface AskedFormat<Name extends FormatName> {
  readonly flag: string
  readonly name: Name | 'json' | 'tree'
}

/** The flags that ask for a format. */
interface FormatFlags<Name extends FormatName> {
  readonly format?: Name | undefined
  readonly tree: boolean
  readonly json: boolean
}

/** The format that flags ask for; undefined if none does. @throws InputError for two of them. */
export function formatAskedFor<Name extends FormatName>({
  format,
  tree,
  json,
}: FormatFlags<Name>): AskedFormat<Name> | undefined {
  const asked: AskedFormat<Name>[] = []
  if (json) asked.push({flag: '--json', name: 'json'})
  if (tree) asked.push({flag: '-V', name: 'tree'})
  if (format) asked.push({flag: `-T ${format}`, name: format})
  const [first, ...others] = asked
  const other = others.find(({name}) => name !== first!.name)
  if (other)
    throw new InputError(
      `${first!.flag} and ${other.flag} ask for two formats at once`,
      'give one of them',
      'bad-option',
    )
  return first
}

/** Columns that rows are fitted into; infinite in a pipe or file, where nothing is cut. */
export const rowWidth = (io: Pick<Io, 'isOutputTerminal' | 'env' | 'width'>): number =>
  io.isOutputTerminal || io.env['COLUMNS'] ? io.width : Number.POSITIVE_INFINITY

/** The flag, then what the environment and the terminal say. */
export function colorLevelOf(flag: boolean | undefined, io: Pick<Io, 'colorLevel' | 'env'>): ColorLevel {
  if (flag === undefined) return io.colorLevel
  if (!flag) return 0
  return io.colorLevel === 0 ? terminalColorLevel(io.env) : io.colorLevel
}
