import type {Field, FieldSpec, Fields, Layer, Values} from './field.js'
import type {Sender} from './side.js'
import {paddedIpPortSize, shortIpPortSize} from './sizes.js'

/** What a packet type's author writes. */
export interface PacketSpec<F extends Fields, N extends string = string> {
  /** snake_case, the name in JSON, filters and `explain`. */
  readonly name: N
  /** First byte, or an inclusive range of it; null where the layer has no id byte. */
  readonly id: number | readonly [number, number] | null
  /** As shown to people. */
  readonly title: string
  readonly layer: Layer
  readonly sentBy: readonly Sender[]
  readonly about: string
  readonly fields: F
  /**
   * A few words about a well-formed packet, a payload or box at its end apart: how long that is, or what, readers add
   * themselves. Values of absent fields would be undefined: it is never called on a malformed packet.
   */
  summary(values: Values<F>): string
  readonly source: string
}

/** Where a field stands: offset from the packet's first byte, or undefined behind a field of variable size. */
export interface Placed {
  readonly name: string
  readonly spec: FieldSpec
  readonly offset: number | undefined
  /** Bytes, or undefined where it varies. */
  readonly size: number | undefined
}

/** A packet type with what follows from its declaration. */
export interface PacketType<F extends Fields = Fields, N extends string = string> extends PacketSpec<F, N> {
  readonly placed: readonly Placed[]
  /** Length in bytes, id byte included, of the shortest and longest well-formed packet. */
  readonly minLength: number
  readonly maxLength: number
  /** Fields whose value may be out of range; undefined where a right length does not tell that every field is whole. */
  readonly ranged: readonly Placed[] | undefined
  /** The plaintext of the type's box as a layout of its own, if declared. */
  readonly plain: PacketType | undefined
  /** Index into placed of the field that decodes further or is sealed: the trailing payload or box; -1 if none. */
  readonly tail: number
  /** A packet of so many bytes has all its fields; undefined where only a look at them tells. */
  readonly wholeFrom: number | undefined
  /** The payload or box of varying size at its end: its place in placed. */
  readonly trailing: {readonly index: number; readonly isSealed: boolean} | undefined
}

/** Bytes of a field that needs no look at the packet; undefined for the others. */
function fixedSize(spec: FieldSpec): number | undefined {
  switch (spec.kind) {
    case 'bytes':
    case 'uint':
      return spec.size
    case 'id':
      return 0
    case 'ip_port':
      return spec.padded ? paddedIpPortSize : undefined
    case 'node':
      return undefined
    case 'rest':
    case 'box':
      return spec.min === spec.max ? spec.min : undefined
  }
}

/**
 * Offset of a field from the first byte of its packet.
 * @throws Error for a field that follows one of varying size.
 */
export function offsetOf<F extends Fields>(type: PacketType<F>, name: keyof F & string): number {
  const offset = type.placed.find(placed => placed.name === name)?.offset
  if (offset === undefined) throw new Error(`${name} of ${type.name} does not have one place in all packets`)
  return offset
}

/** Fewest and most bytes of a field in a well-formed packet. */
export function sizeBounds(spec: FieldSpec): readonly [least: number, most: number] {
  const size = fixedSize(spec)
  if (size !== undefined) return [size, size]
  if (spec.kind === 'rest' || spec.kind === 'box') return [spec.min, spec.max]
  return spec.kind === 'node' ? [shortIpPortSize + 32, paddedIpPortSize + 32] : [shortIpPortSize, paddedIpPortSize]
}

/** Fields that are long or short by their own bytes. */
const isShifting = (spec: FieldSpec): boolean => spec.kind === 'node' || (spec.kind === 'ip_port' && !spec.padded)
const hasRange = (spec: FieldSpec): boolean =>
  spec.kind === 'ip_port' || (spec.kind === 'uint' && spec.allowed !== undefined)

function place(spec: PacketSpec<Fields>): Placed[] {
  let offset: number | undefined = spec.id === null ? 0 : 1
  return Object.entries(spec.fields).map(([name, field]) => {
    const size = fixedSize(field)
    const placed: Placed = {name, spec: field, offset: field.kind === 'id' ? 0 : offset, size}
    offset = offset === undefined || size === undefined ? undefined : offset + size
    return placed
  })
}

/** Declares a packet type: the one place where its layout, limits and words stand. */
export function packet<const F extends Fields, const N extends string>(spec: PacketSpec<F, N>): PacketType<F, N> {
  const placed = place(spec)
  const idBytes = spec.id === null ? 0 : 1
  const all = placed.map(p => sizeBounds(p.spec))
  const tail = placed.findIndex(p => p.spec.kind === 'box' || (p.spec.kind === 'rest' && p.spec.layer !== undefined))
  const boxed: Field | undefined = placed[tail]?.spec
  const minLength = idBytes + all.reduce((sum, [min]) => sum + min, 0)
  const last = placed.at(-1)
  const isOpenEnded = last?.spec.kind === 'rest' || last?.spec.kind === 'box'
  const isFixed = last?.offset !== undefined && (last.size !== undefined || isOpenEnded)
  const isVarying = isOpenEnded && last.size === undefined
  const {name, id, title, layer, sentBy, about, fields, source} = spec
  // Named one by one, so that all types have one shape: millions of packets ask them.
  return {
    name,
    id,
    title,
    layer,
    sentBy,
    about,
    fields,
    source,
    summary: values => spec.summary(values),
    placed,
    minLength,
    maxLength: idBytes + all.reduce((sum, [, max]) => sum + max, 0),
    ranged: placed.some(p => p.offset === undefined || isShifting(p.spec))
      ? undefined
      : placed.filter(p => hasRange(p.spec)),
    tail,
    wholeFrom: isFixed ? minLength : undefined,
    trailing: isVarying ? {index: placed.length - 1, isSealed: last?.spec.kind === 'box'} : undefined,
    plain:
      boxed?.kind === 'box' && boxed.plain
        ? packet({
            ...spec,
            name: spec.name,
            id: null,
            title: `${spec.title} plaintext`,
            fields: boxed.plain,
            summary: () => '',
          })
        : undefined,
  }
}
