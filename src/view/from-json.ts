import {didYouMean} from '../filter/filter-error.js'
import {nearest} from '../filter/nearest.js'
import {typeNamed, types} from '../protocol/table.js'
import {InputError} from '../wire/input-error.js'
import {parseJson} from '../wire/json.js'
import {hasId, type PacketType} from '../wire/packet.js'
import type {Sender} from '../wire/side.js'
import {encodePartial} from '../wire/write.js'
import {fieldValue, hexValue, isObject, type JsonObject, type JsonPlace, quoted} from './forms/json-value.js'
import * as limits from './limits.js'

/** The bytes of a record. */
type RecordBytes =
  /** The plaintext of a frame; may be empty. */
  | {readonly form: 'packet'; readonly bytes: Uint8Array}
  /** A handshake as on the wire, or a payload or address without a packet around it. */
  | {readonly form: 'whole'; readonly bytes: Uint8Array; readonly type: PacketType}
  /** A handshake whose box is open: the bytes before the box, and the box's plaintext. */
  | {
      readonly form: 'open_box'
      readonly head: Uint8Array
      readonly nonce: Uint8Array
      readonly plain: Uint8Array
      readonly title: string
    }
  /** A frame of which at most the wire bytes are known; null if the record does not have them. */
  | {readonly form: 'frame'; readonly wire: Uint8Array | null}
  /** The start or end of a connection, a gap, a prelude: no bytes. */
  | {readonly form: 'none'}

export type ReadRecord = RecordBytes & {readonly from: Sender | null}

/** A frame of length 0: its length alone. */
export const emptyFrame = new Uint8Array(2)

/** Kinds of records that carry no bytes of their own. */
const silentKinds = new Set(['start', 'prelude', 'gap', 'end'])
const knownSenders: readonly unknown[] = ['client', 'relay', null, undefined]

/**
 * Read a record as `--json` prints it. Only the members that make its bytes are needed: `type` and `fields` (with
 * `inner` and `rest`), or `plaintext`.
 * @param place how errors name the line: `line 3`.
 * @throws InputError
 */
export function recordFromJson(line: string, place: string): ReadRecord {
  const record = parsed(line, place)
  const {from, kind} = record
  if (!knownSenders.includes(from))
    throw new InputError(`${place}: from is ${quoted(from)}`, 'from is "client", "relay" or null', 'bad-record')
  return {...bytesOf(record, {line: place, path: ''}, kind), from: (from ?? null) as Sender | null}
}

function parsed(line: string, place: string): JsonObject {
  if (line.length > limits.recordLine)
    throw new InputError(
      `${place} is over ${limits.recordLine} characters long`,
      'give one record a line',
      'bad-record',
    )
  let record: unknown
  try {
    record = parseJson(line)
  } catch (error) {
    throw new InputError(
      `${place} is not JSON: ${quoted(line)}`,
      error instanceof Error ? error.message.split('\n')[0] : undefined,
      'bad-record',
    )
  }
  if (!isObject(record))
    throw new InputError(
      `${place} is not a record but ${quoted(record)}`,
      'a record is an object as --json prints it, one a line',
      'bad-record',
    )
  return record
}

function bytesOf(record: JsonObject, place: JsonPlace, kind: unknown): RecordBytes {
  if (typeof kind === 'string' && silentKinds.has(kind)) return {form: 'none'}
  const {type: name, plaintext, state} = record
  if (name === null || name === undefined) {
    if (plaintext !== undefined) return {form: 'packet', bytes: hexValue(plaintext, within(place, 'plaintext'))}
    if (kind === 'frame' && state === 'open') return {form: 'packet', bytes: new Uint8Array(0)}
    const {wire} = record
    if (kind === 'frame' && state === 'plain') return {form: 'frame', wire: emptyFrame}
    if (kind === 'frame' || kind === 'handshake')
      return {form: 'frame', wire: typeof wire === 'string' ? hexValue(wire, within(place, 'wire')) : null}
    throw new InputError(`${place.line}: type is missing`, 'a record has a type and fields, or plaintext', 'bad-record')
  }
  const type = typeOf(name, place)
  if (type.layer === 'handshake' && plaintext === undefined && type.plain && opensBox(record, type))
    return openBox(record, type, type.plain, place)
  const bytes = levelBytes(record, place)
  return type.layer === 'packet' ? {form: 'packet', bytes} : {form: 'whole', bytes, type}
}

const within = ({line, path}: JsonPlace, name: string): JsonPlace => ({
  line,
  path: path === '' ? name : `${path}.${name}`,
})

function typeOf(name: unknown, place: JsonPlace): PacketType {
  const type = typeof name === 'string' ? typeNamed(name) : undefined
  if (type) return type
  const {line, path} = within(place, 'type')
  const names = types.map(each => each.name)
  const near = typeof name === 'string' ? didYouMean(nearest(name, names)) : undefined
  throw new InputError(
    `${line}: ${path} ${quoted(name)} is unknown`,
    near ?? 'toxtcp explain lists the types',
    'unknown-name',
  )
}

/** The bytes of one level and of what it carries. */
function levelBytes(level: JsonObject, place: JsonPlace): Uint8Array {
  const {plaintext, rest} = level
  if (plaintext !== undefined) return hexValue(plaintext, within(place, 'plaintext'))
  const type = typeOf(level['type'], place)
  const values = valuesOf(level, type, place)
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
function valuesOf(level: JsonObject, type: PacketType, place: JsonPlace): Record<string, unknown> {
  const {fields = {}, inner, rest} = level
  if (type.plain && opensBox(level, type))
    throw new InputError(
      `${place.line}: the box of ${type.title} is open`,
      'print the record with --bytes, which gives the sealed bytes back',
    )
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
      throw new InputError(`${path.line}: ${path.path} and inner say the same bytes`, 'give one of them', 'bad-record')
    if (!isInner && !Object.hasOwn(fields, name)) {
      missing ??= path.path
      return
    }
    if (missing !== undefined) throw missingField(missing, type, place)
    values[name] = isInner ? innerBytes(inner, within(place, 'inner')) : fieldValue(spec, fields[name], path)
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
      didYouMean(nearest(name, names)) ?? `its fields are ${names.join(', ')}`,
      'unknown-name',
    )
  }
}

function innerBytes(inner: unknown, place: JsonPlace): Uint8Array {
  if (!isObject(inner))
    throw new InputError(
      `${place.line}: ${place.path} is ${quoted(inner)}`,
      'inner is an object with type and fields, or null',
      'bad-record',
    )
  return levelBytes(inner, place)
}

/** True if the record has fields of the box's plaintext in place of the box. */
function opensBox({fields}: JsonObject, {plain, placed, tail}: PacketType): boolean {
  return (
    isObject(fields) &&
    !Object.hasOwn(fields, placed[tail]!.name) &&
    plain!.placed.some(({name}) => Object.hasOwn(fields, name))
  )
}

function openBox(record: JsonObject, type: PacketType, plain: PacketType, place: JsonPlace): RecordBytes {
  const fields = record['fields'] as JsonObject
  const inBox = plain.placed.map(({name}) => name)
  const outside = type.placed.filter((_, index) => index !== type.tail)
  checkNames(fields, [...outside.map(({name}) => name), ...inBox], type, place)
  const pick = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
  const head = levelBytes(
    {type: type.name, fields: {...pick(outside.map(({name}) => name)), [type.placed[type.tail]!.name]: ''}},
    place,
  )
  const values = valuesOf({fields: pick(inBox)}, plain, place)
  const nonce = hexValue(fields['nonce'], within(within(place, 'fields'), 'nonce'))
  return {form: 'open_box', head, nonce, plain: encodePartial(plain, values), title: type.title}
}
