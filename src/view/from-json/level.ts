import {typeNamed, types} from '../../protocol/table.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import {hasId, type PacketType} from '../../wire/packet.js'
import type {Sender} from '../../wire/side.js'
import {parseJson} from '../../wire/text/json.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import {encodePartial} from '../../wire/write.js'
import * as limits from '../limits.js'
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
interface Context {
  readonly seal: SealBox | undefined
  readonly count: number
  /** Open boxes that were met before; shared by all levels. */
  readonly met: {count: number}
  /** Fields of the levels around, the innermost last. */
  readonly around: readonly JsonObject[]
}

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

export type ReadRecord = RecordBytes & {
  readonly from: Sender | null
  /** Open boxes inside the packet that were sealed. */
  readonly boxes: number
}

/** A frame of length 0: its length alone. */
export const emptyFrame = new Uint8Array(2)

/** Kinds of records that carry no bytes of their own. */
const silentKinds = new Set(['start', 'prelude', 'gap', 'end'])
const knownSenders: readonly unknown[] = ['client', 'relay', null, undefined]

/**
 * Read a record as `--json` prints it. Only the members that make its bytes are needed: `type` and `fields` (with
 * `inner` and `rest`), or `plaintext`.
 * @param place how errors name the line: `line 3`.
 * @param seal seals open boxes inside packets; default: they are a mistake.
 * @throws InputError
 */
export function recordFromJson(line: string, place: string, seal?: SealBox): ReadRecord {
  const record = parsed(line, place)
  const boxes = openBoxes(record)
  const {from, kind} = record
  if (!knownSenders.includes(from))
    throw new InputError(`${place}: from is ${quoted(from)}`, 'from is "client", "relay" or null', 'bad-record')
  const context: Context = {seal, count: boxes, met: {count: 0}, around: []}
  return {...bytesOf(record, {line: place, path: ''}, kind, context), from: (from ?? null) as Sender | null, boxes}
}

/** Number of levels whose box is open and whose bytes are not given. */
function openBoxes(record: JsonObject): number {
  let count = 0
  for (let level: unknown = record; isObject(level) && level['plaintext'] === undefined; level = level['inner']) {
    const type = typeof level['type'] === 'string' ? typeNamed(level['type']) : undefined
    if (type?.plain && type.layer !== 'handshake' && opensBox(level, type)) count++
  }
  return count
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
      `${error instanceof Error ? `${error.message.split('\n')[0]}\n` : ''}a record is a line that --json prints`,
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

function bytesOf(record: JsonObject, place: JsonPlace, kind: unknown, context: Context): RecordBytes {
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
    return openHandshake(record, type, type.plain, place, context)
  const bytes = levelBytes(record, place, context)
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
  const near = typeof name === 'string' ? didYouMean(name, nearest(name, names)) : undefined
  throw new InputError(
    `${line}: ${path} ${quoted(name)} is unknown`,
    near ?? 'toxtcp explain lists the types',
    'unknown-name',
  )
}

/** The bytes of one level and of what it carries. */
function levelBytes(level: JsonObject, place: JsonPlace, context: Context): Uint8Array {
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
function valuesOf(level: JsonObject, type: PacketType, place: JsonPlace, context: Context): Record<string, unknown> {
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
      throw new InputError(`${path.line}: ${path.path} and inner say the same bytes`, 'give one of them', 'bad-record')
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

function innerBytes(inner: unknown, place: JsonPlace, context: Context): Uint8Array {
  if (!isObject(inner))
    throw new InputError(
      `${place.line}: ${place.path} is ${quoted(inner)}`,
      'inner is an object with type and fields, or null',
      'bad-record',
    )
  return levelBytes(inner, place, context)
}

/** True if the record has what is in the box in place of the box. */
function opensBox({fields = {}, inner}: JsonObject, {plain, placed, tail}: PacketType): boolean {
  if (!isObject(fields) || placed[tail]?.spec.kind !== 'box' || Object.hasOwn(fields, placed[tail].name)) return false
  return isObject(inner) || plain!.placed.some(({name}) => Object.hasOwn(fields, name))
}

/** The fields of a level with an open box: those before the box, and those in it. */
function splitFields(level: JsonObject, type: PacketType, plain: PacketType, place: JsonPlace) {
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
  context: Context,
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
  const values = valuesOf({fields: sealed, inner, rest}, plain, place, {...context, around: [...around, clear]})
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

function openHandshake(
  record: JsonObject,
  type: PacketType,
  plain: PacketType,
  place: JsonPlace,
  context: Context,
): RecordBytes {
  const {clear, sealed} = splitFields(record, type, plain, place)
  const head = levelBytes({type: type.name, fields: {...clear, [type.placed[type.tail]!.name]: ''}}, place, context)
  const values = valuesOf({fields: sealed}, plain, place, context)
  const nonce = hexValue(clear['nonce'], within(within(place, 'fields'), 'nonce'))
  return {form: 'open_box', head, nonce, plain: encodePartial(plain, values), title: type.title}
}
