import {compileFilter} from '../../filter/compile.js'
import {fieldTexts, findName} from '../../filter/names/names.js'
import {type Completion, completionOf} from '../prompt/completion.js'
import {filterOfValue, type Joint, joined} from '../prompt/field-filter.js'
import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'

/** Values of a name in the chosen record, as a filter writes them. */
function valuesIn(browser: BrowserState, name: string): readonly string[] {
  const {record} = browser
  if (!record) return []
  return fieldTexts(record, name).map((_, at) => filterOfValue(record, name, at)?.slice(`${name} == `.length) ?? '')
}

/** What the end of a filter could become. */
export const completeFilter = (browser: BrowserState, before: string): Completion =>
  completionOf(before, name => valuesIn(browser, name))

function askFilter(browser: BrowserState, text: string): void {
  browser.ask({
    label: 'filter: ',
    text,
    history: browser.history,
    complete: before => completeFilter(browser, before),
    check: line => {
      if (line.trim() !== '') compileFilter(line)
    },
    enter: line => browser.filter(line),
  })
}

/** The test that the chosen record passes because of the chosen node; in the list, because of its type. */
export function testAtHand(browser: BrowserState): string | undefined {
  const {record} = browser
  if (!record) return undefined
  if (browser.focus !== 'list') {
    const row = browser.tree[browser.treeRow]
    if (row?.finding) return `finding.code == ${JSON.stringify(row.finding.code)}`
    if (row?.node?.name !== undefined) return filterOfValue(record, row.node.name, row.occurrence)
  }
  return record.window ? `type == ${record.window.type.name}` : `kind == ${record.kind}`
}

function add(browser: BrowserState, joint: Joint): void {
  const test = testAtHand(browser)
  if (test === undefined) browser.say('this node has no name in filters; choose a field')
  else browser.filter(joined(browser.displayed.filter, test, joint))
}

/** Filter by a value of the chosen record, or say that it has none. */
function by(browser: BrowserState, name: string, what: string): void {
  const {record} = browser
  const test = record && findName(name)!.values(record).length > 0 ? filterOfValue(record, name) : undefined
  if (test === undefined) browser.say(`this record has no ${what}`)
  else browser.filter(joined(browser.displayed.filter, test, 'and'))
}

const severityTests = ['finding.severity == error', 'finding.severity >= warn', 'finding.severity >= note']

/** Errors only, then warnings too, then notes too, then all. */
function bySeverity(browser: BrowserState): void {
  const {filter} = browser.displayed
  const parts = filter.split(' && ')
  const last = severityTests.indexOf(parts.at(-1) ?? '')
  const before = last < 0 ? filter : parts.slice(0, -1).join(' && ')
  const next = severityTests[last + 1]
  browser.filter(next === undefined ? before : joined(before, next, 'and'))
}

export const choosing: readonly Binding[] = [
  {
    keys: ['/'],
    group: 'Choosing',
    about: 'type a filter; Tab completes names and values, Up recalls older ones',
    run: browser => askFilter(browser, browser.displayed.filter),
  },
  {keys: ['\\'], group: 'Choosing', about: 'show all records again', run: browser => browser.filter('')},
  {
    keys: ['='],
    group: 'Choosing',
    about: 'only this: records with the value of the chosen node, or of the type in the list',
    run: browser => add(browser, 'only'),
  },
  {keys: ['&'], group: 'Choosing', about: 'of those shown, only this', run: browser => add(browser, 'and')},
  {keys: ['!'], group: 'Choosing', about: 'of those shown, not this', run: browser => add(browser, 'not')},
  {keys: ['|'], group: 'Choosing', about: 'those shown, or this', run: browser => add(browser, 'or')},
  {
    keys: ['F'],
    group: 'Choosing',
    about: 'only this connection',
    run: browser => by(browser, 'connection', 'connection'),
  },
  {keys: ['K'], group: 'Choosing', about: 'only records with this key', run: browser => by(browser, 'key', 'key')},
  {
    keys: ['S'],
    group: 'Choosing',
    about: 'only errors; again: warnings too, notes too, all',
    run: bySeverity,
  },
]
