import type {Finding} from '../expert/finding.js'
import {levelOf} from '../protocol/levels.js'
import {innerWindow} from '../protocol/table.js'
import {bytesCount} from '../protocol/text.js'
import type {FieldSpec} from '../wire/field.js'
import {hexByte, toHex} from '../wire/hex/hex-bytes.js'
import {partsOf as compoundParts, readField} from '../wire/read.js'
import {type Range, restRange, type Span, spans, type Window} from '../wire/window.js'
import {bytesText, fieldText, type NameOf} from './field-text.js'
import {type Node, noChildren} from './node.js'

interface Context {
  /** The record's outermost level: ranges are counted from its first byte. */
  readonly outer: Window
  /** Plaintexts of the boxes of this level and of those below it, outermost first. */
  readonly opened: readonly Window[]
  /** Findings about bytes of this level. */
  readonly findings: readonly Finding[]
  readonly nameOf: NameOf
}

const contains = (outer: Range, inner: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1]

/**
 * Offset in the record's plaintext of a window's first byte. The plaintext of an opened box has the offsets of its
 * sealed bytes.
 */
const offsetIn = (outer: Window, window: Window): number =>
  window.bytes === outer.bytes ? window.start - outer.start : window.shift - outer.shift

const moved = ([start, end]: Range, by: number): Range => [start + by, end + by]

/** The node of a level: one packet, its fields as far as they could be read, and what it carries. */
export function levelNode(window: Window, context: Context): Node {
  const {type, bytes, start, end} = window
  const at = offsetIn(context.outer, window)
  const parts = partsOf(window, context.opened)
  const ranges = parts.map(part => moved(part.range, at))
  const below: Finding[][] = parts.map(() => [])
  const own: Finding[] = []
  for (const found of context.findings) {
    const index = ranges.findLastIndex(range => found.range !== undefined && contains(range, found.range))
    if (index < 0) own.push(found)
    else below[index]!.push(found)
  }
  const hasIdByte = type.id !== null && start < end
  return {
    title: type.title,
    name: type.name,
    text: hasIdByte ? `id 0x${hexByte(bytes[start]!)}` : bytesCount(end - start),
    range: [at, at + end - start],
    ...(hasIdByte && !type.placed.some(({spec}) => spec.kind === 'id') && {own: [at, at + 1] as Range}),
    findings: own,
    children: () => parts.map((part, index) => part.node(ranges[index]!, below[index]!, context)),
  }
}

/** A range of a level, from the level's first byte, and the node that shows it. */
interface Part {
  readonly range: Range
  node(range: Range, findings: readonly Finding[], context: Context): Node
}

function partsOf(window: Window, plaintexts: readonly Window[]): Part[] {
  const {opened, below} = levelOf(window, plaintexts)
  const parts: Part[] = []
  for (const [index, span] of spans(window).entries()) {
    if (span.spec.kind === 'box' && opened) {
      const by = opened.shift - window.shift
      parts.push(...partsOf(opened, below).map(part => ({...part, range: moved(part.range, by)})))
      continue
    }
    // A field that is not there, because another one says so, has no line.
    if (span.spec.when && span.complete && span.range[0] === span.range[1]) continue
    parts.push(span.complete ? fieldPart(window, index, span, below) : cutPart(window, span))
    if (!span.complete) return parts
  }
  const rest = restRange(window)
  if (rest) parts.push(restPart(window, rest))
  return parts
}

function fieldPart(window: Window, index: number, {name, spec, range}: Span, below: readonly Window[]): Part {
  const {type, bytes, start, end} = window
  const inner = index === type.tail && spec.kind === 'rest' ? innerWindow(window) : undefined
  if (!inner) {
    const value = readField(type, index, bytes, start, end)
    const own: ValuePlace = {bytes, range: [start + range[0], start + range[1]], name: `${type.name}.${name}`}
    return {range, node: (shown, findings, {nameOf}) => valueNode(spec, value, own, {shown, findings, nameOf})}
  }
  return {
    range,
    node(shown, findings, {outer, nameOf}) {
      return {
        title: spec.title,
        text: bytesCount(shown[1] - shown[0]),
        range: shown,
        findings: [],
        children: () => [levelNode(inner, {outer, opened: below, findings, nameOf})],
      }
    },
  }
}

/** Absolute range that a value is read from, and its filter name. */
interface ValuePlace {
  readonly bytes: Uint8Array
  readonly range: Range
  readonly name: string
}

/** What the node of a value shows besides it. */
interface Shown extends Pick<Context, 'findings' | 'nameOf'> {
  readonly shown: Range
}

/** A field's value, the elements of a list and the fields of a struct below it. */
function valueNode(
  spec: FieldSpec,
  value: unknown,
  {bytes, range, name}: ValuePlace,
  {shown, findings, nameOf}: Shown,
): Node {
  return {
    title: spec.title,
    name,
    ...fieldText(spec, value, nameOf),
    range: shown,
    findings,
    children:
      spec.kind !== 'list' && spec.kind !== 'struct'
        ? noChildren
        : () =>
            compoundParts(spec, bytes, ...range).map(part =>
              valueNode(
                part.placed.spec,
                part.value,
                {bytes, range: part.range, name: spec.kind === 'struct' ? `${name}.${part.placed.name}` : name},
                {shown: moved(part.range, shown[0] - range[0]), findings: [], nameOf},
              ),
            ),
  }
}

const bytesAt = ({bytes, start}: Window, range: Range): Uint8Array => bytes.subarray(start + range[0], start + range[1])

/** A field that is cut short by the end of the packet. */
function cutPart(window: Window, {spec, range}: Span): Part {
  const present = range[1] - range[0]
  const text = present === 0 ? 'missing' : `cut short, ${present}${wantedOf(spec)}: ${toHex(bytesAt(window, range))}`
  return {
    range,
    node: (shown, findings) => ({
      title: spec.title,
      text,
      role: 'broken',
      range: shown,
      findings,
      children: noChildren,
    }),
  }
}

const wantedOf = (spec: FieldSpec): string =>
  spec.kind === 'bytes' || spec.kind === 'uint' ? ` of ${bytesCount(spec.size)}` : ' bytes'

function restPart(window: Window, range: Range): Part {
  const text = `after the last field, ${bytesText(bytesAt(window, range))}`
  return {
    range,
    node: (shown, findings) => ({
      title: 'Rest',
      name: 'rest',
      text,
      role: 'broken',
      range: shown,
      findings,
      children: noChildren,
    }),
  }
}

/** A packet that was put together from several ones: it has the form of others, and no place on the wire. */
export function assembledNode(window: Window, nameOf: NameOf): Node {
  return withoutPlace(levelNode(window, {outer: window, opened: [], findings: [], nameOf}))
}

const withoutPlace = ({range: _, own: __, ...node}: Node): Node => ({
  ...node,
  inferred: true,
  children: () => node.children().map(withoutPlace),
})
