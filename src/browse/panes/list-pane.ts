import {ListView} from '../../view/forms/list.js'
import {Times} from '../../view/time.js'
import {type Cells, styles} from '../cells.js'
import type {Rect} from '../layout.js'
import type {BrowserState} from '../state.js'

/** The first row that is shown, so that the chosen one is among `rows`. */
export function topFor(top: number, row: number, rows: number, count: number): number {
  const last = Math.max(0, count - rows)
  return Math.max(0, Math.min(top, row, last), Math.min(row - rows + 1, last))
}

/** Draw the rows around the chosen one, below a line of headings. */
export function drawList(browser: BrowserState, cells: Cells, {x, y, width, rows}: Rect): void {
  const {displayed, records, theme, timeForm, options, focus, names} = browser
  const {isAscii, timeZone} = options
  const shown = Math.max(0, rows - 1)
  browser.listTop = topFor(browser.listTop, browser.row, Math.max(1, shown), displayed.count)
  const list = new ListView({theme, isAscii, width, timeForm, hasConnections: true, keyText: names.keyText})
  cells.write(x, y + 1, list.head(), width)
  const times = new Times(timeForm, timeZone)
  // In the form dd, a time is that since the row above.
  if (browser.listTop > 0) times.text(records.at(displayed.at(browser.listTop - 1)))
  for (let line = 0; line < shown && browser.listTop + line < displayed.count; line++) {
    const row = browser.listTop + line
    const isChosen = row === browser.row
    const base = isChosen ? styles.inverse | (focus === 'list' ? styles.bold : 0) : styles.plain
    if (isChosen) cells.paint(x, y + 2 + line, width, base)
    cells.write(x, y + 2 + line, list.row(records.at(displayed.at(row)), times), width, base)
  }
}
