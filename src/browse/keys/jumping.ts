import {shortFindings} from '../../view/findings.js'
import {goTo} from '../go-to.js'
import {answerSearch, relayedSearch} from '../jumps.js'
import {type TreeRow, treeRows} from '../panes/tree-pane.js'
import type {BrowserState, Search} from '../state.js'
import type {Binding} from './binding.js'
import {chooseNode, showNumber} from './moving.js'

/**
 * Go to the next row of the list that passes.
 * @param count of those rows.
 * @param what they are, for a message.
 */
function nextRow(
  browser: BrowserState,
  by: 1 | -1,
  count: number,
  what: string,
  test: (place: number) => boolean,
): void {
  const {displayed} = browser
  let [row, left] = [browser.row, count]
  for (let next = row + by; left > 0 && next >= 0 && next < displayed.count; next += by) {
    if (!test(displayed.at(next))) continue
    row = next
    left--
  }
  if (row === browser.row) browser.say(`there is no ${by > 0 ? 'later' : 'earlier'} ${what}`)
  else browser.show(displayed.at(row))
}

function nextFinding(browser: BrowserState, by: 1 | -1, count = 1): void {
  nextRow(browser, by, count, 'finding', place => {
    const severity = browser.source.severity(place)
    return severity !== undefined && severity !== 'chat'
  })
  chooseFinding(browser)
}

/** Choose the finding that the list names, and unfold what it is in. */
function chooseFinding(browser: BrowserState): void {
  const {record} = browser
  const named = record && shortFindings(record)[0]
  if (!named) return
  const isNamed = ({finding}: TreeRow): boolean => finding !== undefined && finding.code === named.code
  const path = treeRows(record, new Set(), browser.treeStyle).find(isNamed)?.path
  for (const folded of browser.folded) if (path?.startsWith(`${folded}/`)) browser.folded.delete(folded)
  chooseNode(browser, browser.tree.findIndex(isNamed))
}

function nextOfType(browser: BrowserState, by: 1 | -1, count = 1): void {
  const {source, place} = browser
  if (place === undefined) return
  const [type, kind] = [source.type(place), source.kind(place)]
  const what = type ?? `${kind} record`
  nextRow(browser, by, count, what, at => source.type(at) === type && source.kind(at) === kind)
}

function nextOfConnection(browser: BrowserState, by: 1 | -1, count = 1): void {
  const {source, place} = browser
  if (place === undefined) return
  const connection = source.connection(place)
  nextRow(browser, by, count, `record of connection ${connection}`, at => source.connection(at) === connection)
}

type Start = typeof answerSearch

function begin(browser: BrowserState, start: Start, nothing: string): void {
  const {source, place, record} = browser
  if (place === undefined || !record) return
  const search: Search | undefined = start(source, place, record)
  browser.search = search
  if (!search) browser.say(nothing)
}

function step(browser: BrowserState, to: 'back' | 'forward'): void {
  const place = browser.trail[to](browser.place)
  if (place === undefined) {
    browser.say(to === 'back' ? 'no jump was made before this' : 'no jump was taken back')
    return
  }
  const row = browser.displayed.rowOf(place)
  browser.choose(row)
}

function mark(browser: BrowserState): void {
  browser.say('mark: type a letter')
  browser.awaited = key => {
    const {place} = browser
    if (!/^[a-z]$/i.test(key) || place === undefined) return
    browser.trail.marks.set(key, place)
    browser.say(`#${place + 1} is marked ${key}; '${key} comes back`)
  }
}

function toMark(browser: BrowserState): void {
  const {marks} = browser.trail
  if (marks.size === 0) {
    browser.say('nothing is marked; m and a letter mark a record')
    return
  }
  browser.say(`go to mark: ${[...marks.keys()].join(' ')}`)
  browser.awaited = key => {
    const place = marks.get(key)
    if (place !== undefined) browser.show(place)
    else browser.say(`${key} is not a mark; marks are ${[...marks.keys()].join(' ')}`)
  }
}

export const jumping: readonly Binding[] = [
  {
    keys: ['g'],
    group: 'Jumping',
    about: 'go to a number or a time: 716, 12.5s, 50%, 01:50:00, or a date and time; empty: the first',
    run(browser, count) {
      if (count !== undefined) showNumber(browser, count)
      else browser.ask({label: 'go to: ', enter: text => goTo(browser, text)})
    },
  },
  {keys: ['n'], group: 'Jumping', about: 'next finding', run: (browser, count) => nextFinding(browser, 1, count)},
  {keys: ['N'], group: 'Jumping', about: 'finding before', run: (browser, count) => nextFinding(browser, -1, count)},
  {keys: ['t'], group: 'Jumping', about: 'next of this type', run: (browser, count) => nextOfType(browser, 1, count)},
  {keys: ['T'], group: 'Jumping', about: 'this type before', run: (browser, count) => nextOfType(browser, -1, count)},
  {
    keys: ['c'],
    group: 'Jumping',
    about: 'next of this connection',
    run: (browser, count) => nextOfConnection(browser, 1, count),
  },
  {
    keys: ['C'],
    group: 'Jumping',
    about: 'this connection before',
    run: (browser, count) => nextOfConnection(browser, -1, count),
  },
  {
    keys: ['a'],
    group: 'Jumping',
    about: 'to the answer to this request, or to the request of this answer',
    run: browser => begin(browser, answerSearch, 'this record is neither a request nor an answer'),
  },
  {
    keys: ['r'],
    group: 'Jumping',
    about: 'to this packet on the other side of the relay',
    run: browser => begin(browser, relayedSearch, 'the relay does not pass on packets of this type'),
  },
  {keys: ['m'], group: 'Jumping', about: 'mark this record with a letter', run: mark},
  {keys: ["'"], group: 'Jumping', about: 'go to the mark of a letter', run: toMark},
  {
    keys: ['[', 'backspace', 'alt-left', 'ctrl-o'],
    group: 'Jumping',
    about: 'back to where the last jump began',
    run: browser => step(browser, 'back'),
  },
  {keys: [']', 'alt-right'], group: 'Jumping', about: 'forward again', run: browser => step(browser, 'forward')},
]
