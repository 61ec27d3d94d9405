import type {Page} from './page.js'
import {indent} from './page.js'

/** One box of a layout. */
export interface Cell {
  readonly label: string
  /** Number of its bytes, or its value. */
  readonly size: string
  /** Offset of its first byte. */
  readonly offset: string
}

interface Lines {
  readonly bar: string
  readonly dash: string
  readonly top: readonly [string, string, string]
  readonly bottom: readonly [string, string, string]
}

const ascii: Lines = {bar: '|', dash: '-', top: ['+', '+', '+'], bottom: ['+', '+', '+']}
const unicode: Lines = {bar: '│', dash: '─', top: ['┌', '┬', '┐'], bottom: ['└', '┴', '┘']}

const widthOf = ({label, size, offset}: Cell): number => Math.max(label.length, size.length, offset.length - 1)

/** Boxes side by side with their offsets above, in as many rows as they need. */
export function writePicture(page: Page, cells: readonly Cell[]): void {
  for (const row of rowsOf(cells, page.width - indent)) writeRow(page, row)
}

function rowsOf(cells: readonly Cell[], room: number): Cell[][] {
  const rows: Cell[][] = []
  let left = 0
  for (const cell of cells) {
    const width = widthOf(cell) + 3
    if (rows.length === 0 || width > left) {
      rows.push([])
      left = room - 1
    }
    rows.at(-1)!.push(cell)
    left -= width
  }
  return rows
}

function writeRow(page: Page, row: readonly Cell[]): void {
  const {bar, dash, top, bottom} = page.isAscii ? ascii : unicode
  const {faint, key} = page.theme
  const border = ([first, middle, last]: Lines['top']) =>
    faint(first + row.map(cell => dash.repeat(widthOf(cell) + 2)).join(middle) + last)
  const cells = (text: (cell: Cell) => string, paint: (text: string) => string) =>
    row.map(cell => `${faint(bar)} ${paint(text(cell))}${' '.repeat(widthOf(cell) - text(cell).length)} `).join('') +
    faint(bar)
  const offsets = row.map(cell => cell.offset.padEnd(widthOf(cell) + 3)).join('')
  const margin = ' '.repeat(indent)
  page.line(margin + faint(offsets.trimEnd()))
  page.line(margin + border(top))
  page.line(margin + cells(cell => cell.label, key))
  page.line(
    margin +
      cells(
        cell => cell.size,
        text => text,
      ),
  )
  page.line(margin + border(bottom))
}
