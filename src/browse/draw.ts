import {escapeText, inSigns} from '../view/escape.js'
import {cutToWidth, textWidth} from '../view/text-width.js'
import {groupedText, leftOut, rangeText} from '../wire/text/phrases.js'
import {Cells, styles} from './cells.js'
import type {PaneName, Rect} from './layout.js'
import {drawBytes} from './panes/bytes-pane.js'
import {drawList, topFor} from './panes/list-pane.js'
import type {OpenPage} from './panes/text-page.js'
import {treeLines} from './panes/tree-pane.js'
import type {BrowserState} from './state.js'

/** Fewest columns and rows in which anything can be shown. */
const least = {width: 20, height: 5}

/** What the terminal is to show now. */
export function draw(browser: BrowserState): Cells {
  const {width, height, options} = browser
  const cells = new Cells(width, height, options.isAscii)
  if (width < least.width || height < least.height) {
    cells.write(0, 0, 'too small')
    return cells
  }
  drawHead(browser, cells)
  if (browser.page) drawPage(browser, browser.page, cells)
  else for (const [pane, rect] of browser.layout) drawPane(browser, pane, rect, cells)
  if (browser.prompt) drawPrompt(browser, cells)
  else drawFoot(browser, cells)
  return cells
}

/** The first line: what is read, how far, and what is shown of it. */
function drawHead(browser: BrowserState, cells: Cells): void {
  const {theme, options, displayed, source, share, isLoaded} = browser
  const all = source.count - source.first
  const {filter} = displayed
  const shown =
    filter === ''
      ? `${groupedText(all)} records`
      : `${groupedText(displayed.count)} of ${groupedText(all)} records${displayed.isDone ? '' : ' …'}`
  const lost = source.first > 0 ? `, ${groupedText(source.first)} older ones dropped` : ''
  const loading = isLoaded
    ? ''
    : options.isProxy
      ? 'live'
      : share === undefined
        ? 'reading'
        : `reading ${Math.floor(share * 100)}%`
  const right = [`${shown}${lost}`, loading].filter(text => text !== '').join('  ')
  const start = Math.max(0, cells.width - textWidth(right))
  cells.write(start, 0, theme.faint(right))
  const room = Math.max(0, start - 2)
  const used = cells.write(0, 0, theme.head(`toxtcp ${escapeText(options.title)}`), room)
  if (filter !== '') cells.write(used + 2, 0, theme.title(escapeText(filter)), room - used - 2)
}

const paneTitles: Readonly<Record<PaneName, string>> = {list: 'Packets', tree: 'Fields', bytes: 'Bytes'}

function titleOf(browser: BrowserState, pane: PaneName): string {
  const {place, displayed, row} = browser
  const title = paneTitles[pane]
  if (pane === 'list')
    return `${title}  ${groupedText(Math.min(row + 1, displayed.count))}/${groupedText(displayed.count)}`
  if (place === undefined) return title
  if (pane === 'tree') return `${title} of #${place + 1}`
  const range = browser.tree[browser.treeRow]?.range
  return range ? `${title}  ${rangeText(range)} of the frame` : title
}

/** Columns of a title's line that its text never takes: dashes and blanks beside it. */
const titleMargin = 6

function drawTitle(browser: BrowserState, cells: Cells, {x, y, width}: Rect, title: string, isFocused: boolean): void {
  const {theme, options} = browser
  const dash = options.isAscii ? '-' : '─'
  cells.write(x, y, theme.faint(dash.repeat(width)), width)
  const text = ` ${title} `
  cells.write(x + 2, y, isFocused ? theme.head(text) : theme.faint(text), width - 2, isFocused ? styles.inverse : 0)
}

function drawPane(browser: BrowserState, pane: PaneName, rect: Rect, cells: Cells): void {
  drawTitle(browser, cells, rect, titleOf(browser, pane), browser.focus === pane)
  if (pane === 'list') drawList(browser, cells, rect)
  else if (pane === 'tree') drawTree(browser, cells, rect)
  else drawBytes(browser, cells, rect)
}

function drawTree(browser: BrowserState, cells: Cells, {x, y, width, rows}: Rect): void {
  const {tree, treeRow, focus, theme, options} = browser
  const style = {theme, isAscii: options.isAscii}
  const lines = tree.flatMap((row, at) => treeLines(row, width, style).map(text => ({text, at})))
  const first = lines.findIndex(({at}) => at === treeRow)
  const last = lines.findLastIndex(({at}) => at === treeRow)
  browser.treeTop = topFor(topFor(browser.treeTop, last, rows, lines.length), first, rows, lines.length)
  for (const [line, {text, at}] of lines.slice(browser.treeTop, browser.treeTop + rows).entries()) {
    const base = at === treeRow ? styles.inverse | (focus === 'tree' ? styles.bold : 0) : styles.plain
    if (at === treeRow) cells.paint(x, y + 1 + line, width, base)
    cells.write(x, y + 1 + line, text, width, base)
  }
}

function drawPage(browser: BrowserState, open: OpenPage, cells: Cells): void {
  const {width, height, footRows} = browser
  const {page} = open
  const head = page.head ?? 0
  const rows = Math.max(1, height - 2 - footRows - head)
  const count = Math.max(0, page.count(width) - head)
  open.line = Math.max(0, Math.min(open.line, count - 1))
  open.top = page.choose ? topFor(open.top, open.line, rows, count) : Math.max(0, Math.min(open.top, count - rows))
  const end = Math.min(count, open.top + rows)
  const place = count > rows ? `  ${open.top + 1}-${end} of ${count}` : ''
  const title = cutToWidth(
    page.title,
    width - textWidth(place) - titleMargin,
    inSigns(leftOut, browser.options.isAscii),
  )
  drawTitle(browser, cells, {x: 0, y: 1, width, rows}, `${title}${place}`, true)
  for (let line = 0; line < head; line++) cells.write(0, 2 + line, page.line(line, width))
  for (let at = open.top; at < end; at++) {
    const y = 2 + head + at - open.top
    const base = page.choose && at === open.line ? styles.inverse : styles.plain
    if (base !== styles.plain) cells.paint(0, y, width, base)
    cells.write(0, y, page.line(head + at, width), width, base)
  }
}

/** Keys that the last line names, as many as there is room for. */
const paneHints = ['? keys', 'q quit', '/ filter', 'Tab pane', 'n finding', 'e explain', 'y copy']

/** The first texts that fit into a number of columns, each whole. */
const fitting = (texts: readonly string[], room: number): string =>
  texts.reduce((line, text) => {
    const longer = line === '' ? text : `${line}  ${text}`
    return longer.length <= room ? longer : line
  }, '')

function drawFoot(browser: BrowserState, cells: Cells): void {
  const {theme, message, page, count, search, isFollowing, interception, options} = browser
  const y = cells.height - 1
  const hints = page ? [...(page.page.choose ? ['Enter choose'] : []), 'q close', '? keys'] : paneHints
  const state = [
    count,
    interception.held.length > 0 ? `${interception.held.length} held` : '',
    search ? 'searching …' : '',
    isFollowing ? 'following' : options.isLive && !browser.isLoaded ? 'paused' : '',
  ]
  const right = state.filter(text => text !== '').join('  ')
  const start = cells.width - textWidth(right)
  if (message) cells.write(0, y, message.isProblem ? theme.broken(message.text) : message.text, start - 1)
  else cells.write(0, y, theme.faint(fitting(hints, start - 1)))
  cells.write(start, y, right)
}

/** The line that is typed, and below it its mistake under the place of it, or the candidates. */
function drawPrompt(browser: BrowserState, cells: Cells): void {
  const {theme, prompt} = browser
  if (!prompt) return
  const y = cells.height - 2
  const {label} = prompt.spec
  const {text, before} = prompt.editor
  const room = cells.width - label.length - 1
  // The line is shown from where its cursor is in sight.
  const hidden = Math.max(0, textWidth(before) - room)
  const shown = hidden === 0 ? text : [...text].slice(hidden).join('')
  cells.write(0, y, theme.title(label))
  cells.write(label.length, y, shown, room)
  cells.cursor = {x: Math.min(cells.width - 1, label.length + textWidth(before) - hidden), y}
  const {mistake, candidates, candidate} = prompt
  if (mistake) drawMistake(cells, y + 1, label.length - hidden, mistake, theme.broken)
  else if (candidates.length > 0) drawCandidates(cells, y + 1, candidates, candidate)
}

/** @param at column of the first character of the line. */
function drawMistake(
  cells: Cells,
  y: number,
  at: number,
  {message, hint}: {readonly message: string; readonly hint?: string | undefined},
  paint: (text: string) => string,
): void {
  const [, carets = '', ...advice] = (hint ?? '').split('\n')
  const isPicture = /^ *\^+$/.test(carets)
  const start = isPicture ? Math.max(0, at + carets.indexOf('^')) : 0
  const marks = isPicture ? '^'.repeat(carets.length - carets.indexOf('^')) : ''
  const said = [message, ...(isPicture ? advice : (hint ?? '').split('\n'))].filter(text => text !== '').join('; ')
  const width = textWidth(said)
  // Beside the caret, on the side with more room.
  const after = start + marks.length + 1
  cells.write(start, y, paint(marks))
  if (marks === '' || cells.width - after >= Math.min(width, start))
    cells.write(marks === '' ? 0 : after, y, paint(said))
  else cells.write(Math.max(0, start - width - 1), y, paint(said), start - 1)
}

function drawCandidates(cells: Cells, y: number, candidates: readonly string[], chosen: number): void {
  // Begin with a candidate that leaves the chosen one in sight.
  let from = Math.max(0, chosen)
  let width = candidates[from]!.length
  while (from > 0 && width + 2 + candidates[from - 1]!.length < cells.width / 2) width += 2 + candidates[--from]!.length
  let x = 0
  for (const [index, candidate] of candidates.entries()) {
    if (index < from || x >= cells.width) continue
    x += cells.write(x, y, candidate, cells.width - x, index === chosen ? styles.inverse : styles.plain) + 2
  }
}
