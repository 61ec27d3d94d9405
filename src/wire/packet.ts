import type {Field, FieldSpec, Fields, KeyText, Layer, StructField, Values} from './field.js'
import type {Sender} from './side.js'
import {paddedIpPortSize, shortIpPortSize} from './sizes.js'

/** What a packet type's author writes. */
export interface PacketSpec<F extends Fields, N extends string = string> {
  /** snake_case, the name in JSON, filters and `explain`. */
  readonly name: N
  /** First byte, or an inclusive range of it; null where the layer has no id byte. */
  readonly id: number | readonly [number, number] | null
  /** c-toxcore's constant for the id; undefined: it has none, or one for the type that carries it. */
  readonly cToxcore?: string | undefined
  /** As shown to people. */
  readonly title: string
  readonly layer: Layer
  readonly sentBy: readonly Sender[]
  readonly about: string
  readonly fields: F
  /**
   * A few words about a well-formed packet, without the payload or box at its end, which readers add themselves.
   * Never called on a malformed packet: values of absent fields would be undefined.
   */
  summary(values: Values<F>, keyText: KeyText): string
  readonly source: string
}

/** Place of a field: offset from the packet's first byte, or undefined after a field of variable size. */
export interface Placed {
  readonly name: string
  readonly spec: FieldSpec
  readonly offset: number | undefined
  /** Bytes, or undefined where it varies. */
  readonly size: number | undefined
  /** The earlier number that says whether the field is there. */
  readonly presence: NumberPlace | undefined
  /** The earlier number that says how many bytes or elements it has. */
  readonly count: NumberPlace | undefined
  /** Bytes of the fields after it, which a field that runs to the end leaves to them. */
  readonly behind: number
}

/** A number of 1 or 2 bytes at a fixed place, which later fields depend on. */
export interface NumberPlace {
  readonly offset: number
  readonly size: number
}

/** A packet type with what follows from its declaration. */
export interface PacketType<F extends Fields = Fields, N extends string = string> extends PacketSpec<F, N> {
  readonly placed: readonly Placed[]
  /** Length in bytes, id byte included, of the shortest and longest well-formed packet. */
  readonly minLength: number
  readonly maxLength: number
  /** Fields whose value may be out of range; undefined if fields can be cut short in a packet of right length. */
  readonly ranged: readonly Placed[] | undefined
  /** The plaintext of the type's box as a layout of its own, if declared. */
  readonly plain: PacketType | undefined
  /** Index into placed of the field that decodes further or is sealed: the trailing payload or box; -1 if none. */
  readonly tail: number
  /** Offset of that field; undefined where the type has no such field, or a field of varying size comes before it. */
  readonly tailAt: number | undefined
  /** Bytes of the fields after it. */
  readonly tailBehind: number
  /** Layer of the payload at its end; undefined for a type without a payload. */
  readonly carried: Layer | undefined
  /** A packet of at least this length has all its fields; undefined if that depends on their values. */
  readonly wholeFrom: number | undefined
  /** The payload or box of varying size at its end: its place in placed. */
  readonly trailing: {readonly index: number; readonly isSealed: boolean} | undefined
}

/** Bytes of a field of fixed size; undefined for others. */
function fixedSize(spec: FieldSpec): number | undefined {
  if (spec.when) return undefined
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
    case 'struct':
      return Object.values(spec.fields).reduce<number | undefined>((sum, field) => added(sum, fixedSize(field)), 0)
    case 'text':
      return spec.filledTo
    case 'zeros':
    case 'list':
      return undefined
  }
}

const added = (sum: number | undefined, size: number | undefined): number | undefined =>
  sum === undefined || size === undefined ? undefined : sum + size

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
  if (spec.when) return [0, ownBounds(spec)[1]]
  return ownBounds(spec)
}

/** As `sizeBounds`, of a field that is there. */
function ownBounds(spec: FieldSpec): readonly [least: number, most: number] {
  switch (spec.kind) {
    case 'bytes':
    case 'uint':
      return [spec.size, spec.size]
    case 'id':
      return [0, 0]
    case 'ip_port':
      return [spec.padded ? paddedIpPortSize : shortIpPortSize, paddedIpPortSize]
    case 'node':
      return [shortIpPortSize + 32, paddedIpPortSize + 32]
    case 'rest':
    case 'box':
    case 'text':
      return [spec.min, spec.max]
    case 'zeros':
      return [0, spec.max]
    case 'struct':
      return Object.values(spec.fields)
        .map(sizeBounds)
        .reduce(([low, high], [least, most]) => [low + least, high + most], [0, 0])
    case 'list': {
      const [least, most] = sizeBounds(spec.of)
      return [spec.min * least, spec.max * most]
    }
  }
}

/** Fields that must be looked at: their size, or whether they are well-formed, depends on their own bytes. */
const isShifting = (spec: FieldSpec): boolean =>
  spec.when !== undefined ||
  (spec.kind === 'ip_port' && !spec.padded) ||
  !['bytes', 'uint', 'id', 'ip_port', 'rest', 'box'].includes(spec.kind)
const hasRange = (spec: FieldSpec): boolean =>
  spec.kind === 'ip_port' || (spec.kind === 'uint' && spec.allowed !== undefined)

/** Fields in order from an offset. */
function place(fields: Fields, start: number): Placed[] {
  let offset: number | undefined = start
  const all: Placed[] = []
  const numberNamed = (name: string | undefined): NumberPlace | undefined => {
    if (name === undefined) return undefined
    const found = all.find(placed => placed.name === name)
    if (found?.spec.kind === 'uint' && found.offset !== undefined) return {offset: found.offset, size: found.spec.size}
    throw new Error(`${name} is not a number at a fixed place before the field that depends on it`)
  }
  for (const [name, field] of Object.entries(fields)) {
    const size = fixedSize(field)
    const counter = field.kind === 'text' ? field.sizedBy : field.kind === 'list' ? field.countedBy : undefined
    const [presence, count] = [numberNamed(field.when?.field), numberNamed(counter)]
    all.push({name, spec: field, offset: field.kind === 'id' ? 0 : offset, size, presence, count, behind: 0})
    offset = added(offset, size)
  }
  const rest = all.findIndex(({spec}) => spec.kind === 'rest')
  return all.map((placed, index) => {
    const {spec, count} = placed
    if (index !== rest && (spec.kind !== 'list' || count)) return placed
    const behind = all.slice(index + 1).reduce<number | undefined>((sum, {size}) => added(sum, size), 0)
    if (behind === undefined && index === rest)
      throw new Error(`a field that has no fixed size follows ${placed.name}, which runs to the end`)
    return {...placed, behind: behind ?? 0}
  })
}

const structs = new WeakMap<StructField, readonly Placed[]>()

/** The fields of a struct, from its first byte. */
export function structFields(spec: StructField): readonly Placed[] {
  let placed = structs.get(spec)
  if (!placed) {
    placed = place(spec.fields, 0)
    structs.set(spec, placed)
  }
  return placed
}

/** Declares a packet type: the only place for its layout, limits and texts. */
export function packet<const F extends Fields, const N extends string>(spec: PacketSpec<F, N>): PacketType<F, N> {
  const idBytes = spec.id === null ? 0 : 1
  const placed = place(spec.fields, idBytes)
  const all = placed.map(p => sizeBounds(p.spec))
  const tail = placed.findIndex(p => p.spec.kind === 'box' || (p.spec.kind === 'rest' && p.spec.layer !== undefined))
  const boxed: Field | undefined = placed[tail]?.spec
  const minLength = idBytes + all.reduce((sum, [min]) => sum + min, 0)
  const last = placed.at(-1)
  const isOpenEnded = last?.spec.kind === 'rest' || last?.spec.kind === 'box'
  const isFixed = last?.offset !== undefined && (last.size !== undefined || isOpenEnded)
  const isVarying = isOpenEnded && last.size === undefined
  const {name, id, cToxcore, title, layer, sentBy, about, fields, source} = spec
  // Named one by one, so that all types have one shape: millions of packets ask them.
  return {
    name,
    id,
    cToxcore,
    title,
    layer,
    sentBy,
    about,
    fields,
    source,
    summary: (values, keyText) => spec.summary(values, keyText),
    placed,
    minLength,
    maxLength: idBytes + all.reduce((sum, [, max]) => sum + max, 0),
    ranged: placed.some(p => p.offset === undefined || isShifting(p.spec))
      ? undefined
      : placed.filter(p => hasRange(p.spec)),
    tail,
    tailAt: placed[tail]?.offset,
    tailBehind: placed[tail]?.behind ?? 0,
    carried: boxed?.kind === 'rest' ? boxed.layer : undefined,
    wholeFrom: isFixed ? minLength : undefined,
    trailing: isVarying ? {index: placed.length - 1, isSealed: last?.spec.kind === 'box'} : undefined,
    plain:
      boxed?.kind === 'box' && boxed.plain
        ? packet({
            ...spec,
            name: spec.name,
            id: null,
            cToxcore: undefined,
            layer: 'plaintext',
            title: `${spec.title} plaintext`,
            about: `What is in the box of a ${spec.title}, without its MAC.`,
            fields: boxed.plain,
            // The declaration that gives the values their type is the one that the function was written for.
            summary: (values, keyText) => boxed.plainSummary?.(values as never, keyText) ?? '',
          })
        : undefined,
  }
}

/** Whether a byte is an id of a type. */
export const hasId = ({id}: PacketType, byte: number): boolean =>
  typeof id === 'number' ? byte === id : id !== null && id[0] <= byte && byte <= id[1]
