import type {SessionRecord} from '../../session/record.js'
import type {Node} from '../../tree/node.js'
import {recordTree} from '../../tree/record-tree.js'
import type {Range} from '../../wire/window.js'
import {escapeText, inSigns} from '../escape.js'
import {PeerNames} from '../peer-names.js'
import {textWidth} from '../text-width.js'
import {type Paint, type Theme, theme} from '../theme.js'
import {wrap} from '../wrap.js'
import {drawingWidth, type TextFormat} from './format.js'
import {type Dump, dumpOf, dumpWidth, hexdump} from './hexdump.js'
import {asciiBranches, boxBranches, type Row, rowsBelow} from './tree-rows.js'

export interface TreeOptions {
  readonly theme: Theme
  readonly isAscii: boolean
  /** Columns; at least 40 are used. */
  readonly width: number
  /** Below each field, its bytes on the wire and in plain. */
  readonly hex: boolean
  /** Several connections: each record says of which it is. */
  readonly hasConnections: boolean
  /** Names of the owners of keys. */
  readonly names: PeerNames
}

const leastWidth = 40
/** Fewest columns in which a sentence is broken; in fewer it gets lines of its own. */
const narrowest = 24
/** Extra indentation of a text on lines of its own, after its node. */
const inset = 4

/** Columns at which ranges and values begin, so that they are aligned. */
interface Columns {
  readonly range: number
  readonly text: number
}

function columnsOf(rows: readonly Row[]): Columns {
  const inColumns = rows.filter(({more}) => more === undefined)
  const range = Math.max(0, ...inColumns.map(({prefix, title}) => prefix.length + title.length)) + 2
  const widest = Math.max(0, ...inColumns.map(row => row.range.length))
  return {range, text: widest === 0 ? range : range + widest + 2}
}

/** Draws trees. */
export class TreeView {
  readonly #width: number

  constructor(readonly options: TreeOptions) {
    this.#width = Math.max(leastWidth, options.width)
  }

  /** The whole tree of a record, with line ends. time: as text, empty for none. */
  draw(record: SessionRecord, time: string): string {
    const {isAscii, theme, hex} = this.options
    const {hasConnections, names} = this.options
    const root = recordTree(record, {hasConnections, nameOf: names.shownName, keyText: names.keyText})
    const drawn = rowsBelow(root, record, isAscii ? asciiBranches : boxBranches, theme)
    const rows = isAscii ? drawn.map(row => ({...row, text: inSigns(row.text, true)})) : drawn
    const columns = columnsOf(rows)
    const dump = hex ? dumpOf(record) : []
    return this.#head(record, root, time) + rows.map(row => this.#row(row, columns, dump)).join('')
  }

  #head({number, from}: SessionRecord, {title, text}: Node, time: string): string {
    const {theme} = this.options
    const side = from === null ? '' : from === 'client' ? 'client > relay' : 'relay > client'
    const parts: [string, Paint][] = [
      [`#${number}`, theme.number],
      [time, theme.time],
      [side, from === null ? theme.faint : theme[from]],
      [escapeText(title), theme.head],
    ]
    const shown = parts.filter(([part]) => part !== '')
    const used = shown.reduce((sum, [part]) => sum + textWidth(part) + 2, 0) - 2
    const words = inSigns(escapeText(text), this.options.isAscii)
    const [first, ...more] = wrap(words, this.#width - used - 1, this.#width - inset)
    const lead = shown.map(([part, paint]) => paint(part)).join('  ')
    return `${first === '' ? lead : `${lead} ${first}`}\n${more.map(line => `${' '.repeat(inset)}${line}\n`).join('')}`
  }

  #row(row: Row, columns: Columns, dump: Dump): string {
    const {prefix, past, title, paintTitle, bytes} = row
    const lead = `${this.options.theme.faint(prefix)}${paintTitle(title)}`
    const rest = row.more === undefined ? this.#inColumns(row, columns) : this.#sentences(row, row.more)
    return `${lead}${rest}\n${bytes && dump.length > 0 ? this.#dump(bytes, past, dump) : ''}`
  }

  /** A range and a value in their columns; a value that does not fit gets lines of its own. */
  #inColumns({prefix, title, past, range, text, paintText}: Row, columns: Columns): string {
    const used = prefix.length + title.length
    const ranged = range === '' ? '' : `${' '.repeat(columns.range - used)}${this.options.theme.faint(range)}`
    if (text === '') return ranged
    const room = this.#width - columns.text
    const fits =
      textWidth(text) <= room || (room >= narrowest && text.split(' ').every(word => textWidth(word) <= room))
    if (!fits) return ranged + this.#lines(wrap(text, this.#ownRoom(past), this.#ownRoom(past)), past, inset, paintText)
    const [first, ...more] = wrap(text, room, room)
    const at = range === '' ? used : columns.range + range.length
    const below = this.#lines(more, past, columns.text - past.length, paintText)
    return `${ranged}${' '.repeat(columns.text - at)}${paintText(first!)}${below}`
  }

  /** A sentence right behind the title, and another below it. */
  #sentences({prefix, title, past, text, paintText}: Row, more: string): string {
    const room = this.#ownRoom(past)
    const [first, ...others] = wrap(text, this.#width - prefix.length - title.length - 1, room)
    const below = more === '' ? [] : wrap(more, room, room)
    return `${first === '' ? '' : ` ${paintText(first!)}`}${this.#lines([...others, ...below], past, inset, paintText)}`
  }

  #ownRoom(past: string): number {
    return Math.max(narrowest, this.#width - past.length - inset)
  }

  #lines(lines: readonly string[], past: string, indent: number, paint: Paint): string {
    return lines.map(line => `\n${this.options.theme.faint(past)}${' '.repeat(indent)}${paint(line)}`).join('')
  }

  #dump(bytes: Range, past: string, dump: Dump): string {
    const {theme} = this.options
    // Below many levels a dump keeps its width, and is indented less.
    const lines = past.slice(0, Math.max(0, this.#width - dumpWidth(this.#width - inset) - inset))
    return hexdump(dump, {
      width: this.#width,
      theme,
      indent: `${theme.faint(lines)}${' '.repeat(inset)}`,
      indentWidth: lines.length + inset,
      mark: bytes,
    })
  }
}

export const treeFormat: TextFormat = {
  about: 'a tree of the fields of each packet',
  takes: ['hex', 'time', 'labels', 'color', 'ascii'],
  isData: false,
  writer(options, times) {
    const names = new PeerNames(options)
    const tree = new TreeView({
      ...options,
      names,
      width: drawingWidth(options),
      theme: theme(options.colorLevel, options.colors),
    })
    return {
      head: '',
      skip: record => names.learn(record),
      text(record, isFirst) {
        names.learn(record)
        const time = record.time ? times.text(record) : ''
        return `${isFirst ? '' : '\n'}${tree.draw(record, time)}`
      },
    }
  },
}
