import {typeMeant, typeNamed} from '../../protocol/table.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import {hasId, type PacketType} from '../../wire/packet.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import {encodePartial} from '../../wire/write.js'
import {fieldValue, hexValue, isObject, type JsonObject, type JsonPlace, quoted} from './json-value.js'

/** An open box inside a packet, to be sealed. */
export interface OpenBox {
  /** Its place among the open boxes of the record, from 0, outermost first, and their number. */
  readonly index: number
  readonly count: number
  readonly plain: Uint8Array
  /** The nonce that the packet names; undefined: it does not. */
  readonly nonce: Uint8Array | undefined
  /** The last two bytes of a nonce that the packet does not name whole. */
  readonly nonceLastBytes: number | undefined
  readonly title: string
}

/** Seals a box: MAC and body. @throws InputError without a key for it */
export type SealBox = (box: OpenBox) => Uint8Array

/** What levels need of the record around them. */
export interface LevelContext {
  readonly seal: SealBox | undefined
  readonly count: number
  /** Open boxes that were met before; shared by all levels. */
  readonly met: {count: number}
  /** Fields of the levels around, the innermost last. */
  readonly around: readonly JsonObject[]
}

export const within = ({line, path}: JsonPlace, name: string): JsonPlace => ({
  line,
  path: path === '' ? name : `${path}.${name}`,
})

export function typeOf(name: unknown, place: JsonPlace): PacketType {
  const type = typeof name === 'string' ? typeNamed(name) : undefined
  if (type) return type
  const {line, path} = within(place, 'type')
  throw new InputError(
    `${line}: ${path} ${quoted(name)} is unknown`,
    (typeof name === 'string' && typeMeant(name)) || 'toxtcp explain lists the types',
    'unknown-name',
  )
}

/** The bytes of one level and of what it carries. */
export function levelBytes(level: JsonObject, place: JsonPlace, context: LevelContext): Uint8Array {
  const {plaintext, rest} = level
  if (plaintext !== undefined) return hexValue(plaintext, within(place, 'plaintext'))
  const type = typeOf(level['type'], place)
  if (type.plain && opensBox(level, type)) return sealedLevel(level, type, type.plain, place, context)
  const values = valuesOf(level, type, place, context)
  return encodePartial(
    type,
    values,
    idOf(level, type, place),
    rest === undefined ? undefined : hexValue(rest, within(place, 'rest')),
  )
}

/** The first byte, where the record says it; else the type's. */
function idOf({id}: JsonObject, type: PacketType, place: JsonPlace): number | undefined {
  if (id === undefined || id === null || type.id === null) return undefined
  return checkedId(id, type, within(place, 'id'))
}

/** @throws InputError for an id that belongs to another type: the bytes would be a packet of that type. */
function checkedId(id: unknown, type: PacketType, {line, path}: JsonPlace): number {
  if (typeof id === 'number' && hasId(type, id)) return id
  const [low, high] = typeof type.id === 'number' ? [type.id, type.id] : type.id!
  throw new InputError(
    `${line}: ${path} ${quoted(id)} is not an id of ${type.name}`,
    low === high ? `it is ${low}` : `it is ${low} to ${high}`,
    'bad-record',
  )
}

/**
 * Values of the fields up to the first that is missing. A packet that is cut short has `rest`, be it empty: without it
 * a field was forgotten.
 */
export function valuesOf(
  level: JsonObject,
  type: PacketType,
  place: JsonPlace,
  context: LevelContext,
): Record<string, unknown> {
  const {fields = {}, inner, rest} = level
  if (!isObject(fields))
    throw new InputError(
      `${place.line}: ${within(place, 'fields').path} is ${quoted(fields)}`,
      'fields is an object of names and values',
      'bad-record',
    )
  const names = type.placed.map(({name}) => name)
  checkNames(fields, names, type, place)
  const values: Record<string, unknown> = {}
  let missing: string | undefined
  type.placed.forEach(({name, spec}, index) => {
    if (spec.when && !Object.hasOwn(fields, name)) {
      values[name] = null
      return
    }
    const path = within(within(place, 'fields'), name)
    const isInner = index === type.tail && inner !== null && inner !== undefined
    if (isInner && Object.hasOwn(fields, name))
      throw new InputError(
        `${path.line}: ${path.path} and inner both give these bytes`,
        'give one of them',
        'bad-record',
      )
    if (!isInner && !Object.hasOwn(fields, name)) {
      missing ??= path.path
      return
    }
    if (missing !== undefined) throw missingField(missing, type, place)
    values[name] = isInner ? innerBytes(inner, within(place, 'inner'), context) : fieldValue(spec, fields[name], path)
    if (spec.kind === 'id') checkedId(values[name], type, path)
  })
  if (missing !== undefined && rest === undefined) throw missingField(missing, type, place)
  return values
}

const missingField = (path: string, {name, placed}: PacketType, {line}: JsonPlace): InputError =>
  new InputError(
    `${line}: ${path} is missing`,
    `${name} has ${placed.map(field => field.name).join(', ')}; a packet that is cut short has "rest", which may be ""`,
    'bad-record',
  )

function checkNames(fields: JsonObject, names: readonly string[], type: PacketType, place: JsonPlace): void {
  for (const name of Object.keys(fields)) {
    if (names.includes(name)) continue
    const {line, path} = within(place, 'fields')
    throw new InputError(
      `${line}: ${type.name} has no field ${quoted(name)} in ${path}`,
      didYouMean(name, nearest(name, names)) ?? `its fields are ${names.join(', ')}`,
      'unknown-name',
    )
  }
}

function innerBytes(inner: unknown, place: JsonPlace, context: LevelContext): Uint8Array {
  if (!isObject(inner))
    throw new InputError(
      `${place.line}: ${place.path} is ${quoted(inner)}`,
      'inner is an object with type and fields, or null',
      'bad-record',
    )
  return levelBytes(inner, place, context)
}

/** True if the record has what is in the box in place of the box. */
export function opensBox({fields = {}, inner}: JsonObject, {plain, placed, tail}: PacketType): boolean {
  if (!isObject(fields) || placed[tail]?.spec.kind !== 'box' || Object.hasOwn(fields, placed[tail].name)) return false
  return isObject(inner) || plain!.placed.some(({name}) => Object.hasOwn(fields, name))
}

/** The fields of a level with an open box: those before the box, and those in it. */
export function splitFields(level: JsonObject, type: PacketType, plain: PacketType, place: JsonPlace) {
  const {fields = {}} = level
  const inBox = plain.placed.map(({name}) => name)
  const outside = type.placed.flatMap(({name}, index) => (index === type.tail ? [] : [name]))
  const all = isObject(fields) ? fields : {}
  checkNames(all, [...outside, ...inBox], type, place)
  const pick = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
  return {clear: pick(outside), sealed: pick(inBox)}
}

/** A level whose box is sealed with the key that is given for it. */
function sealedLevel(
  level: JsonObject,
  type: PacketType,
  plain: PacketType,
  place: JsonPlace,
  context: LevelContext,
): Uint8Array {
  const {seal, count, around} = context
  if (!seal)
    throw new InputError(
      `${place.line}: the box of ${type.title} is open`,
      'seal it with --seal --shared-key KEY, or print the record with --bytes, which gives the sealed bytes back',
      'bad-record',
    )
  const index = context.met.count++
  const {clear, sealed} = splitFields(level, type, plain, place)
  const {inner, rest, id} = level
  const values = valuesOf({fields: sealed, inner, rest}, plain, place, {...context, around: [...around, clear, sealed]})
  const bytes = encodePartial(
    plain,
    values,
    undefined,
    rest === undefined ? undefined : hexValue(rest, within(place, 'rest')),
  )
  const {spec, name} = type.placed[type.tail]!
  const nonceName = spec.kind === 'box' ? spec.nonce : undefined
  const holder = [...around, clear].findLast(fields => nonceName !== undefined && Object.hasOwn(fields, nonceName))
  const nonce = holder && hexValue(holder[nonceName!], within(within(place, 'fields'), nonceName!))
  const low = clear['nonce_last_bytes']
  const box = seal({
    ...{index, count, plain: bytes, nonce, title: type.title},
    nonceLastBytes: typeof low === 'number' ? low : undefined,
  })
  return levelBytes({type: type.name, id, fields: {...clear, [name]: toHex(box)}}, place, context)
}
