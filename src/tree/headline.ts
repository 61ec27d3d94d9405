import type {Level} from '../protocol/levels.js'
import {bareKey, bytesCount, hostPort} from '../protocol/text.js'
import type {Answer, Inferred} from '../session/inferred.js'
import type {Prelude} from '../session/prelude.js'
import type {Ends, RecordKind, SessionRecord, State} from '../session/record.js'
import {recordLevels} from '../session/record-levels.js'
import type {Close} from '../wire/chunk.js'
import type {KeyText} from '../wire/field.js'
import {fieldStart} from '../wire/read.js'
import type {Window} from '../wire/window.js'
import {lengthOf, summaryOf as packetSummary} from '../wire/window.js'

/**
 * The summary of a packet, without its title.
 * @param namesPayload whether the size of a payload at its end is part of it.
 */
function levelText(window: Window, namesPayload: boolean, isOpened: boolean, keyText: KeyText): string {
  const {type, bytes, start, end} = window
  const own = packetSummary(window, keyText)
  if (own === undefined) return `cut short, ${bytesCount(lengthOf(window))}`
  const {trailing} = type
  if (!trailing || !(namesPayload || trailing.isSealed) || (trailing.isSealed && isOpened)) return own
  const size = bytesCount(end - fieldStart(type, trailing.index, bytes, start, end))
  return `${own}${own === '' ? '' : ', '}${size}${trailing.isSealed ? ' sealed' : ''}`
}

/** `12.345 ms`, `1.2 s`. */
export const duration = (micros: number): string =>
  Math.abs(micros) < 1_000_000 ? `${(micros / 1000).toFixed(3)} ms` : `${(micros / 1_000_000).toFixed(3)} s`

/** `#47 about Tea (6524…6cb0)`: the request that a packet answers. */
const requestText = ({number, chatId}: Answer, keyText: KeyText): string =>
  `#${number}${chatId === undefined ? '' : ` about ${keyText(chatId)}`}`

function inferredText({roundTrip, peer, answers, session}: Inferred, keyText: KeyText): string {
  if (roundTrip) return roundTrip.micros === null ? '' : ` [${duration(roundTrip.micros)}]`
  if (!session && !answers) return peer === undefined ? '' : ` [${keyText(peer)}]`
  const again = session?.delivery.state === 'again' ? `again, first in #${session.delivery.first}` : ''
  const answered = answers ? `answers ${requestText(answers, keyText)}` : ''
  const texts = [peer === undefined ? '' : keyText(peer), again, answered].filter(text => text !== '')
  return texts.length === 0 ? '' : ` [${texts.join(', ')}]`
}

/** Words for a frame whose packet is not known. */
const frameTexts: Readonly<Record<State, string>> = {
  sealed: 'sealed',
  failed: 'does not open',
  plain: 'empty',
  open: 'without a packet',
}
const frameText = ({state}: SessionRecord): string => (state ? frameTexts[state] : '')

const closes: Readonly<Record<Close, string>> = {
  fin: 'closes (FIN)',
  rst: 'resets (RST)',
  capture_end: 'the capture ends',
}

const secondCloses: Readonly<Record<Close, string>> = {
  ...closes,
  fin: 'closes too (FIN)',
  rst: 'resets it after that (RST)',
}

/** How a connection ended. */
function endText({number, close, from, isSecond, causes}: SessionRecord): string {
  if (close === null) return ''
  if (isSecond) return `${from ?? 'an end'} ${secondCloses[close]}`
  const [cause] = causes
  const place = cause && cause.number !== number ? ` in #${cause.number}` : ''
  const why = cause ? ` [${cause.finding.code}${place}]` : ''
  return close === 'capture_end' ? closes.capture_end : `${from ?? 'an end'} ${closes[close]}${why}`
}

const proxies: Readonly<Record<Prelude['proxy'], string>> = {
  socks4: 'SOCKS4',
  socks5: 'SOCKS5',
  http: 'HTTP CONNECT',
}

const preludeText = ({prelude}: SessionRecord): string =>
  prelude ? `${proxies[prelude.proxy]} to ${prelude.destination}` : ''

/** `client > relay` by their addresses; empty where neither is known. */
export function endsText(ends: Ends | null): string {
  if (!ends || (!ends.client && !ends.relay)) return ''
  return `${ends.client ? hostPort(ends.client) : '?'} > ${ends.relay ? hostPort(ends.relay) : '?'}`
}

const boxStates = {open: '', plain: '', sealed: ', box sealed', failed: ', box does not open'} as const

/** The summary of the last packet that a record carries, without its title; its box, if any, stayed sealed. */
export const lastText = (window: Window, keyText: KeyText): string => levelText(window, true, false, keyText)

/** How a packet is put into words. */
interface Wording {
  /** Title of the outermost level; empty where it is shown elsewhere. */
  readonly title?: string
  /** Default: keys alone. */
  readonly keyText?: KeyText | undefined
}

/** @param last index of the level to end with. */
function packetText(
  record: SessionRecord,
  levels: readonly Level[],
  last: number,
  {title = '', keyText = bareKey}: Wording,
): string {
  const {window, opened} = levels[0]!
  const summary = levelText(window, last === 0, opened !== undefined, keyText)
  const own = title === '' || summary === '' ? `${title}${summary}` : `${title} ${summary}`
  const inferred = record.inferred ? inferredText(record.inferred, keyText) : ''
  const box = record.kind === 'handshake' && record.state ? boxStates[record.state] : ''
  if (last === 0) return `${own}${inferred}${box}`
  let carried = ''
  // Millions of lines of a list are made here: an iterator would cost more than the text.
  for (let index = 1; index <= last; index++) {
    const level = levels[index]!
    const text =
      openedText(level, keyText) ?? levelText(level.window, index === last, level.opened !== undefined, keyText)
    const titled = text === '' ? level.window.type.title : `${level.window.type.title} ${text}`
    carried = carried === '' ? titled : `${titled} · ${carried}`
  }
  if (own === '') return `${carried}${inferred}`
  const lead = `${own}${inferred}`
  // What was in a box is what the packet is about: in a narrow list there is room for little more.
  return record.opened.length > 0 ? `${carried} · ${lead}` : `${lead}: ${carried}`
}

/** What an opened box says, in the few words that its declaration has for it. */
function openedText({opened}: Level, keyText: KeyText): string | undefined {
  const text = opened && packetSummary(opened, keyText)
  return text === '' ? undefined : text
}

const kindTitles: Readonly<Record<RecordKind, string>> = {
  start: 'Start',
  prelude: 'Prelude',
  handshake: 'Handshake',
  frame: 'Frame',
  gap: 'Gap',
  end: 'End',
  packet: 'Packet',
  payload: 'Payload',
}

/** The title of a record's packet type, or what happened. */
export const titleOf = ({window, kind}: SessionRecord): string => window?.type.title ?? kindTitles[kind]

/**
 * The most important facts of a record in a few words, after its title. Never throws, however broken the packet is.
 */
export function summaryOf(record: SessionRecord, keyText?: KeyText): string {
  const levels = recordLevels(record)
  return levels.length > 0 ? packetText(record, levels, 0, {keyText}) : eventText(record)
}

/** As `summaryOf`, with what the packet carries, innermost first. */
export function fullSummaryOf(record: SessionRecord, keyText?: KeyText): string {
  const levels = recordLevels(record)
  return levels.length > 0 ? packetText(record, levels, levels.length - 1, {keyText}) : eventText(record)
}

/** Title and `fullSummaryOf`; what was in a box comes before the title of the packet that carries it. */
export function headlineOf(record: SessionRecord, keyText?: KeyText): string {
  if (record.opened.length === 0) return `${titleOf(record)} ${fullSummaryOf(record, keyText)}`.trimEnd()
  const levels = recordLevels(record)
  return packetText(record, levels, levels.length - 1, {title: titleOf(record), keyText})
}

/** As `fullSummaryOf`, and where the same packet is on the connection of the other client: ` [sent as #7]`. */
export function tiedSummaryOf(record: SessionRecord, keyText?: KeyText): string {
  const half = record.inferred ? halfText(record.inferred) : ''
  return `${fullSummaryOf(record, keyText)}${half === '' ? '' : ` [${half}]`}`
}

function halfText({sentAs, arrival}: Inferred): string {
  if (sentAs) return `sent as #${sentAs.number}`
  if (arrival?.at === undefined) return ''
  return arrival.at === 'never' ? 'never arrives' : `arrives as #${arrival.at.number}`
}

function eventText(record: SessionRecord): string {
  switch (record.kind) {
    case 'start':
      return endsText(record.ends)
    case 'prelude':
      return preludeText(record)
    case 'gap':
      return record.length === null ? 'of unknown size' : `${bytesCount(record.length)} missing`
    case 'end':
      return endText(record)
    default:
      return frameText(record)
  }
}
