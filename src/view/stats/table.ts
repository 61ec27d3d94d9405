import Table from 'cli-table3'
import {leftOut} from '../../wire/text/phrases.js'
import {inSigns} from '../escape.js'
import {cutToWidth, textWidth} from '../text-width.js'
import {asIs, type Paint, type Theme} from '../theme.js'

/** One column of a table. */
export interface Column<Row> {
  readonly head: string
  readonly isRight?: boolean
  /** Text of a cell, escaped and uncoloured. */
  text(row: Row): string
  paint?(row: Row): Paint
  /**
   * Columns with a number are left out where there is too little room, the highest number first; those with the same
   * number together.
   */
  readonly drop?: number
  /** Texts may be cut to this number of characters. Numbers are never cut, so they have none. */
  readonly least?: number
}

/** Appearance of a table. */
export interface TableStyle {
  readonly width: number
  readonly isAscii: boolean
  readonly theme: Theme
}

/** Appearance of a table that shows keys of peers. */
export interface PeerTableStyle extends TableStyle {
  /** A key as a cell shows it, escaped; `-` if it is not known. @param key in hex. */
  keyText(key: string | null): string
}

/** Blanks between columns. */
const gap = 2
/** Fewest characters of a text on the narrowest terminals. */
const leastText = 6
/** Rows of one table: cli-table3 takes longer for each row the more there are. */
const mostRows = 50
/** Fewest rows that are shown, even if fewer have a weight. */
const fewRows = 12

/** A table, and the rows that it leaves out. */
export interface ShownTable {
  /** The table, in whole lines. */
  readonly text: string
  readonly hidden: number
  /** Kinds of the rows that are left out: `3 refused, 12 never online`; empty if rows have no kinds. */
  readonly hiddenAre: string
}

/**
 * A table of the rows that weigh most, in the order that they have.
 * @param weight of a row; those of 0 are left out before all others where there are too many.
 * @param kindOf a row's kind in a word or two.
 */
export function tableOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  weight: (row: Row) => number,
  style: TableStyle,
  kindOf?: (row: Row) => string,
): ShownTable {
  if (rows.length <= mostRows) return {text: tableText(columns, rows, style), hidden: 0, hiddenAre: ''}
  const byWeight = [...rows].sort((a, b) => weight(b) - weight(a))
  const weighty = byWeight.filter(row => weight(row) > 0).length
  const top = new Set(byWeight.slice(0, Math.min(mostRows, Math.max(fewRows, weighty))))
  const kinds = new Map<string, number>()
  if (kindOf) for (const row of rows) if (!top.has(row)) kinds.set(kindOf(row), (kinds.get(kindOf(row)) ?? 0) + 1)
  return {
    text: tableText(
      columns,
      rows.filter(row => top.has(row)),
      style,
    ),
    hidden: rows.length - top.size,
    hiddenAre: [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', '),
  }
}

/** @param most rows that are shown. @returns whole lines. */
export function tableText<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: TableStyle,
  most = mostRows,
): string {
  const {theme, isAscii} = style
  const shown = (text: string): string => inSigns(text, isAscii)
  const cells = columns.map(column => rows.slice(0, most).map(row => shown(column.text(row))))
  const natural = columns.map((column, index) => Math.max(column.head.length, ...cells[index]!.map(textWidth)))
  const kept = fitted(columns, natural, style.width)
  const line = isAscii ? '-' : '─'
  const mark = shown(leftOut)
  const table = new Table({
    head: kept.map(({index, width}) => cutToWidth(columns[index]!.head, width, mark)),
    colAligns: kept.map(({index}) => (columns[index]!.isRight ? 'right' : 'left')),
    style: {'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true},
    chars: {
      ...{
        top: '',
        'top-mid': '',
        'top-left': '',
        'top-right': '',
        bottom: '',
        'bottom-mid': '',
        'bottom-left': '',
        'bottom-right': '',
      },
      ...{left: '', 'left-mid': '', right: '', 'right-mid': ''},
      ...{mid: line, 'mid-mid': ' '.repeat(gap), middle: ' '.repeat(gap)},
    },
  })
  for (const [at, row] of rows.slice(0, most).entries()) {
    table.push(
      kept.map(({index, width}) => (columns[index]!.paint?.(row) ?? asIs)(cutToWidth(cells[index]![at]!, width, mark))),
    )
  }
  return table
    .toString()
    .split('\n')
    .map((text, at) => `${at < 2 ? theme.faint(text.trimEnd()) : text.trimEnd()}\n`)
    .join('')
}

/** A column that is shown, and its width. */
interface Kept {
  readonly index: number
  readonly width: number
}

/** Columns of a row. */
const rowWidth = (kept: readonly Kept[]): number => kept.reduce((sum, {width}) => sum + width + gap, -gap)

/** The columns that fit, and their widths. */
function fitted<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): Kept[] {
  const least = (index: number): number =>
    Math.min(natural[index]!, Math.max(columns[index]!.least ?? natural[index]!, columns[index]!.head.length))
  const all = columns.map((_, index) => index)
  const taken = (indices: readonly number[]): number => rowWidth(indices.map(index => ({index, width: least(index)})))
  const steps = [...new Set(columns.flatMap(({drop}) => (drop === undefined ? [] : [drop])))].sort((a, b) => a - b)
  // As much as there is room for: a column of low importance may still fit where a wide one before it did not.
  let kept = all.filter(index => columns[index]!.drop === undefined)
  for (const step of steps) {
    const more = all.filter(index => kept.includes(index) || columns[index]!.drop === step)
    if (taken(more) <= width) kept = more
  }
  let spare = width - taken(kept)
  if (spare < 0)
    return squeezed(
      columns,
      kept.map(index => ({index, width: least(index)})),
      width,
    )
  return kept.map(index => {
    const more = Math.min(spare, natural[index]! - least(index))
    spare -= more
    return {index, width: least(index) + more}
  })
}

/** Columns whose least widths are too much for a terminal: its texts are cut to a few characters, the last left out. */
function squeezed<Row>(columns: readonly Column<Row>[], kept: readonly Kept[], room: number): Kept[] {
  const widest = Math.max(...kept.map(({width}) => width))
  for (let most = widest; most >= leastText; most--) {
    const cut = kept.map(each => (columns[each.index]!.isRight ? each : {...each, width: Math.min(each.width, most)}))
    if (rowWidth(cut) <= room) return cut
  }
  return kept.length === 1 ? [{...kept[0]!, width: room}] : squeezed(columns, kept.slice(0, -1), room)
}
