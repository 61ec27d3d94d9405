import {fieldTexts, filterName, filterNames} from '../../filter/names/names.js'
import type {SessionRecord} from '../../session/record.js'
import {endsText, tiedSummaryOf, titleOf} from '../../tree/headline.js'
import type {KeyText} from '../../wire/field.js'
import {InputError} from '../../wire/input-error.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import {escapeText} from '../escape.js'
import {shortFindings} from '../findings.js'
import {asIs, type Paint, type Theme} from '../theme.js'
import {type TimeForm, type Times, timeWidths} from '../time.js'

/** What the cells of a row depend on besides its record. */
export interface CellStyle {
  readonly times: Times
  /** There is room for a long form. */
  readonly isWide: boolean
  readonly keyText: KeyText
}

/** One column of a list. */
export interface Column {
  readonly name: string
  /** As the header line has it. */
  readonly header: string
  /** Where the header line has no room for it. */
  readonly shortHeader?: string
  readonly about: string
  /** Least width: in a narrow list, in a wide one. */
  readonly widths: readonly [number, number]
  /** Columns of the least width that only a large value needs: the narrowest lists do without. */
  readonly spare?: number
  /** Columns that it keeps where others are cut. */
  readonly floor?: number
  /** Blanks before it. */
  readonly before: number
  readonly isRight: boolean
  /** Escaped, uncoloured; empty for nothing. */
  text(record: SessionRecord, style: CellStyle): string
  /** Shorter texts for a row that is too long, each shorter than the one before. */
  shorter?(record: SessionRecord): readonly string[]
  paint(record: SessionRecord, theme: Theme): Paint
}

/** Columns of a list where none are chosen. */
export const listColumns: readonly string[] = [
  'number',
  'time',
  'connection',
  'from',
  'type',
  'length',
  'summary',
  'findings',
]

/** The time; without times the frame's index among those of its sender. */
function timeText(record: SessionRecord, {times}: CellStyle): string {
  const {index} = record
  const text = times.text(record)
  return text === '-' && index !== null ? `+${index}` : text
}

function directionText({from}: SessionRecord, isWide: boolean): string {
  if (from === null) return '-'
  if (!isWide) return from
  return from === 'client' ? 'client > relay' : 'relay > client'
}

/**
 * `error packet-too-long, note oob-to-self`, or `E packet-too-long, N oob-to-self`; empty where nothing is worse than
 * chat.
 */
function findingsText(record: SessionRecord, isWide: boolean): string {
  if (record.findings.length === 0) return ''
  return shortFindings(record)
    .map(({severity, code}) => `${isWide ? severity : severity[0]!.toUpperCase()} ${code}`)
    .join(', ')
}

/** `E packet-too-long, N oob-to-self`, `E packet-too-long +1`, and the number of all with the worst severity: `E+2`. */
function shorterFindings(record: SessionRecord): string[] {
  const found = shortFindings(record)
  const [worst] = found
  if (!worst) return []
  const letter = worst.severity[0]!.toUpperCase()
  const others = found.length > 1 ? ` +${found.length - 1}` : ''
  return [findingsText(record, false), `${letter} ${worst.code}${others}`, `${letter}+${found.length}`]
}

function titlePaint({window, state}: SessionRecord, theme: Theme): Paint {
  if (window) return theme.title
  return state === 'failed' ? theme.broken : state === 'sealed' ? theme.sealed : theme.faint
}

const column = (spec: Partial<Column> & Pick<Column, 'name' | 'widths' | 'text' | 'about'>): Column => ({
  header: spec.name.toUpperCase(),
  before: 1,
  isRight: false,
  paint: () => asIs,
  ...spec,
})

/** Columns that are not single fields. */
export const namedColumns: readonly Column[] = [
  column({
    name: 'number',
    about: 'Number of the record, from 1.',
    header: 'NO',
    widths: [5, 6],
    spare: 1,
    isRight: true,
    text: r => String(r.number),
    paint: (_, theme) => theme.number,
  }),
  column({
    name: 'time',
    about: 'Time of the record, in the form of -t; without times +12 is the 12th frame of its sender, from 0.',
    widths: [10, 10],
    spare: 1,
    isRight: true,
    text: timeText,
    paint: (_, theme) => theme.time,
  }),
  column({
    name: 'connection',
    about: 'TCP connection, from 0.',
    header: 'C',
    widths: [2, 3],
    isRight: true,
    text: r => String(r.connection ?? '-'),
    paint: (_, theme) => theme.number,
  }),
  column({
    name: 'from',
    about: 'Who sent it.',
    widths: [6, 14],
    text: (r, {isWide}) => directionText(r, isWide),
    paint: (r, theme) => (r.from === null ? theme.faint : theme[r.from]),
  }),
  column({
    name: 'type',
    about: 'Packet type; for a frame that is not open its state.',
    widths: [15, 22],
    text: titleOf,
    paint: titlePaint,
  }),
  column({
    name: 'length',
    about: 'Bytes on the wire, with the length prefix of 2.',
    header: 'LEN',
    widths: [4, 5],
    isRight: true,
    text: r => String(r.length ?? '-'),
  }),
  column({
    name: 'summary',
    about: 'The most important fields; what is worked out is in brackets.',
    widths: [0, 48],
    before: 2,
    text: (r, {keyText}) => escapeText(tiedSummaryOf(r, keyText)),
  }),
  column({
    name: 'findings',
    about: 'Broken rules, the worst first.',
    shortHeader: 'F',
    widths: [0, 0],
    before: 2,
    text: (r, {isWide}) => findingsText(r, isWide),
    shorter: shorterFindings,
    paint: (r, theme) => theme[shortFindings(r)[0]?.severity ?? 'chat'],
  }),
  column({
    name: 'packets',
    about: 'Numbers of the capture packets that carried it.',
    widths: [7, 7],
    isRight: true,
    text: r => r.packets.join(','),
  }),
  column({
    name: 'ends',
    about: 'Addresses and ports of both ends.',
    widths: [34, 34],
    before: 2,
    text: r => escapeText(endsText(r.ends)),
  }),
]

/** Names of columns that are not filter names, or look different from the field. */
const columnNames: readonly string[] = namedColumns.map(({name}) => name)

/** Whether a column shows no more of a packet than its summary does. Other columns show any field. */
export const isOwnColumn = (name: string): boolean => columnNames.includes(formerNames[name] ?? name)

/** Names that columns had before. */
const formerNames: Readonly<Record<string, string>> = {direction: 'from'}

/** Seconds since another record are the only times of various widths. */
function timeColumn(form: TimeForm): Pick<Column, 'widths' | 'spare'> {
  const width = timeWidths[form]
  return {widths: [width, width], spare: form === 'a' || form === 'ad' || form === 'e' ? 0 : 1}
}

/**
 * The column of a name: one of columnNames, or any filter name.
 * @throws InputError for a name that does not exist.
 */
export function columnNamed(asked: string, timeForm: TimeForm): Column {
  const name = formerNames[asked] ?? asked
  const found = namedColumns.find(each => each.name === name)
  if (found) return name === 'time' ? {...found, ...timeColumn(timeForm)} : found
  const names = [...columnNames, ...filterNames()]
  if (!names.includes(name)) {
    throw new InputError(
      `unknown column "${name}"`,
      didYouMean(name, nearest(name, names)) ?? `columns are ${columnNames.join(', ')}, and every field name`,
      'unknown-name',
    )
  }
  const {kind, about, size = 0} = filterName(name)
  const width = Math.max(name.length, size * 2)
  return column({
    name,
    about,
    header: name,
    widths: [width, width],
    before: 2,
    isRight: kind === 'number',
    text: r => escapeText(fieldTexts(r, name).join(',')),
  })
}
