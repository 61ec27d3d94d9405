import {fieldTexts, findName} from '../../filter/names/names.js'
import type {SessionRecord} from '../../session/record.js'
import {dumpOf} from '../../view/forms/hexdump.js'
import {recordToJson} from '../../view/forms/json.js'
import {TreeView} from '../../view/forms/tree.js'
import {theme} from '../../view/theme.js'
import {Times} from '../../view/time.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import {countText} from '../../wire/text/phrases.js'
import {shellWord} from '../../wire/text/shell-word.js'
import type {BrowserState} from '../state.js'
import type {Binding} from './binding.js'
import {testAtHand} from './choosing.js'

/** Columns of a tree that is copied. */
const treeWidth = 120

/** The value of the chosen node, whole. */
function valueText(browser: BrowserState, record: SessionRecord): string {
  const row = browser.tree[browser.treeRow]
  const name = row?.node?.name
  const value = name !== undefined && findName(name) ? fieldTexts(record, name)[row!.occurrence] : undefined
  return value ?? row?.text ?? ''
}

/** The bytes of the chosen node, in plain where they are known; without a node all. */
function bytesText(browser: BrowserState, record: SessionRecord): string {
  const range = browser.tree[browser.treeRow]?.range
  for (const {bytes, start, end, at} of [...dumpOf(record)].reverse()) {
    const [from, to] = range ?? [at, at + end - start]
    if (from >= at && to <= at + end - start) return toHex(bytes, start + from - at, start + to - at)
  }
  return ''
}

function treeText({options, timeForm, names}: BrowserState, record: SessionRecord): string {
  const {isAscii, timeZone} = options
  const tree = new TreeView({isAscii, names, theme: theme(0), width: treeWidth, hex: false, hasConnections: true})
  return tree.draw(record, record.time ? new Times(timeForm, timeZone).text(record) : '')
}

/** What chooses a record in the recording of a live proxy, which numbers its records itself. */
const placeInRecording = ({connection, kind, from, index}: SessionRecord): string =>
  [
    `connection == ${connection}`,
    `kind == ${kind}`,
    ...(from === null ? [] : [`from == ${from}`]),
    ...(index === null ? [] : [`index == ${index}`]),
  ].join(' && ')

/** The command line that prints the chosen record. */
function commandText({options, displayed}: BrowserState, record: SessionRecord): string {
  const {filter} = displayed
  const choice = options.isProxy
    ? ['-Y', placeInRecording(record)]
    : [...(filter === '' ? [] : ['-Y', filter]), '-n', String(record.number)]
  return [...(options.command ?? ['toxtcp', 'read']), ...choice, '-V'].map(shellWord).join(' ')
}

/** What can be copied, by the letter that is typed after `y`. */
const copied: Readonly<
  Record<string, {readonly what: string; text(browser: BrowserState, record: SessionRecord): string}>
> = {
  v: {what: 'the value', text: valueText},
  b: {what: 'the bytes', text: bytesText},
  t: {what: 'the tree', text: treeText},
  j: {what: 'the JSON', text: (_, record) => recordToJson(record, {bytes: true})},
  f: {what: 'the filter', text: browser => browser.displayed.filter || (testAtHand(browser) ?? '')},
  c: {what: 'the command line', text: commandText},
}

const choices = Object.entries(copied)
  .map(([letter, {what}]) => `${letter} ${what.replace('the ', '')}`)
  .join(', ')

function copy(browser: BrowserState): void {
  const {record} = browser
  if (!record) {
    browser.say('there is nothing to copy')
    return
  }
  browser.say(`copy: ${choices}`)
  browser.awaited = key => {
    const chosen = copied[key]
    const text = chosen?.text(browser, record) ?? ''
    if (!chosen) browser.say(`${key} is not one of ${choices}`)
    else if (text === '') browser.say(`there is nothing to copy as ${chosen.what.replace('the ', '')}`)
    else browser.effect({kind: 'copy', text, what: chosen.what})
  }
}

function write(browser: BrowserState): void {
  const {displayed} = browser
  if (!displayed.isDone) {
    browser.say('the filter has not looked at all records yet')
    return
  }
  browser.ask({
    label: `write the packets of ${countText(displayed.count, 'record')} to: `,
    enter(path) {
      if (path.trim() === '') throw new InputError('type the name of a new pcapng file')
      browser.say('with the keys of their sessions? y or n')
      browser.awaited = key => {
        if (key !== 'y' && key !== 'n') browser.say('nothing was written')
        else browser.effect({kind: 'write', path: path.trim(), places: displayed.places(), hasKeys: key === 'y'})
      }
    },
  })
}

export const takingAway: readonly Binding[] = [
  {keys: ['y'], group: 'Taking away', about: `copy; then ${choices}`, run: copy},
  {
    keys: ['w'],
    group: 'Taking away',
    about: 'write the packets of the records shown to a pcapng file, with keys if wanted',
    run: write,
  },
]
