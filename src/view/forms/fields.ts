import {filterName} from '../../filter/names/names.js'
import {valueText} from '../../filter/values.js'
import {bareKey} from '../../protocol/text.js'
import type {SessionRecord} from '../../session/record.js'
import {InputError} from '../../wire/input-error.js'
import {escapeText} from '../escape.js'
import type {TimeForm, Times} from '../time.js'
import {columnNamed, listColumns} from './columns.js'
import {defaultFieldOptions, type FieldOptions} from './field-options.js'
import type {FormatOptions, RecordWriter, TextFormat} from './format.js'

/** All values of a named field in one record, as text. */
type Cell = (record: SessionRecord, times: Times) => readonly string[]

/** @param hasTimeForm whether times are written in the form of -t. */
function fieldCell(name: string, hasTimeForm: boolean): Cell {
  const {kind, values} = filterName(name)
  if (kind === 'time' && hasTimeForm) return (record, times) => (record.time ? [times.text(record)] : [])
  return record => values(record).map(value => escapeText(valueText(kind, value)))
}

function columnCell(name: string, timeForm: TimeForm): Cell {
  const column = columnNamed(name, timeForm)
  return (record, times) => {
    const text = column.text(record, {times, isWide: column.name !== 'from', keyText: bareKey})
    return text === '' || text === '-' ? [] : [text]
  }
}

/** Lines of chosen fields. */
export interface FieldLines {
  /** The line of names, if there is to be one. */
  readonly head: string | undefined
  line(record: SessionRecord, times: Times): string
}

function lines(
  names: readonly string[],
  cells: readonly Cell[],
  options: FieldOptions,
  quoted: (text: string) => string,
): FieldLines {
  const {separator, aggregator, occurrence} = options
  const chosen = (texts: readonly string[]): readonly string[] =>
    occurrence === 'f' ? texts.slice(0, 1) : occurrence === 'l' ? texts.slice(-1) : texts
  return {
    head: options.header ? names.map(quoted).join(separator) : undefined,
    line: (record, times) => cells.map(cell => quoted(chosen(cell(record, times)).join(aggregator))).join(separator),
  }
}

/**
 * `-T fields`: one line for a record, nothing between separators where the record has no such field.
 * @throws InputError without a field, or for a name that does not exist.
 */
function fieldLines({fields: names, fieldOptions: given, isTimeFormGiven}: FormatOptions): FieldLines {
  if (given.formulas !== undefined)
    throw new InputError('-E formulas needs -T csv, and the format is fields', 'leave it out', 'bad-option')
  const options: FieldOptions = {...defaultFieldOptions, ...given}
  if (names.length === 0)
    throw new InputError('-T fields needs -e', 'for example -T fields -e number -e type', 'bad-option')
  const mark = {d: '"', s: "'", n: ''}[options.quote]
  const quoted = (text: string): string =>
    mark === '' || text === '' ? text : mark + text.replaceAll(mark, mark + mark) + mark
  return lines(
    names,
    names.map(name => fieldCell(name, isTimeFormGiven === true)),
    options,
    quoted,
  )
}

/**
 * First characters of a formula: spreadsheets run cells that begin with one of them, some also after blanks, or in the
 * wide forms of East Asian text.
 */
const formula = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
const number = /^[+-]?\d+(?:\.\d+)?$/

/** Spreadsheets of some languages split lines at semicolons, and take no notice of quotes in the middle of a cell. */
const formulaAfterSemicolon = /;(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** A cell that a spreadsheet shows and does not run: a quote goes before a formula. Numbers stay numbers. */
function withoutFormula(text: string): string {
  const split = text.replace(formulaAfterSemicolon, ";'")
  return formula.test(text) && !number.test(text) ? `'${split}` : split
}

/** A cell in quotes where it must be, or always. */
function csvCell(text: string, {separator, quote}: FieldOptions): string {
  const mark = quote === 's' ? "'" : '"'
  const isPlain = quote === 'n' && !/[\r\n]|^\s|\s$/.test(text) && !text.includes(mark) && !text.includes(separator)
  return isPlain || (text === '' && quote === 'n') ? text : mark + text.replaceAll(mark, mark + mark) + mark
}

const csvDefaults: FieldOptions = {...defaultFieldOptions, header: true, separator: ','}

/**
 * `-T csv`: comma-separated values with a header, quoted where they must be (RFC 4180, but lines end with a line feed).
 * @throws InputError for a name that does not exist, and for fields and columns at once.
 */
function csvLines({fields, columns, timeForm, fieldOptions, isTimeFormGiven}: FormatOptions): FieldLines {
  if (fields.length > 0 && columns)
    throw new InputError('-e and --columns both choose what -T csv prints', 'give one of them', 'bad-option')
  const names = fields.length > 0 ? fields : (columns ?? listColumns)
  const cells = names.map(name =>
    fields.length > 0 ? fieldCell(name, isTimeFormGiven === true) : columnCell(name, timeForm),
  )
  const options: FieldOptions = {...csvDefaults, ...fieldOptions}
  const safe = options.formulas ? (text: string) => text : withoutFormula
  return lines(names, cells, options, text => csvCell(safe(text), options))
}

const writerOf = ({head, line}: FieldLines, times: Times): RecordWriter => ({
  head: head === undefined ? '' : `${head}\n`,
  text: record => `${line(record, times)}\n`,
})

export const fieldsFormat: TextFormat = {
  about: 'the fields that -e names, separated by tabs',
  takes: ['fields', 'time'],
  isData: true,
  writer: (options, times) => writerOf(fieldLines(options), times),
}

export const csvFormat: TextFormat = {
  about: 'comma-separated values: the columns of the list, or the fields that -e names',
  takes: ['fields', 'columns', 'time'],
  isData: true,
  writer: (options, times) => writerOf(csvLines(options), times),
}
