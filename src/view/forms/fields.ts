import {filterName} from '../../filter/names/names.js'
import {valueText} from '../../filter/values.js'
import type {SessionRecord} from '../../session/record.js'
import {InputError} from '../../wire/input-error.js'
import {escapeText} from '../escape.js'
import type {TimeForm, Times} from '../time.js'
import {columnNamed, listColumns} from './columns.js'
import {defaultFieldOptions, type FieldOptions} from './field-options.js'
import type {Format, RecordWriter} from './format.js'

/** All values of a named field in one record, as text. */
type Cell = (record: SessionRecord, times: Times) => readonly string[]

function fieldCell(name: string): Cell {
  const {kind, values} = filterName(name)
  return record => values(record).map(value => escapeText(valueText(kind, value)))
}

function columnCell(name: string, timeForm: TimeForm): Cell {
  const column = columnNamed(name, timeForm)
  return (record, times) => {
    const text = column.text(record, times, name !== 'direction')
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
function fieldLines(names: readonly string[], options: FieldOptions): FieldLines {
  if (names.length === 0) throw new InputError('-T fields needs -e', 'for example -T fields -e number -e type')
  const mark = {d: '"', s: "'", n: ''}[options.quote]
  const quoted = (text: string): string =>
    mark === '' || text === '' ? text : mark + text.replaceAll(mark, mark + mark) + mark
  return lines(names, names.map(fieldCell), options, quoted)
}

/** First characters of a formula: spreadsheets run cells that begin with one of them. */
const formula = /^[=+\-@\t\r]/
const number = /^[+-]?\d+(?:\.\d+)?$/

/** A cell that a spreadsheet shows and does not run: a quote goes before a formula. Numbers stay numbers. */
const withoutFormula = (text: string): string => (formula.test(text) && !number.test(text) ? `'${text}` : text)

const csvCell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * `-T csv`: comma-separated values with a header, quoted where they must be (RFC 4180, but lines end with a line feed).
 * @param names of fields; none: the columns of the list.
 * @throws InputError for a name that does not exist.
 */
function csvLines(
  names: readonly string[],
  timeForm: TimeForm,
  {occurrence, aggregator, formulas}: FieldOptions,
): FieldLines {
  const chosen = names.length === 0 ? listColumns : names
  const cells = chosen.map(name => (names.length === 0 ? columnCell(name, timeForm) : fieldCell(name)))
  const options: FieldOptions = {...defaultFieldOptions, header: true, separator: ',', occurrence, aggregator}
  return lines(chosen, cells, options, formulas ? csvCell : text => csvCell(withoutFormula(text)))
}

const writerOf = ({head, line}: FieldLines, times: Times): RecordWriter => ({
  head: head === undefined ? '' : `${head}\n`,
  text: record => `${line(record, times)}\n`,
})

export const fieldsFormat: Format = {
  about: 'the fields that -e names, separated by tabs',
  takes: ['fields'],
  needs: 'fields',
  isData: true,
  writer: ({fields, fieldOptions}, times) => writerOf(fieldLines(fields, fieldOptions), times),
}

export const csvFormat: Format = {
  about: 'comma-separated values: the columns of the list, or the fields that -e names',
  takes: ['fields'],
  isData: true,
  writer: ({fields, fieldOptions, timeForm}, times) => writerOf(csvLines(fields, timeForm, fieldOptions), times),
}
