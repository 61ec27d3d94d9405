import type {SessionRecord} from '../../session/record.js'
import {copyOf} from '../../wire/bytes.js'
import {hexByte} from '../../wire/hex/hex-bytes.js'
import {type Range, Window} from '../../wire/window.js'
import type {Theme} from '../theme.js'

/** Bytes of a panel, by their place in the frame. */
interface Panel {
  readonly title: string
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Place in the frame of bytes[start]. */
  readonly at: number
}

/**
 * What a record's dump shows: the wire bytes, the plaintext, or both beside each other so that what belongs together
 * is in one row.
 */
export type Dump = readonly Panel[]

export interface DumpOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly theme: Theme
  /** Before every row, and how many columns it takes without its colours. */
  readonly indent: string
  readonly indentWidth: number
  /** Half-open, places in the frame: only the rows that hold them are shown, with these bytes marked. */
  readonly mark?: Range | undefined
  /** Half-open, places in the frame: show the rows that hold these, and a heading, whatever is marked. */
  readonly rows?: Range | undefined
}

const plainPanel = (title: string, {bytes, start, end}: Window, at: number): Panel => ({title, bytes, start, end, at})

/** @returns no panel for a record without bytes. */
export function dumpOf({window, opened, wire, kind}: SessionRecord): Dump {
  // The clear fields of a handshake are on the wire as they are: beside them only the plaintext of its box is new.
  const plain = kind === 'handshake' ? (opened[0] ?? window) : window && withOpened(window, opened)
  if (!wire) return plain && plain.end > plain.start ? [plainPanel('plain', plain, 0)] : []
  if (wire.length === 0) return []
  const sealed: Panel = {title: 'wire', bytes: wire, start: 0, end: wire.length, at: 0}
  return plain && plain.shift > 0 && plain.end > plain.start
    ? [sealed, plainPanel('plain', plain, plain.shift)]
    : [sealed]
}

/** The packet with the plaintext of each opened box where its ciphertext was: a MAC stays as it is. */
function withOpened(window: Window, opened: readonly Window[]): Window {
  if (opened.length === 0) return window
  const bytes = copyOf(window.bytes, window.start, window.end)
  for (const {bytes: plain, start, end, shift} of opened) bytes.set(plain.subarray(start, end), shift - window.shift)
  return new Window(window.type, bytes, 0, bytes.length, window.shift)
}

/** Place in the frame of byte 0 of the record's plaintext, as `mark` counts it. */
export const shiftOf = ({window, wire}: SessionRecord): number => (wire && window ? Math.max(0, window.shift) : 0)

const offsetText = (offset: number): string => offset.toString(16).padStart(4, '0')
const hex = Array.from({length: 256}, (_, byte) => hexByte(byte))
const gap = '  '

/** Characters of a panel's row: an offset, a byte in three, and the place for a closing bracket. */
const panelWidth = (perRow: number): number => 4 + 3 * perRow + 1

/** Characters of the panels of a row, side by side. */
const panelsWidth = (panels: number, perRow: number): number => panels * panelWidth(perRow) + (panels - 1) * gap.length

/** Bytes of a row, the most that fit first. */
const rowSizes = [16, 8, 4] as const

/** Most bytes of a row, and the fewest where there is not even room for those. */
const bytesPerRow = (panels: number, room: number): (typeof rowSizes)[number] =>
  rowSizes.find(size => panelsWidth(panels, size) <= room) ?? 4

/** Columns of rows with both panels and few bytes, which leave columns for what is beside them. */
export const dumpWidth = (room: number): number => panelsWidth(2, Math.min(8, bytesPerRow(2, room)))

/** How a dump is laid out in a number of columns. */
export interface DumpShape {
  /** Bytes of a row. */
  readonly perRow: (typeof rowSizes)[number]
  /** Whether the text of the last panel is beside it. */
  readonly hasText: boolean
  /** Where the last byte of all panels ends, as a place in the frame. */
  readonly end: number
}

export function dumpShape(dump: Dump, room: number): DumpShape {
  const perRow = bytesPerRow(dump.length, room)
  return {
    perRow,
    hasText: panelsWidth(dump.length, perRow) + gap.length + perRow <= room,
    end: Math.max(0, ...dump.map(panel => panel.at + panel.end - panel.start)),
  }
}

/** Column of a byte in its row of a dump. @param panel number of its panel. */
export const byteColumn = (panel: number, place: number, {perRow}: DumpShape): number =>
  panel * (panelWidth(perRow) + gap.length) + 5 + 3 * (place % perRow)

/** The panels that have marked bytes, so that a field in one of them has all of the width; all where none has. */
function markedPanels(dump: Dump, [from, to]: Range): Dump {
  const marked = dump.filter(({at, start, end}) => at < Math.max(to, from + 1) && at + end - start > from)
  return marked.length > 0 ? marked : dump
}

/** Rows of hex with offsets, both panels in step, and where there is room the text of the last one. */
export function hexdump(whole: Dump, {width, theme, indent, indentWidth, mark, rows}: DumpOptions): string {
  const dump = mark && !rows ? markedPanels(whole, mark) : whole
  const last = dump.at(-1)
  if (!last) return ''
  const {perRow, hasText, end} = dumpShape(dump, width - indentWidth)
  const [from, to] = rows ?? mark ?? [0, end]
  let text = (mark && !rows) || dump.length === 1 ? '' : `${indent}${headRow(dump, perRow, theme)}\n`
  for (let row = from - (from % perRow); row < Math.max(to, from + 1) && row < end; row += perRow) {
    const cells = dump.map(panel => panelRow(panel, row, perRow, mark, theme))
    text += `${indent}${`${cells.join(gap)}${hasText ? gap + textOf(last, row, perRow) : ''}`.trimEnd()}\n`
  }
  return text
}

const headRow = (dump: Dump, perRow: number, theme: Theme): string =>
  theme.faint(
    dump
      .map(({title}) => `     ${title}`.padEnd(panelWidth(perRow)))
      .join(gap)
      .trimEnd(),
  )

function panelRow(
  {bytes, start, end, at}: Panel,
  row: number,
  perRow: number,
  mark: Range | undefined,
  theme: Theme,
): string {
  const first = Math.max(row, at)
  const size = end - start
  if (first >= Math.min(row + perRow, at + size)) return ' '.repeat(panelWidth(perRow))
  let text = theme.faint(offsetText(first - at))
  let wasMarked = false
  for (let place = row; place < row + perRow; place++) {
    const isThere = place >= at && place < at + size
    const isMarked = isThere && mark !== undefined && place >= mark[0] && place < mark[1]
    text += separator(wasMarked, isMarked, theme)
    if (isThere) text += isMarked ? theme.mark(hex[bytes[start + place - at]!]!) : hex[bytes[start + place - at]!]
    else text += '  '
    wasMarked = isMarked
  }
  return text + separator(wasMarked, false, theme)
}

/** Between two bytes: a bracket where the marked ones begin or end, if no colour marks them. */
function separator(wasMarked: boolean, isMarked: boolean, theme: Theme): string {
  if (!theme.isPlain) return wasMarked && isMarked ? theme.mark(' ') : ' '
  if (wasMarked === isMarked) return ' '
  return isMarked ? '[' : ']'
}

function textOf({bytes, start, end, at}: Panel, row: number, perRow: number): string {
  let text = ''
  for (let place = row; place < Math.min(row + perRow, at + end - start); place++) {
    const byte = place < at ? 0x20 : bytes[start + place - at]!
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
  }
  return text
}
