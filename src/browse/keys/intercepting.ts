import {compileFilter} from '../../filter/compile.js'
import {copyOf} from '../../wire/bytes.js'
import {InputError} from '../../wire/input-error.js'
import {countText} from '../../wire/text/phrases.js'
import type {InterceptionAction} from '../interception.js'
import {interceptionPage} from '../panes/interception-page.js'
import type {BrowserState} from '../state.js'
import {askPacket} from './ask-packet.js'
import type {Binding} from './binding.js'
import {completeFilter, testAtHand} from './choosing.js'

/** What can be ordered, by the letter that is typed after `i`. */
const actions: Readonly<Record<string, {readonly action: InterceptionAction; readonly about: string}>> = {
  h: {action: 'hold', about: 'hold'},
  x: {action: 'drop', about: 'drop'},
  d: {action: 'delay', about: 'delay'},
  m: {action: 'mark', about: 'mark'},
}

const choices = Object.entries(actions)
  .map(([letter, {about}]) => `${letter} ${about}`)
  .join(', ')

/** How long a packet is delayed if nothing else is typed. */
const usualDelay = '1s'

/** Whether packets can be intercepted; if not, it is said why. */
function canIntercept(browser: BrowserState): boolean {
  const {isProxy, isIntercepting} = browser.options
  if (isIntercepting) return true
  browser.say(
    isProxy
      ? 'the proxy does not intercept: start it with --relay-key FILE, or --client-key FILE and --relay-pk HEX'
      : 'only toxtcp proxy --view can intercept packets',
  )
  return false
}

function order(browser: BrowserState, count = 1): void {
  if (!canIntercept(browser)) return
  browser.say(`the next ${count === 1 ? 'packet' : `${count} packets`}: ${choices}`)
  browser.awaited = key => {
    const chosen = actions[key]
    if (!chosen) browser.say(`${key} is not one of ${choices}`)
    else if (chosen.action === 'delay') askDelay(browser, count)
    else askFilter(browser, {action: chosen.action, count})
  }
}

function askDelay(browser: BrowserState, count: number): void {
  browser.ask({
    label: 'delay by: ',
    text: usualDelay,
    check: text => void millisecondsOf(text),
    enter: text => askFilter(browser, {action: 'delay', count, milliseconds: millisecondsOf(text)}),
  })
}

/** @throws InputError */
function millisecondsOf(text: string): number {
  const [, number = '', unit = 's'] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min)?\s*$/.exec(text) ?? []
  if (number === '') throw new InputError('a delay is a number with a unit', '500ms, 2s, 1min')
  return Math.round(Number(number) * {ms: 1, s: 1000, min: 60_000}[unit as 'ms' | 's' | 'min'])
}

function askFilter(
  browser: BrowserState,
  wanted: {readonly action: InterceptionAction; readonly count: number; readonly milliseconds?: number},
): void {
  const {action, count} = wanted
  const from = browser.record?.from
  const test = browser.record?.window ? testAtHand(browser) : undefined
  browser.ask({
    label: `${action} the next${count === 1 ? '' : ` ${count}`} with: `,
    text: test === undefined ? '' : from === null ? test : `${test} && from == ${from}`,
    history: browser.history,
    complete: before => completeFilter(browser, before),
    check: line => {
      if (line.trim() !== '') compileFilter(line)
    },
    enter(line) {
      const filter = line.trim()
      if (filter !== '') compileFilter(filter)
      browser.effect({kind: 'order', order: {...wanted, filter}})
      browser.say(`ordered: ${action} ${countText(count, 'packet')}; I shows orders and held packets`)
    },
  })
}

function sendAgain(browser: BrowserState): void {
  const {record} = browser
  if (!canIntercept(browser)) return
  const {window, from, connection, kind} = record ?? {}
  if (!window || !from || (kind !== 'frame' && kind !== 'packet')) {
    browser.say('this record is not a packet whose bytes are known')
    return
  }
  const packet = {connection: connection ?? null, from, plain: copyOf(window.bytes, window.start, window.end)}
  browser.say(`send a packet like this one, as the ${from}: h edit it as hex, j as JSON`)
  browser.awaited = key => {
    if (key !== 'h' && key !== 'j') browser.say('nothing was sent')
    else
      askPacket(browser, packet, key === 'h' ? 'hex' : 'JSON', plain => {
        browser.effect({kind: 'inject', ...packet, plain})
      })
  }
}

export const intercepting: readonly Binding[] = [
  {
    keys: ['i'],
    group: 'Live',
    about: `order what to do with the next packet that matches (with a number: the next packets); then ${choices}`,
    run: order,
  },
  {
    keys: ['I'],
    group: 'Live',
    about: 'held packets and orders: Enter sends, drops or edits a packet, or cancels an order',
    run(browser) {
      if (canIntercept(browser)) browser.open(interceptionPage(browser))
    },
  },
  {keys: ['R'], group: 'Live', about: 'edit a copy of this packet, and send it as its sender would', run: sendAgain},
]
