import {byteColumn, dumpOf, dumpShape, hexdump} from '../../view/forms/hexdump.js'
import type {Cells} from '../cells.js'
import type {Rect} from '../layout.js'
import type {BrowserState} from '../state.js'
import {topFor} from './list-pane.js'

/** Columns of the bytes, also while they are hidden. */
export const bytesWidthOf = (browser: BrowserState): number => browser.layout.get('bytes')?.width ?? browser.width

/** Draw the bytes of the chosen record, sealed and plain beside each other, with those of the chosen node marked. */
export function drawBytes(browser: BrowserState, cells: Cells, {x, y, width, rows}: Rect): void {
  const {record, theme, focus, tree, treeRow} = browser
  const dump = record ? dumpOf(record) : []
  if (dump.length === 0) {
    cells.write(x, y + 1, theme.faint(record ? 'this record has no bytes' : ''), width)
    return
  }
  const shape = dumpShape(dump, width)
  const {perRow, end} = shape
  const heads = dump.length === 1 ? 0 : 1
  const shown = Math.max(0, rows - heads)
  const mark = tree[treeRow]?.range
  const at = Math.max(0, Math.min(browser.byte, end - 1))
  browser.bytesTop = topFor(browser.bytesTop, Math.floor(at / perRow), Math.max(1, shown), Math.ceil(end / perRow))
  const first = browser.bytesTop * perRow
  const lines = hexdump(dump, {
    ...{width, theme, indent: '', indentWidth: 0, rows: [first, Math.min(end, first + shown * perRow)]},
    ...(mark && {mark}),
  }).split('\n')
  for (const [line, text] of lines.slice(0, rows).entries()) cells.write(x, y + 1 + line, text, width)
  const panel = dump.length - 1
  const place = dump[panel]!
  const isInLast = at >= place.at && at < place.at + place.end - place.start
  if (focus !== 'bytes') return
  const row = Math.floor(at / perRow) - browser.bytesTop
  cells.cursor = {x: x + byteColumn(isInLast ? panel : 0, at, shape), y: y + 1 + heads + row}
}

/** The place in the frame of the byte at a column and line of the pane; undefined where no byte is shown. */
export function placeAt(browser: BrowserState, column: number, line: number): number | undefined {
  const {record} = browser
  const dump = record ? dumpOf(record) : []
  const shape = dumpShape(dump, bytesWidthOf(browser))
  const first = (browser.bytesTop + line - (dump.length === 1 ? 0 : 1)) * shape.perRow
  for (let panel = dump.length - 1; panel >= 0; panel--) {
    const start = byteColumn(panel, 0, shape)
    const byte = Math.floor((column - start) / 3)
    const place = first + byte
    if (column >= start && byte < shape.perRow && place < shape.end && first >= 0) return place
  }
  return undefined
}
