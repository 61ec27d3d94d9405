import {effectsOf, messageOf} from '../../expert/finding.js'
import {receiversOf} from '../../expert/peers.js'
import {receiverTitles} from '../../expert/receivers.js'
import type {Receiver} from '../../expert/rule.js'
import {blamed, type Cause, type SessionRecord} from '../../session/record.js'
import {endsText, summaryOf} from '../../tree/headline.js'
import {causePlace} from '../../tree/record-tree.js'
import type {NumberSet} from '../../wire/memory/number-set.js'
import {countText, groupedText, leftOut, rangeText} from '../../wire/text/phrases.js'
import {isoTime, secondsText, timeBetween} from '../../wire/time.js'
import {escapeText} from '../escape.js'
import {Page, type PageStyle} from '../explain/page.js'
import {effectLabels} from '../findings.js'
import {ListView} from '../forms/list.js'
import {PeerNames} from '../peer-names.js'
import {theme} from '../theme.js'
import {Times} from '../time.js'
import type {ConnectionEnd} from './connection-ends.js'
import {ConnectionEnds} from './connection-ends.js'

const inset = 4
/** Ranges of numbers of connections that a sentence lists. */
const shownRanges = 8

/** Writes, for people, how connections ended: who, when, the cause, and the records before it. */
export class EndPages {
  readonly #style: PageStyle
  readonly #list: ListView
  readonly #ends: ConnectionEnds
  #isFirst = true

  /**
   * @param rowWidth columns of the rows of records; infinite: rows are not cut.
   * @param names of peers, which has learned each record before it is taken.
   */
  constructor(style: PageStyle, rowWidth: number, {keyText} = new PeerNames()) {
    this.#style = style
    const colors = theme(style.colorLevel, style.colors)
    const width = rowWidth - inset
    this.#list = new ListView({...style, width, theme: colors, timeForm: 'r', hasConnections: false, keyText})
    const times = new Times('r')
    this.#ends = new ConnectionEnds(record => this.#list.row(record, times))
  }

  /** Connections whose last records were dropped. */
  get dropped(): number {
    return this.#ends.dropped
  }

  /** @returns the page of a connection that ends with this record; empty otherwise. */
  take(record: SessionRecord): string {
    const ended = this.#ends.take(record)
    if (!ended) return ''
    const page = new Page(this.#style)
    if (!this.#isFirst) page.line()
    this.#isFirst = false
    this.#write(page, ended)
    return page.toString()
  }

  /** @returns a sentence about the connections that did not end; empty if all did. */
  end(): string {
    const {unended} = this.#ends
    if (unended.size === 0) return ''
    const page = new Page(this.#style)
    if (!this.#isFirst) page.line()
    page.text(`${connectionsText(unended)}: open when the capture ends`)
    return page.toString()
  }

  #write(page: Page, ended: ConnectionEnd): void {
    const {end, began, before} = ended
    page.title(`Connection ${end.connection}`, escapeText(endsText(end.ends)))
    page.text(`${summaryOf({...end, causes: []})}${whenText(end, began)}`, 2, page.theme.title)
    for (const [index, cause] of end.causes.entries()) writeCause(page, cause, end, index === 0)
    if (end.causes.length === 0) page.item('cause', unknownCause(ended), termWidth)
    if (before.length === 0) return
    page.line(`  ${page.theme.head('before it')}`)
    for (const row of before) page.line(`${' '.repeat(inset)}${row}`)
  }
}

const termWidth = 5

/** `Connection 3`, `Connections 0-4, 7`; of many, the first ranges and how many connections there are in all. */
function connectionsText(numbers: NumberSet): string {
  const ranges: [start: number, end: number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last?.[1] === number) last[1]++
    else if (ranges.length <= shownRanges) ranges.push([number, number + 1])
  }
  if (numbers.size === 1) return `Connection ${ranges.map(rangeText).join('')}`
  const shown = ranges.slice(0, shownRanges).map(rangeText).join(', ')
  const isAll = ranges.length <= shownRanges
  return `Connections ${shown}${isAll ? '' : `${leftOut} (${groupedText(numbers.size)} in all)`}`
}

function writeCause(page: Page, cause: Cause, end: SessionRecord, isFirst: boolean): void {
  const {finding} = cause
  const what = `${finding.code} (${causePlace(cause)}): ${escapeText(messageOf(finding))}`
  page.item(isFirst ? 'cause' : 'or', what, termWidth, page.theme.error)
  if (cause.receivers.length > 0) page.item('', reactionsText(cause, end), termWidth)
}

/** What the implementations of the side that closed do about it: `c-toxcore relay closes; tox-rs relay accepts`. */
function reactionsText({finding}: Cause, end: SessionRecord): string {
  const effects = effectsOf(finding)
  return closingReceivers(end)
    .map(receiver => `${receiverTitles[receiver]} ${effectLabels[effects[receiver] ?? 'accepts']}`)
    .join('; ')
}

/** What the side that closed may be: a receiver of what the other side sent. */
export const closingReceivers = (end: SessionRecord): readonly Receiver[] => receiversOf(blamed(end), end.peers)

function whenText({time, firstTime, packets}: SessionRecord, began: SessionRecord['time']): string {
  const packet = packets.length === 0 ? '' : `, packet ${packets.join(', ')}`
  if (!time) return packet
  const lasted = began ? `, ${secondsText(timeBetween(began, time))} s after it began` : ''
  const relative = firstTime ? ` at ${secondsText(timeBetween(firstTime, time))}` : ''
  const iso = isoTime(time)
  return `${relative}${iso === undefined ? '' : ` (${iso})`}${lasted}${packet}`
}

function unknownCause({frames, sealed, isMisfit}: ConnectionEnd): string {
  const how = isMisfit ? ' with the key that was given, so check it' : ', so give its keys'
  const unread = sealed === 0 ? '' : `; ${sealed} of ${countText(frames, 'frame')} did not open${how}`
  return `not known: nothing that was read makes an implementation close here${unread}`
}
