import {chooseByte, chooseNode} from './keys/moving.js'
import type {PaneName, Rect} from './layout.js'
import {placeAt} from './panes/bytes-pane.js'
import {treeLines} from './panes/tree-pane.js'
import type {BrowserState} from './state.js'

/** The pane at a place of the screen. */
function paneAt({layout}: BrowserState, x: number, y: number): [PaneName, Rect] | undefined {
  return [...layout].find(
    ([, rect]) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y <= rect.y + rect.rows,
  )
}

/** Choose what is at a place. */
export function clickAt(browser: BrowserState, x: number, y: number): void {
  const {page: open} = browser
  if (open) {
    const line = y - 2 - (open.page.head ?? 0)
    if (open.page.choose && line >= 0) open.line = open.top + line
    return
  }
  const found = paneAt(browser, x, y)
  if (!found) return
  const [pane, rect] = found
  browser.focus = pane
  const line = y - rect.y - 1
  if (line < 0) return
  if (pane === 'list' && line > 0) browser.choose(browser.listTop + line - 1)
  else if (pane === 'tree') chooseNode(browser, rowAt(browser, rect, browser.treeTop + line))
  else if (pane === 'bytes') {
    const place = placeAt(browser, x - rect.x, line)
    if (place !== undefined) chooseByte(browser, place)
  }
}

/** The row of the tree that a line belongs to. */
function rowAt({tree, theme, options}: BrowserState, {width}: Rect, line: number): number {
  const style = {theme, isAscii: options.isAscii}
  let left = line
  for (const [index, row] of tree.entries()) {
    left -= treeLines(row, width, style).length
    if (left < 0) return index
  }
  return tree.length - 1
}

/** Scroll what is at a place. */
export function scrollAt(browser: BrowserState, x: number, y: number, lines: number): void {
  const {page: open} = browser
  if (open) {
    if (open.page.choose) open.line = Math.max(0, open.line + lines)
    else open.top = Math.max(0, open.top + lines)
    return
  }
  const pane = paneAt(browser, x, y)?.[0]
  if (pane === 'list') browser.choose(browser.row + lines)
  else if (pane === 'tree') chooseNode(browser, browser.treeRow + lines)
  else if (pane === 'bytes') chooseByte(browser, browser.byte + lines * 8)
}
