import {type Finding, messageOf} from '../../expert/finding.js'
import {blamed, type SessionRecord, severityIn} from '../../session/record.js'
import type {Node} from '../../tree/node.js'
import {rangeText} from '../../wire/text/phrases.js'
import type {Range} from '../../wire/window.js'
import {escapeText} from '../escape.js'
import {effectsText} from '../findings.js'
import {asIs, type Paint, type Theme} from '../theme.js'
import {shiftOf} from './hexdump.js'

/** What leads to a node: before a middle and a last one, and before what is below them. */
export interface Branches {
  readonly middle: string
  readonly last: string
  readonly belowMiddle: string
  readonly belowLast: string
}

export const asciiBranches: Branches = {middle: '|- ', last: "'- ", belowMiddle: '|  ', belowLast: '   '}
export const boxBranches: Branches = {middle: '├─ ', last: '└─ ', belowMiddle: '│  ', belowLast: '   '}

/** One node or finding before it is laid out. Texts are escaped and uncoloured. */
export interface Row {
  /** Before the title. */
  readonly prefix: string
  /** Before further lines of the same node. */
  readonly past: string
  readonly title: string
  readonly paintTitle: Paint
  readonly text: string
  readonly paintText: Paint
  /** As shown, both ends included; empty for none. */
  readonly range: string
  /** A second sentence, on lines of its own. A row with one, even an empty one, is not aligned to the columns. */
  readonly more: string | undefined
  /** Range in the frame of the bytes that a dump shows below it. */
  readonly bytes: Range | undefined
}

const placed = (range: Range, of: 'wire' | undefined): string => `${rangeText(range)}${of ? ` ${of}` : ''}`

/** A range within a sentence: `byte 0`, `bytes 30-41`. */
const bytesText = (range: Range, of: 'wire' | undefined): string =>
  `${range[1] - range[0] > 1 ? 'bytes' : 'byte'} ${placed(range, of)}`

/** Position of a row among the branches. */
type Place = Pick<Row, 'prefix' | 'past'>

/** All rows below a node, top to bottom. */
export function rowsBelow(root: Node, record: SessionRecord, branches: Branches, theme: Theme): Row[] {
  const shift = shiftOf(record)
  const rows: Row[] = []
  const visit = (node: Node, children: readonly Node[], above: string) => {
    const count = children.length + node.findings.length
    const place = (index: number): Place => {
      const isLast = index === count - 1
      return {
        prefix: above + (isLast ? branches.last : branches.middle),
        past: above + (isLast ? branches.belowLast : branches.belowMiddle),
      }
    }
    children.forEach((child, index) => {
      const at = place(index)
      const below = child.children()
      rows.push(nodeRow(child, at, below.length === 0, shift, theme))
      visit(child, below, at.past)
    })
    node.findings.forEach((found, index) => {
      rows.push(findingRow(found, place(children.length + index), node, record, theme))
    })
  }
  visit(root, root.children(), '')
  return rows
}

function nodeRow(
  {title, text, range, of, own, inferred, role}: Node,
  {prefix, past}: Place,
  isLeaf: boolean,
  shift: number,
  theme: Theme,
): Row {
  const shown = isLeaf ? range : own
  const by = of === 'wire' ? 0 : shift
  return {
    prefix,
    past,
    title: inferred ? `[${escapeText(title)}]` : escapeText(title),
    paintTitle: inferred ? theme.inferred : isLeaf ? asIs : theme.title,
    text: escapeText(text),
    paintText: inferred ? theme.inferred : role ? theme[role] : asIs,
    range: range ? placed(range, of) : '',
    more: undefined,
    bytes: shown && shown[1] > shown[0] ? [shown[0] + by, shown[1] + by] : undefined,
  }
}

function findingRow(found: Finding, {prefix, past}: Place, {range}: Node, record: SessionRecord, theme: Theme): Row {
  const severity = severityIn(record, found)
  const isElsewhere = found.range && (found.range[0] !== range?.[0] || found.range[1] !== range?.[1])
  const place = isElsewhere ? ` (${bytesText(found.range, found.of)})` : ''
  return {
    prefix,
    past,
    title: `${severity} ${found.code}:`,
    paintTitle: theme[severity],
    text: `${escapeText(messageOf(found))}${place}`,
    paintText: asIs,
    range: '',
    more: effectsText(found, blamed(record)),
    bytes: undefined,
  }
}
