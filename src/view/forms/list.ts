import {bareKey} from '../../protocol/text.js'
import type {SessionRecord} from '../../session/record.js'
import type {KeyText} from '../../wire/field.js'
import {leftOut} from '../../wire/text/phrases.js'
import {inSigns} from '../escape.js'
import {listPreviewBytes} from '../limits.js'
import {PeerNames} from '../peer-names.js'
import {cutToWidth, textWidth} from '../text-width.js'
import {type Theme, theme} from '../theme.js'
import type {TimeForm, Times} from '../time.js'
import {columnNamed, isOwnColumn, listColumns} from './columns.js'
import {DialogueView} from './dialogue.js'
import {drawingWidth, type FormatOptions, type RecordWriter, type TextFormat} from './format.js'
import {dumpOf, dumpWidth, hexdump} from './hexdump.js'
import {leastSummary, type Place, placesOf, usualColumns} from './list-places.js'

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
  /** Keys as text; default: without names. */
  readonly keyText?: KeyText | undefined
  /** Rows scroll sideways: what is cut in one is there as a whole behind the width. */
  readonly scrolls?: boolean | undefined
}

/** Fewest columns of a list whose cells have their long form: the usual rows fit then. */
const wide = 150
/** Columns before a dump, where there are as many. */
const dumpIndent = 2
/** Columns of a summary that findings leave to it by being shortened. */
const fullSummary = 20
/** Columns between a row and what is cut in it. */
const beforeCut = 3
/** Fewest columns of a finding's code that is cut. */
const leastCode = 12

const blanks = Array.from({length: 128}, (_, count) => ' '.repeat(count))
const blank = (count: number): string => blanks[count] ?? ' '.repeat(count)

/** Writes records as padded rows. A cell that is too long moves the cells after it, which lose their padding first. */
export class ListView {
  readonly #places: readonly Place[]
  /** Cells of the current row. */
  readonly #cells: string[]
  /** Columns that the cells of the current row take on a terminal. */
  readonly #widths: number[]
  readonly #isWide: boolean
  /** The columns have less than they need, so each cell stays in its own. */
  readonly #isCrowded: boolean
  readonly #ellipsis: string
  /** Columns of the last row. */
  #end = 0

  /** @throws InputError for a column that does not exist. */
  constructor(readonly options: ListOptions) {
    this.#isWide = options.width >= wide
    this.#ellipsis = inSigns(leftOut, options.isAscii)
    const columns = options.columns
      ? options.columns.map(name => columnNamed(name, options.timeForm))
      : usualColumns(options)
    this.#places = placesOf(columns, options.width, this.#isWide)
    this.#isCrowded = this.#places.some(
      ({column: {widths, header}, least}) =>
        least > 0 && least < (options.columns ? Math.min(widths[0], header.length) : widths[0]),
    )
    this.#cells = columns.map(() => '')
    this.#widths = columns.map(() => 0)
  }

  /** The header line. */
  head(): string {
    const {theme, width} = this.options
    const headings = this.#places.map(({column: {header}, start}) => this.#clip(header, width - start))
    const last = headings.length - 1
    const before = this.#places[last - 1]
    const {column} = this.#places[last]!
    // The heading of findings begins before its cells where they are shorter than it.
    if (column.name === 'findings' && before) {
      const room = width - before.start - headings[last - 1]!.length - column.before
      headings[last] = room < column.header.length ? (column.shortHeader ?? column.header) : column.header
    }
    for (const [index, heading] of headings.entries()) this.#widths[index] = heading.length
    return theme.faint(this.#line(headings, undefined))
  }

  /** @param times the clock of the list, which notes the record's time. */
  row(record: SessionRecord, times: Times): string {
    const cells = this.#cells
    const {isAscii, keyText = bareKey} = this.options
    const style = {times, isWide: this.#isWide, keyText}
    for (let index = 0; index < cells.length; index++) {
      const text = this.#places[index]!.column.text(record, style)
      cells[index] = inSigns(text, isAscii)
    }
    const painted = this.options.theme.isPlain ? undefined : record
    if (this.options.width === Number.POSITIVE_INFINITY) return this.#wholeLine(cells, painted)
    for (let index = 0; index < cells.length; index++) this.#widths[index] = textWidth(cells[index]!)
    const whole = this.options.scrolls ? [...cells] : cells
    if (record.findings.length > 0) this.#fitFindings(record)
    const line = this.#line(cells, painted)
    return this.options.scrolls ? line + this.#cutFrom(line, whole, painted) : line
  }

  /** What is cut in a row, behind the edge of the screen. @param whole the cells as they were. */
  #cutFrom(line: string, whole: readonly string[], painted: SessionRecord | undefined): string {
    let text = ''
    let at = this.#end
    for (const [index, cell] of whole.entries()) {
      if (line.includes(cell)) continue
      const {column} = this.#places[index]!
      text += blank(Math.max(this.options.width - at, 0) + beforeCut)
      text += painted ? column.paint(painted, this.options.theme)(cell) : cell
      at = this.options.width
    }
    return text
  }

  /** What `#line` gives where rows are not cut: millions of them are written to files. */
  #wholeLine(cells: readonly string[], painted: SessionRecord | undefined): string {
    let line = ''
    let at = 0
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!
      if (cell === '') continue
      const {column, start, least} = this.#places[index]!
      const {isRight} = column
      const wanted = isRight ? start + Math.max(0, least - cell.length) : start
      const from = at === 0 ? wanted : Math.max(wanted, at + (isRight ? 1 : column.before))
      line += blank(from - at) + (painted ? column.paint(painted, this.options.theme)(cell) : cell)
      at = from + cell.length
    }
    return line
  }

  /** Findings at the end of a row in the longest form that leaves room for its summary. */
  #fitFindings(record: SessionRecord): void {
    const cells = this.#cells
    const last = cells.length - 1
    const {column, start} = this.#places[last]!
    if (column.name !== 'findings' || cells[last] === '') return
    const hasSummary = this.#places[last - 1]?.column.name === 'summary'
    const summary = hasSummary ? this.#widths[last - 1]! : 0
    const from = hasSummary ? this.#places[last - 1]!.start : start
    const room = (own: number): number => this.options.width - from - Math.min(summary, own) - column.before
    const [letters = '', worst = '', count = ''] = column.shorter?.(record) ?? []
    const left = room(leastSummary)
    cells[last] =
      [cells[last]!, letters, worst].find(form => form.length <= room(fullSummary)) ??
      (worst.length <= left ? worst : left < leastCode ? count : this.#clipCode(worst, left))
    this.#widths[last] = cells[last].length
  }

  /** A finding that fits into a number of columns; the number of the others stays. */
  #clipCode(text: string, room: number): string {
    const others = / \+\d+$/.exec(text)?.[0] ?? ''
    return this.#clip(text.slice(0, text.length - others.length), room - others.length) + others
  }

  /** @param painted the record whose colours the cells take. */
  #line(cells: readonly string[], painted: SessionRecord | undefined): string {
    const {theme, width} = this.options
    let line = ''
    let at = 0
    let kept = width === Number.POSITIVE_INFINITY ? 0 : this.#kept(cells)
    for (let index = 0; index < cells.length; index++) {
      const {column, start, least} = this.#places[index]!
      kept -= this.#keeps(cells, index)
      let cell = cells[index]!
      let length = this.#widths[index]!
      if (cell === '') continue
      const earliest = at === 0 ? 0 : at + (column.isRight ? 1 : column.before)
      const wanted = column.isRight ? start + Math.max(0, least - length) : start
      const latest = width - kept - this.#own(length, index)
      const from = Math.max(Math.min(wanted, latest), earliest)
      const room = width - from - kept
      const own = this.#isCrowded && least > 0 ? Math.min(least, room) : room
      if (length > own) {
        cell = this.#clip(cell, own)
        length = textWidth(cell)
      }
      if (cell === '') continue
      line += blank(from - at) + (painted ? column.paint(painted, theme)(cell) : cell)
      at = from + length
    }
    this.#end = at
    return line
  }

  /** Columns that all cells need at least. */
  #kept(cells: readonly string[]): number {
    let sum = 0
    for (let index = 0; index < cells.length; index++) sum += this.#keeps(cells, index)
    return sum
  }

  /** Columns that a cell, and the blanks before it, need at least. */
  #keeps(cells: readonly string[], index: number): number {
    if (cells[index] === '') return 0
    const {column} = this.#places[index]!
    return this.#own(this.#widths[index]!, index) + (index === 0 ? 0 : column.isRight ? 1 : column.before)
  }

  /** Columns that a cell needs at least. @param length columns of its text. */
  #own(length: number, index: number): number {
    const {column, least} = this.#places[index]!
    return Math.min(length, least > 0 ? least : column.name === 'summary' ? leastSummary : length)
  }

  #clip(cell: string, room: number): string {
    return cutToWidth(cell, room, this.#ellipsis)
  }
}

export const listFormat: TextFormat = {
  about: 'one line a packet',
  takes: ['hex', 'columns', 'dialogue', 'time', 'labels', 'color', 'ascii'],
  isData: false,
  plaintextBytes: ({hex, isDialogue, columns = listColumns}) =>
    !hex && !isDialogue && columns.every(isOwnColumn) ? listPreviewBytes : undefined,
  writer: (options, times) => (options.isDialogue ? dialogueWriter(options, times) : listWriter(options, times)),
}

function dialogueWriter(options: FormatOptions, times: Times): RecordWriter {
  const {timeForm, colorLevel, colors, isAscii} = options
  const names = new PeerNames(options)
  const style = {width: drawingWidth(options), timeForm, theme: theme(colorLevel, colors), isAscii}
  const dialogue = new DialogueView({...style, keyText: names.keyText})
  return {
    head: '',
    text(record) {
      names.learn(record)
      return `${dialogue.row(record, times)}\n`
    },
    skip: record => names.learn(record),
  }
}

function listWriter(options: FormatOptions, times: Times): RecordWriter {
  const colors = theme(options.colorLevel, options.colors)
  const names = new PeerNames(options)
  // The last column of the screen is where a pager marks rows that go on.
  const rowWidth = options.scrolls ? options.width - 1 : options.width
  const list = new ListView({...options, width: rowWidth, theme: colors, keyText: names.keyText})
  const width = drawingWidth(options)
  const indent = blank(Math.max(0, Math.min(dumpIndent, width - dumpWidth(width))))
  const dump = {width, theme: colors, indent, indentWidth: indent.length}
  return {
    head: `${list.head()}\n`,
    skip: record => names.learn(record),
    text(record) {
      names.learn(record)
      const row = `${list.row(record, times)}\n`
      const bytes = options.hex ? hexdump(dumpOf(record), dump) : ''
      return bytes === '' ? row : `${row}${bytes}\n`
    },
  }
}
