import {type Finding, messageOf} from '../../expert/finding.js'
import {blamed, type SessionRecord, severityIn} from '../../session/record.js'
import type {Node} from '../../tree/node.js'
import {recordTree} from '../../tree/record-tree.js'
import {escapeText} from '../../view/escape.js'
import {effectsText} from '../../view/findings.js'
import {shiftOf} from '../../view/forms/hexdump.js'
import {asciiBranches, boxBranches} from '../../view/forms/tree-rows.js'
import type {PeerNames} from '../../view/peer-names.js'
import {asIs, type Paint, type Theme} from '../../view/theme.js'
import {wrap} from '../../view/wrap.js'
import type {Range} from '../../wire/window.js'

/** One node or finding of a record's tree. */
export interface TreeRow {
  /** Titles from the root to here: the same field of another packet has the same path. */
  readonly path: string
  /** Before the title, and before further lines of the row. */
  readonly prefix: string
  readonly past: string
  readonly title: string
  readonly text: string
  readonly paintTitle: Paint
  readonly paintText: Paint
  /** Its bytes, as places in the frame. */
  readonly range: Range | undefined
  /** Undefined: it cannot be folded. */
  readonly isFolded: boolean | undefined
  readonly node: Node | undefined
  readonly finding: Finding | undefined
  /** Number of this name's values before it. */
  readonly occurrence: number
}

export interface TreeStyle {
  readonly theme: Theme
  readonly isAscii: boolean
}

/** Appearance of a tree whose keys have names beside them. */
export interface NamedTreeStyle extends TreeStyle {
  readonly names: PeerNames
}

/** All rows of a record's tree, the headline first. @param folded paths whose children are not shown. */
export function treeRows(record: SessionRecord, folded: ReadonlySet<string>, style: NamedTreeStyle): TreeRow[] {
  const {theme, isAscii, names} = style
  const branches = isAscii ? asciiBranches : boxBranches
  const root = recordTree(record, {hasConnections: true, nameOf: names.shownName, keyText: names.keyText})
  const shift = shiftOf(record)
  const counts = new Map<string, number>()
  const rows: TreeRow[] = []
  const add = (node: Node, paths: {path: string; prefix: string; past: string}) => {
    const {title, text, inferred, role, name} = node
    const isFoldable = node.findings.length > 0 || node.children().length > 0
    const occurrence = name === undefined ? 0 : (counts.get(name) ?? 0)
    if (name !== undefined) counts.set(name, occurrence + 1)
    rows.push({
      ...paths,
      title: inferred ? `[${escapeText(title)}]` : escapeText(title),
      text: escapeText(text),
      paintTitle: inferred ? theme.inferred : isFoldable ? theme.title : asIs,
      paintText: inferred ? theme.inferred : role ? theme[role] : asIs,
      range: frameRange(node, shift),
      isFolded: isFoldable ? folded.has(paths.path) : undefined,
      node,
      finding: undefined,
      occurrence,
    })
    if (!folded.has(paths.path)) visit(node, paths.path, paths.past)
  }
  const visit = (node: Node, path: string, above: string) => {
    const children = node.children()
    const last = children.length + node.findings.length - 1
    const place = (index: number, title: string) => ({
      path: `${path}/${title}`,
      prefix: above + (index === last ? branches.last : branches.middle),
      past: above + (index === last ? branches.belowLast : branches.belowMiddle),
    })
    for (const [index, child] of children.entries()) add(child, place(index, titleIn(children, index)))
    for (const [index, found] of node.findings.entries())
      rows.push(findingRow(found, place(children.length + index, found.code), record, theme, shift))
  }
  add(root, {path: '', prefix: '', past: ''})
  return rows
}

/** A title, numbered where several children have it. */
function titleIn(children: readonly Node[], index: number): string {
  const {title} = children[index]!
  const before = children.slice(0, index).filter(child => child.title === title).length
  return before === 0 ? title : `${title} ${before + 1}`
}

function frameRange({range, of}: Pick<Node, 'range' | 'of'>, shift: number): Range | undefined {
  const by = of === 'wire' ? 0 : shift
  return range && range[1] > range[0] ? [range[0] + by, range[1] + by] : undefined
}

function findingRow(
  found: Finding,
  paths: {path: string; prefix: string; past: string},
  record: SessionRecord,
  theme: Theme,
  shift: number,
): TreeRow {
  const severity = severityIn(record, found)
  const effects = effectsText(found, blamed(record))
  return {
    ...paths,
    title: `${severity} ${found.code}:`,
    text: `${escapeText(messageOf(found))}${effects === '' ? '' : `; ${effects}`}`,
    paintTitle: theme[severity],
    paintText: asIs,
    range: frameRange(found, shift),
    isFolded: undefined,
    node: undefined,
    finding: found,
    occurrence: 0,
  }
}

/** A row as lines, which fit into a number of columns. */
export function treeLines(row: TreeRow, width: number, {theme, isAscii}: TreeStyle): string[] {
  const {prefix, past, title, text, isFolded} = row
  const marks = isAscii ? ['- ', '+ '] : ['▾ ', '▸ ']
  const mark = isFolded === undefined ? '' : marks[isFolded ? 1 : 0]!
  const used = prefix.length + mark.length + title.length + 2
  const further = Math.max(8, width - past.length - 4)
  const [first = '', ...others] = wrap(text, Math.max(1, width - used), further)
  const head = `${theme.faint(prefix)}${theme.faint(mark)}${row.paintTitle(title)}`
  return [
    first === '' ? head : `${head}  ${row.paintText(first)}`,
    ...others.map(line => `${theme.faint(past)}    ${row.paintText(line)}`),
  ]
}

/** The smallest row that has a byte. @param place of the byte in the frame. @returns -1: none has. */
export function rowOfByte(rows: readonly TreeRow[], place: number): number {
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (const [index, {range, finding}] of rows.entries()) {
    if (!range || finding || place < range[0] || place >= range[1] || range[1] - range[0] > least) continue
    best = index
    least = range[1] - range[0]
  }
  return best
}
