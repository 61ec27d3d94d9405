import type {SessionRecord} from '../../session/record.js'
import {listPreviewBytes} from '../limits.js'
import {type Theme, theme} from '../theme.js'
import type {TimeForm, Times} from '../time.js'
import {type Column, columnNamed, isOwnColumn, listColumns} from './columns.js'
import {DialogueView} from './dialogue.js'
import {drawingWidth, type Format, type FormatOptions, type RecordWriter} from './format.js'
import {dumpOf, hexdump} from './hexdump.js'

export interface ListOptions {
  readonly theme: Theme
  readonly isAscii: boolean
  /** Columns of the terminal: rows are cut there. Infinity: never. */
  readonly width: number
  readonly timeForm: TimeForm
  /** Several connections: their number is worth a column. */
  readonly hasConnections: boolean
  /** Names of columns; default: listColumns. */
  readonly columns?: readonly string[] | undefined
}

/** Fewest columns of a list whose cells have their long form. */
const wide = 110
/** Fewest columns of a summary that is worth showing. */
const leastSummary = 8

/** Columns of a summary that findings leave to it by being shortened. */
const fullSummary = 20

/** Position of a column, if no cell before it is too long. */
interface Place {
  readonly column: Column
  readonly start: number
  readonly least: number
  /** Whether its text may be cut to make room for the findings after it. */
  readonly isSummary: boolean
  /** It moves to the left where it would not fit. */
  readonly isFindings: boolean
}

const blanks = Array.from({length: 128}, (_, count) => ' '.repeat(count))
const blank = (count: number): string => blanks[count] ?? ' '.repeat(count)

/** Writes records as padded rows. A cell that is too long moves the cells after it, which lose their padding first. */
export class ListView {
  readonly #places: readonly Place[]
  /** Cells of the current row. */
  readonly #cells: string[]
  readonly #isWide: boolean
  readonly #ellipsis: string

  /** @throws InputError for a column that does not exist. */
  constructor(readonly options: ListOptions) {
    this.#isWide = options.width >= wide
    this.#ellipsis = options.isAscii ? '..' : '…'
    const names = options.columns ?? listColumns.filter(name => name !== 'connection' || options.hasConnections)
    const columns = names.map(name => columnNamed(name, options.timeForm))
    let at = 0
    this.#places = columns.map((column, index) => {
      const start = at + (index === 0 ? 0 : column.before)
      const least = column.widths[this.#isWide ? 1 : 0]
      at = start + least
      return {column, start, least, isSummary: column.name === 'summary', isFindings: column.name === 'findings'}
    })
    this.#cells = columns.map(() => '')
  }

  /** The header line. */
  head(): string {
    return this.options.theme.faint(this.#line(this.#places.map(this.#heading, this), undefined))
  }

  /** A column's heading; empty for findings if it does not fit beside the heading of the summary. */
  #heading({column, isFindings}: Place, index: number): string {
    const before = this.#places[index - 1]
    const end = before ? before.start + before.column.header.length + column.before + column.header.length : 0
    return isFindings && before?.isSummary && end > this.options.width ? '' : column.header
  }

  /** @param times the clock of the list, which notes the record's time. */
  row(record: SessionRecord, times: Times): string {
    const cells = this.#cells
    for (let index = 0; index < cells.length; index++)
      cells[index] = this.#places[index]!.column.text(record, times, this.#isWide)
    if (record.findings.length > 1) this.#shortenFindings(record)
    return this.#line(cells, this.options.theme.isPlain ? undefined : record)
  }

  /** Findings of a row without room for its summary: the worst one, and the number of the others. */
  #shortenFindings(record: SessionRecord): void {
    const cells = this.#cells
    for (let index = 1; index < cells.length; index++) {
      const {column, isFindings} = this.#places[index]!
      const {start, isSummary} = this.#places[index - 1]!
      if (!isFindings || !isSummary || !column.brief) continue
      const summary = Math.min(cells[index - 1]!.length, fullSummary)
      if (start + summary + column.before + cells[index]!.length > this.options.width)
        cells[index] = column.brief(record, this.#isWide)
    }
  }

  /** @param painted the record whose colours the cells take. */
  #line(cells: readonly string[], painted: SessionRecord | undefined): string {
    const {theme, width} = this.options
    let line = ''
    let at = 0
    for (let index = 0; index < cells.length; index++) {
      let cell = cells[index]!
      if (cell === '') continue
      const {column, start, least, isFindings} = this.#places[index]!
      const earliest = at === 0 ? 0 : at + (column.isRight ? 1 : column.before)
      const wanted = column.isRight
        ? start + Math.max(0, least - cell.length)
        : isFindings
          ? Math.min(start, width - cell.length)
          : start
      const from = Math.max(wanted, earliest)
      const room = width - from - this.#keeps(cells, index)
      if (cell.length > room) {
        cell = this.#clip(cell, index, room)
        if (cell === '') continue
      }
      line += blank(from - at) + (painted ? column.paint(painted, theme)(cell) : cell)
      at = from + cell.length
    }
    return line
  }

  /** Columns behind a summary that the findings take. */
  #keeps(cells: readonly string[], index: number): number {
    const next = this.#places[index + 1]
    if (!this.#places[index]!.isSummary || !next?.isFindings) return 0
    const {length} = cells[index + 1]!
    return length === 0 ? 0 : length + next.column.before
  }

  /** The part of a cell that fits into a number of columns. */
  #clip(cell: string, index: number, room: number): string {
    if (this.#places[index]!.isSummary && room < leastSummary) return ''
    const end = room - this.#ellipsis.length
    return end > 0 ? cell.slice(0, end) + this.#ellipsis : ''
  }
}

export const listFormat: Format = {
  about: 'one line a packet',
  takes: ['hex', 'columns', 'dialogue', 'time'],
  isData: false,
  plaintextBytes: ({hex, isDialogue, columns = listColumns}) =>
    !hex && !isDialogue && columns.every(isOwnColumn) ? listPreviewBytes : undefined,
  writer: (options, times) => (options.isDialogue ? dialogueWriter(options, times) : listWriter(options, times)),
}

function dialogueWriter(options: FormatOptions, times: Times): RecordWriter {
  const {timeForm, colorLevel, isAscii} = options
  const dialogue = new DialogueView(drawingWidth(options), timeForm, theme(colorLevel), isAscii)
  return {head: '', text: record => `${dialogue.row(record, times)}\n`}
}

function listWriter(options: FormatOptions, times: Times): RecordWriter {
  const colors = theme(options.colorLevel)
  const list = new ListView({...options, theme: colors})
  const dump = {width: drawingWidth(options), theme: colors, indent: '  ', indentWidth: 2}
  return {
    head: `${list.head()}\n`,
    text(record) {
      const row = `${list.row(record, times)}\n`
      const bytes = options.hex ? hexdump(dumpOf(record), dump) : ''
      return bytes === '' ? row : `${row}${bytes}\n`
    },
  }
}
