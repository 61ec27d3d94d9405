import {parseFieldOptions} from '../view/forms/field-options.js'
import type {Format, PrintOptions} from '../view/printer.js'
import type {TimeForm} from '../view/time.js'
import {InputError} from '../wire/input-error.js'
import {type ColorLevel, terminalColorLevel} from './color-level.js'
import type {Io} from './io.js'

/**
 * Forms of time, as tshark's -t names them: time of day, with the date, since the first record, since the record
 * before, seconds since 1970.
 */
export const timeForms = ['a', 'ad', 'r', 'd', 'e'] as const satisfies readonly TimeForm[]

/** The flags of all commands that print packets, as they were typed. */
export interface PrintFlags {
  readonly format?: Format | undefined
  /** The same as the format tree. */
  readonly tree: boolean
  /** The same as the format json. */
  readonly json: boolean
  readonly hex: boolean
  readonly bytes: boolean
  readonly ascii: boolean
  /** undefined: neither --color nor --no-color. */
  readonly color?: boolean | undefined
  readonly time: TimeForm
  /** -e, in order. */
  readonly fields: readonly string[]
  /** -E, each NAME=VALUE. */
  readonly fieldOptions: readonly string[]
}

/** Forms that -x adds a dump to. */
const dumpable: readonly Format[] = ['list', 'tree']

/** Forms that --bytes adds bytes to. */
const objects: readonly Format[] = ['json', 'ek']

/** Forms that -e chooses fields of. */
const tabular: readonly Format[] = ['fields', 'csv']

/**
 * What the printer is told.
 * @param usual the command's format where no flag names one.
 * @param hasConnections whether there may be several.
 * @throws InputError for flags that contradict each other.
 */
export function printOptions(flags: PrintFlags, io: Io, usual: 'list' | 'tree', hasConnections = false): PrintOptions {
  const format = formatOf(flags, usual)
  const {fields, fieldOptions, hex, bytes, time} = flags
  if (hex && !dumpable.includes(format))
    throw new InputError(
      `-x adds a hex dump to a list or a tree, not to ${format}`,
      'leave one of the two out',
      'bad-option',
    )
  if (bytes && !objects.includes(format))
    throw new InputError(
      `--bytes adds bytes to JSON, not to ${format}`,
      'add --json, or choose -x for a hex dump',
      'bad-option',
    )
  if (fields.length > 0 && !tabular.includes(format))
    throw new InputError(`-e chooses the fields of a table, not of ${format}`, 'add -T fields or -T csv', 'bad-option')
  if (fieldOptions.length > 0 && !tabular.includes(format))
    throw new InputError(`-E is for tables, not for ${format}`, 'add -T fields or -T csv', 'bad-option')
  if (fields.length === 0 && format === 'fields')
    throw new InputError(
      '-T fields is given without a field',
      'name one or more, as in: -T fields -e number -e type',
      'bad-option',
    )
  return {
    format,
    hex,
    bytes,
    isAscii: flags.ascii || !isUtf8(io.env),
    colorLevel: colorLevelOf(flags.color, io),
    width: io.isOutputTerminal || io.env['COLUMNS'] ? io.width : Number.POSITIVE_INFINITY,
    timeForm: time,
    timeZone: time === 'a' || time === 'ad' ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC',
    fields,
    fieldOptions: parseFieldOptions(fieldOptions),
    hasConnections,
  }
}

function formatOf({format, tree, json}: PrintFlags, usual: Format): Format {
  const asked: {flag: string; format: Format}[] = []
  if (json) asked.push({flag: '--json', format: 'json'})
  if (tree) asked.push({flag: '-V', format: 'tree'})
  if (format) asked.push({flag: `-T ${format}`, format})
  const [first, ...others] = asked
  const other = others.find(also => also.format !== first!.format)
  if (other)
    throw new InputError(`${first!.flag} and ${other.flag} ask for two forms at once`, 'give one of them', 'bad-option')
  return first?.format ?? usual
}

/** The flag, then what the environment and the terminal say. */
export function colorLevelOf(flag: boolean | undefined, io: Pick<Io, 'colorLevel' | 'env'>): ColorLevel {
  if (flag === undefined) return io.colorLevel
  if (!flag) return 0
  return io.colorLevel === 0 ? terminalColorLevel(io.env) : io.colorLevel
}

/**
 * Whether the locale's characters are UTF-8, as the C library decides: the first of three variables that is not empty;
 * none is ASCII.
 */
export function isUtf8(env: Io['env']): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
}
