import type {FieldSpec, Fields, KeyText, ValueOf, Values} from './field.js'
import type {PacketType} from './packet.js'
import {fieldStart, isWhole, readField, sizeAt, startAfter} from './read.js'

/** shift of a window whose bytes are not contiguous on the wire (put together from several packets). */
export const noShift = -1

/**
 * A decoded packet: a type over bytes[start,end). Fields, ranges and trees are read when asked for. Its byte p (counted
 * from start) is byte p + shift of the frame's wire bytes, sealed or not: all boxes are XSalsa20, which keeps
 * positions.
 */
export class Window<F extends Fields = Fields> {
  constructor(
    readonly type: PacketType<F>,
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly end: number,
    readonly shift: number,
  ) {}
}

export const lengthOf = (window: Window): number => window.end - window.start

/** Half-open offsets in a record's plaintext. */
export type Range = readonly [start: number, end: number]

/**
 * Value of a field by name, typed where the window's packet type is.
 * @returns undefined where the packet ends before the end of the field, or the type has no field of that name.
 */
export function fieldOf<F extends Fields, K extends keyof F & string>(
  window: Window<F>,
  name: K,
): ValueOf<F[K]> | undefined {
  const {placed} = window.type
  let index = 0
  while (index < placed.length && placed[index]!.name !== name) index++
  if (index === placed.length) return undefined
  // The declaration that gives the value its type is the one that it is read by.
  return readField(window.type, index, window.bytes, window.start, window.end) as ValueOf<F[K]> | undefined
}

/** True if the packet has all bytes of all its fields. Values may be out of range, and bytes may follow. */
function isComplete({type, bytes, start, end}: Window): boolean {
  if (type.wholeFrom !== undefined && end - start >= type.wholeFrom) return true
  let behind = start
  for (const placed of type.placed) {
    const at = startAfter(placed, behind, start, end)
    const size = sizeAt(placed, bytes, at, end, start)
    if (placed.spec.kind === 'id' ? end <= start : !isWhole(placed, at, size, end)) return false
    behind = at + size
  }
  return true
}

/** Values of all fields by name; undefined where the packet ends before the end of its last field. */
export function fieldsOf<F extends Fields>(window: Window<F>): Values<F> | undefined {
  if (!isComplete(window)) return undefined
  const {type, bytes, start, end} = window
  const values: Record<string, unknown> = {}
  for (const [index, {name}] of type.placed.entries()) values[name] = readField(type, index, bytes, start, end)
  // As in fieldOf.
  return values as Values<F>
}

/** Reads the fields of a packet by their names, each when it is asked for. */
class FieldReader {
  readonly #window: Window

  constructor(window: Window) {
    this.#window = window
  }

  /** Gives the readers of a class a property for each field of a packet type. */
  static define(reader: typeof FieldReader, {placed}: PacketType): void {
    for (const [index, {name}] of placed.entries())
      Object.defineProperty(reader.prototype, name, {
        get(this: FieldReader) {
          const {type, bytes, start, end} = this.#window
          return readField(type, index, bytes, start, end)
        },
      })
  }
}

const readers = new WeakMap<PacketType, typeof FieldReader>()

/**
 * What the packet type says of a packet in a few words: the millions of a list read only the fields that it names.
 * @returns undefined where the packet ends before the end of its last field.
 */
export function summaryOf(window: Window, keyText: KeyText): string | undefined {
  if (!isComplete(window)) return undefined
  const {type} = window
  let reader = readers.get(type)
  if (!reader) {
    reader = class extends FieldReader {}
    FieldReader.define(reader, type)
    readers.set(type, reader)
  }
  // It has the fields of the type, as in fieldsOf.
  return type.summary(new reader(window) as unknown as Values<Fields>, keyText)
}

/** A field in one packet. Offsets count from the packet's first byte; complete: the packet has all its bytes. */
export interface Span {
  readonly name: string
  readonly spec: FieldSpec
  readonly range: Range
  readonly complete: boolean
}

/** The fields of a packet in order; together with the bare id byte and `restRange` they tile it. */
export function spans(window: Window): Span[] {
  const {type, bytes, start, end} = window
  return type.placed.map((placed, index) => {
    const {name, spec} = placed
    if (spec.kind === 'id') return {name, spec, range: [0, Math.min(1, end - start)], complete: end > start}
    const at = fieldStart(type, index, bytes, start, end)
    const size = sizeAt(placed, bytes, at, end, start)
    return {
      name,
      spec,
      range: [at - start, Math.min(at + size, end) - start],
      complete: isWhole(placed, at, size, end),
    }
  })
}

/** Bytes after the last field. */
export function restRange(window: Window): Range | undefined {
  const last = spans(window).at(-1)
  const length = lengthOf(window)
  const behind = last ? last.range[1] : Math.min(1, length)
  return behind < length ? [behind, length] : undefined
}
