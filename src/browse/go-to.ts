import {Times} from '../view/time.js'
import {InputError} from '../wire/input-error.js'
import {showNumber} from './keys/moving.js'
import type {BrowserState} from './state.js'

/** Forms of time of day and of date and time; a shorter one is the beginning. */
const clockForm = /^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)Z?$/

/**
 * Show the record of a number, or the first one at a time or after it.
 * @param text `716`, `12.5s` since the first record, `50%`, `01:50:00`, `2026-11-23 01:50:00.5`; empty: the first.
 * @throws InputError for a text of another form.
 */
export function goTo(browser: BrowserState, text: string): void {
  const wanted = text.trim()
  const {source} = browser
  if (source.count === source.first) return
  if (/^#?\d{1,15}$/.test(wanted)) showNumber(browser, Number(wanted.replace('#', '')))
  else if (wanted === '' || wanted === 'g') browser.show(browser.displayed.at(0))
  else if (/^\d{1,3}%$/.test(wanted)) {
    const share = Math.min(100, Number(wanted.slice(0, -1))) / 100
    browser.show(browser.displayed.at(Math.round(share * (browser.displayed.count - 1))))
  } else showRow(browser, rowAt(browser, wanted))
}

function showRow(browser: BrowserState, row: number): void {
  if (row < browser.displayed.count) browser.show(browser.displayed.at(row))
  else browser.say('no record is as late as that', true)
}

function rowAt(browser: BrowserState, wanted: string): number {
  const {source, displayed, options} = browser
  const seconds = /^(\d{1,12}(?:\.\d{1,9})?)\s*s$|^(\d{1,12}\.\d{1,9})$/.exec(wanted)
  if (seconds) {
    const start = source.micros(source.first)
    const micros = start + Number(seconds[1] ?? seconds[2]) * 1e6
    return firstRow(displayed.count, row => source.micros(displayed.at(row)) >= micros)
  }
  const clock = clockForm.exec(wanted)
  if (!clock)
    throw new InputError(`"${wanted}" is not a number or a time`, '716, 12.5s, 50%, 01:50:00 or 2026-11-23 01:50:00')
  const textAt = (place: number): string => new Times('ad', options.timeZone).text(browser.records.at(place))
  const date = clock[1] ?? textAt(source.first).split(' ')[0]!
  const moment = `${date} ${clock[2]![1] === ':' ? '0' : ''}${clock[2]}`
  return firstRow(displayed.count, row => textAt(displayed.at(row)) >= moment)
}

/** The first row that is not before what is looked for: rows are in the order of time. */
function firstRow(count: number, isThere: (row: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isThere(middle)) high = middle
    else low = middle + 1
  }
  return low
}
