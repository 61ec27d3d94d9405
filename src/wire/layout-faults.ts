import type {FieldSpec, ListField, TextField, UintField} from './field.js'
import type {PacketType, Placed} from './packet.js'
import {isPaddingZero, isWhole, type Part, partsOf, sizeAt, startAfter} from './read.js'
import {isIpv4Family} from './sizes.js'
import {invalidAt} from './text/utf8.js'
import {fieldOf, lengthOf, type Range, type Window} from './window.js'

/** A mistake in a packet's layout. The rules decide what receivers do about it. */
export interface Fault {
  /**
   * short: the packet ends inside the field, or the field has fewer bytes than its minimum. long: more than its
   * maximum, or bytes after the last field. text: bytes that are not UTF-8.
   */
  readonly kind: 'short' | 'long' | 'range' | 'family' | 'text'
  /** Field name; '' for bytes after the last field. */
  readonly field: string
  /** Name of the field inside an element of a list. */
  readonly part?: string
  /** Offsets from the packet's first byte. */
  readonly range: Range
  /** The value out of range, or the length in bytes. */
  readonly value: number
}

const noFaults: readonly Fault[] = []

/**
 * Faults of a packet's layout: at most one of length, and one for each value out of range. Never throws.
 */
export function faults(window: Window): readonly Fault[] {
  const {type} = window
  const length = lengthOf(window)
  if (type.ranged && length >= type.minLength && length <= type.maxLength && areInRange(window, type.ranged))
    return noFaults
  let found: Fault[] | undefined
  const {bytes, start, end} = window
  let behind = start
  for (const placed of type.placed) {
    const at = startAfter(placed, behind, start, end)
    const isId = placed.spec.kind === 'id'
    const size = sizeAt(placed, bytes, at, end, start)
    const isThere = isId ? length > 0 : isWhole(placed, at, size, end)
    behind = isId ? Math.min(at + 1, end) : Math.min(at + size, end)
    const fault = fieldFault(window, placed, at - start, behind - start, isThere)
    if (!fault) continue
    found ??= []
    found.push(fault)
    if (fault.kind === 'short') return found
  }
  if (type.placed.length === 0) behind = Math.min(start + 1, end)
  if (behind >= end) return found ?? noFaults
  const rest: Fault = {kind: 'long', field: '', range: [behind - start, length], value: length}
  return found ? [...found, rest] : [rest]
}

/** Whether all values of whole fields at fixed places are in range: a fast path for ordinary packets. */
function areInRange({bytes, start}: Window, ranged: readonly Placed[]): boolean {
  for (const {spec, offset} of ranged) {
    const at = start + offset!
    if (spec.kind === 'ip_port') {
      const family = bytes[at]!
      if (!spec.families.includes(family) || (isIpv4Family(family) && !isPaddingZero(bytes, at))) return false
    } else if (spec.kind !== 'uint' || spec.size !== 1 || !isAllowed(spec, bytes[at]!)) return false
  }
  return true
}

function isAllowed({allowed}: UintField, value: number): boolean {
  if (!allowed) return true
  for (const [low, high] of allowed) if (value >= low && value <= high) return true
  return false
}

/** @param low, high offsets of the field from the packet's first byte. @param isThere with all its bytes. */
function fieldFault(
  window: Window,
  {name, spec}: Placed,
  low: number,
  high: number,
  isThere: boolean,
): Fault | undefined {
  const size = high - low
  if (!isThere) return {kind: 'short', field: name, range: [low, high], value: size}
  if (spec.when && size === 0) return undefined
  const at = window.start + low
  switch (spec.kind) {
    case 'rest':
    case 'box':
      return isSize(spec, size) ? undefined : sizeFault(name, spec, [low, high], size)
    case 'text':
      return isSize(spec, size) ? textFault(window, name, spec, [low, high]) : sizeFault(name, spec, [low, high], size)
    case 'list':
      return listFault(window, name, spec, [low, high])
    case 'uint': {
      if (!spec.allowed) return undefined
      const value = fieldOf(window, name) as number
      return isAllowed(spec, value) ? undefined : {kind: 'range', field: name, range: [low, high], value}
    }
    case 'node':
      return familyFault(window, name, spec.families, low)
    case 'ip_port': {
      const fault = familyFault(window, name, spec.families, low)
      if (fault || !spec.padded || !isIpv4Family(window.bytes[at]!) || isPaddingZero(window.bytes, at)) return fault
      return {kind: 'range', field: name, range: [low + 5, low + 17], value: window.bytes[at]!}
    }
    default:
      return undefined
  }
}

const isSize = ({min, max}: {readonly min: number; readonly max: number}, size: number): boolean =>
  size >= min && size <= max

function sizeFault(
  field: string,
  {min, max}: {readonly min: number; readonly max: number},
  range: Range,
  size: number,
): Fault | undefined {
  if (size < min) return {kind: 'short', field, range, value: size}
  return size > max ? {kind: 'long', field, range, value: size} : undefined
}

function textFault(
  {bytes, start}: Window,
  field: string,
  {filledTo}: TextField,
  [low, high]: Range,
): Fault | undefined {
  // After its end, a text of fixed size may hold the rest of a longer one that was there before.
  const zero = filledTo === undefined ? -1 : bytes.subarray(start + low, start + high).indexOf(0)
  const at = invalidAt(bytes, start + low, start + (zero < 0 ? high : low + zero))
  return at < 0 ? undefined : {kind: 'text', field, range: [at - start, at - start + 1], value: bytes[at]!}
}

/** @param at offset of the family byte from the packet's first byte. */
function familyFault(
  {bytes, start}: Window,
  field: string,
  families: readonly number[] | undefined,
  at: number,
): Fault | undefined {
  const value = bytes[start + at]!
  return !families || families.includes(value) ? undefined : {kind: 'family', field, range: [at, at + 1], value}
}

/** The first fault of a list's number of elements, or of an element's value, family or text. */
function listFault(window: Window, field: string, spec: ListField, range: Range): Fault | undefined {
  const {bytes, start} = window
  const elements = partsOf(spec, bytes, start + range[0], start + range[1])
  const fault = sizeFault(field, spec, range, elements.length)
  if (fault) return fault
  for (const element of elements) {
    const found = elementFault(window, field, element)
    if (found) return found
  }
  return undefined
}

function elementFault(window: Window, field: string, {placed: {spec}, range, value}: Part): Fault | undefined {
  const {bytes, start} = window
  const at: Range = [range[0] - start, range[1] - start]
  switch (spec.kind) {
    case 'struct':
      for (const part of partsOf(spec, bytes, ...range)) {
        const found = elementFault(window, field, part)
        if (found) return {part: part.placed.name, ...found}
      }
      return undefined
    case 'list':
      return listFault(window, field, spec, at)
    case 'text':
      return sizeFault(field, spec, at, at[1] - at[0]) ?? textFault(window, field, spec, at)
    case 'uint':
      return typeof value === 'number' && !isAllowed(spec, value) ? {kind: 'range', field, range: at, value} : undefined
    case 'node':
    case 'ip_port':
      return familyFault(window, field, spec.families, at[0])
    default:
      return undefined
  }
}

/** Every fault that packets of a type can have, as (kind, field): the rules must answer each. */
export function possibleFaults(type: PacketType): {kind: Fault['kind']; field: string}[] {
  const possible = type.placed.flatMap(({name, spec}) => kindsOfFaults(spec).map(kind => ({kind, field: name})))
  const last = type.placed.at(-1)?.spec
  const takesAll =
    last?.kind === 'rest' ||
    last?.kind === 'box' ||
    (last?.kind === 'text' && last.sizedBy === undefined && last.filledTo === undefined)
  return takesAll ? possible : [...possible, {kind: 'long', field: ''}]
}

function kindsOfFaults(spec: FieldSpec): Fault['kind'][] {
  switch (spec.kind) {
    case 'id':
      return []
    case 'rest':
    case 'box':
      return [...(spec.min > 0 ? ['short' as const] : []), ...(Number.isFinite(spec.max) ? ['long' as const] : [])]
    case 'text':
      return spec.filledTo === undefined ? ['short', 'long', 'text'] : ['short', 'text']
    case 'uint':
      return spec.allowed ? ['short', 'range'] : ['short']
    case 'ip_port':
      return spec.padded ? ['short', 'range', 'family'] : ['short', 'family']
    case 'node':
      return spec.families ? ['short', 'family'] : ['short']
    case 'list':
      return ['short', 'long', ...elementFaults(spec.of)]
    case 'bytes':
    case 'zeros':
    case 'struct':
      return ['short']
  }
}

const elementFaults = (spec: FieldSpec): Fault['kind'][] =>
  spec.kind === 'struct'
    ? Object.values(spec.fields).flatMap(elementFaults)
    : kindsOfFaults(spec).filter(kind => kind === 'family' || kind === 'text' || kind === 'range')
