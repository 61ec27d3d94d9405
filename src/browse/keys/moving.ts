import {dumpOf, dumpShape} from '../../view/forms/hexdump.js'
import {bytesWidthOf} from '../panes/bytes-pane.js'
import {rowOfByte} from '../panes/tree-pane.js'
import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'

/** Move what the focus is on: the record, the node or the byte. */
function moveBy(browser: BrowserState, rows: number): void {
  switch (browser.focus) {
    case 'list':
      browser.choose(browser.row + rows)
      break
    case 'tree':
      chooseNode(browser, browser.treeRow + rows)
      break
    case 'bytes':
      moveByte(browser, rows * shapeOf(browser).perRow)
  }
}

const shapeOf = (browser: BrowserState) => {
  const {record} = browser
  return dumpShape(record ? dumpOf(record) : [], bytesWidthOf(browser))
}

/** Choose a node, and move the byte cursor to its first byte. */
export function chooseNode(browser: BrowserState, row: number): void {
  const rows = browser.tree
  const found = rows[Math.max(0, Math.min(row, rows.length - 1))]
  if (!found) return
  browser.path = found.path
  if (found.range) browser.byte = found.range[0]
}

/** Move the byte cursor, and choose the smallest node that has the byte. */
function moveByte(browser: BrowserState, by: number): void {
  chooseByte(browser, browser.byte + by)
}

export function chooseByte(browser: BrowserState, place: number): void {
  browser.byte = Math.max(0, Math.min(place, shapeOf(browser).end - 1))
  const rows = browser.tree
  const row = rowOfByte(rows, browser.byte)
  browser.path = rows[row]?.path ?? ''
}

const pageOf = (browser: BrowserState): number => Math.max(1, browser.rowsOf(browser.focus) - 1)

function toStart(browser: BrowserState): void {
  if (browser.focus === 'list') browser.choose(0)
  else if (browser.focus === 'tree') chooseNode(browser, 0)
  else chooseByte(browser, 0)
}

function toEnd(browser: BrowserState): void {
  if (browser.focus === 'list') {
    browser.choose(Number.MAX_SAFE_INTEGER)
    browser.isFollowing = browser.options.isLive === true || !browser.isLoaded
  } else if (browser.focus === 'tree') chooseNode(browser, Number.MAX_SAFE_INTEGER)
  else chooseByte(browser, Number.MAX_SAFE_INTEGER)
}

function jump(browser: BrowserState, move: (browser: BrowserState) => void): void {
  if (browser.focus === 'list') browser.trail.leave(browser.place)
  move(browser)
}

/** Fold the node, or go to the one that it is in. */
function foldOrLeave(browser: BrowserState): void {
  const rows = browser.tree
  const row = rows[browser.treeRow]
  if (row?.isFolded === false && row.path !== '') browser.folded.add(row.path)
  else if (row) browser.path = row.path.slice(0, Math.max(0, row.path.lastIndexOf('/')))
}

function unfoldOrEnter(browser: BrowserState): void {
  const row = browser.tree[browser.treeRow]
  if (row?.isFolded) browser.folded.delete(row.path)
  else if (row?.isFolded === false) chooseNode(browser, browser.treeRow + 1)
}

function toggleFold(browser: BrowserState): void {
  const row = browser.tree[browser.treeRow]
  if (!row || row.isFolded === undefined) browser.say('this node has nothing to fold')
  else if (!browser.folded.delete(row.path)) browser.folded.add(row.path)
}

export const moving: readonly Binding[] = [
  {
    keys: ['j', 'down'],
    group: 'Moving',
    about: 'one line down, or as many as the number typed before it',
    run: (browser, count = 1) => moveBy(browser, count),
  },
  {keys: ['k', 'up'], group: 'Moving', about: 'one line up', run: (browser, count = 1) => moveBy(browser, -count)},
  {
    keys: ['pagedown', 'ctrl-f'],
    group: 'Moving',
    about: 'one screen down',
    run: (browser, count = 1) => moveBy(browser, count * pageOf(browser)),
  },
  {
    keys: ['pageup', 'ctrl-b'],
    group: 'Moving',
    about: 'one screen up',
    run: (browser, count = 1) => moveBy(browser, -count * pageOf(browser)),
  },
  {
    keys: ['ctrl-d'],
    group: 'Moving',
    about: 'half a screen down',
    run: (browser, count = 1) => moveBy(browser, count * Math.ceil(pageOf(browser) / 2)),
  },
  {
    keys: ['ctrl-u'],
    group: 'Moving',
    about: 'half a screen up',
    run: (browser, count = 1) => moveBy(browser, -count * Math.ceil(pageOf(browser) / 2)),
  },
  {keys: ['home', '0', '^'], group: 'Moving', about: 'to the start', run: browser => jump(browser, toStart)},
  {
    keys: ['G', 'end'],
    group: 'Moving',
    about: 'to the end, and stay there while records come; with a number, to the record of that number',
    run: (browser, count) => (count === undefined ? jump(browser, toEnd) : showNumber(browser, count)),
  },
  {
    keys: ['h', 'left'],
    group: 'Moving',
    where: ['tree'],
    about: 'in the tree: fold the node, or go to the one around it',
    run: foldOrLeave,
  },
  {keys: ['l', 'right'], group: 'Moving', where: ['tree'], about: 'in the tree: unfold, or go in', run: unfoldOrEnter},
  {keys: ['space'], group: 'Moving', where: ['tree'], about: 'in the tree: fold or unfold', run: toggleFold},
  {
    keys: ['h', 'left'],
    group: 'Moving',
    where: ['bytes'],
    about: 'in the bytes: one byte back',
    run: (browser, count = 1) => moveByte(browser, -count),
  },
  {
    keys: ['l', 'right'],
    group: 'Moving',
    where: ['bytes'],
    about: 'in the bytes: one byte on',
    run: (browser, count = 1) => moveByte(browser, count),
  },
]

/** Show the record of a number. */
export function showNumber(browser: BrowserState, number: number): void {
  const {first, count} = browser.source
  if (number <= first || number > count) {
    const range = count === first ? 'no record has come yet' : `numbers go from ${first + 1} to ${count}`
    browser.say(`record #${number} does not exist; ${range}`, true)
  } else browser.show(number - 1)
}
