import {typeNamed} from '../../protocol/table.js'
import {InputError} from '../../wire/input-error.js'
import type {PacketType} from '../../wire/packet.js'
import type {Sender} from '../../wire/side.js'
import {parseJson} from '../../wire/text/json.js'
import {encodePartial} from '../../wire/write.js'
import * as limits from '../limits.js'
import {hexValue, isObject, type JsonObject, type JsonPlace, quoted} from './json-value.js'
import {type LevelContext, levelBytes, opensBox, type SealBox, splitFields, typeOf, valuesOf, within} from './level.js'

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
  const context: LevelContext = {seal, count: boxes, met: {count: 0}, around: []}
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

function bytesOf(record: JsonObject, place: JsonPlace, kind: unknown, context: LevelContext): RecordBytes {
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

function openHandshake(
  record: JsonObject,
  type: PacketType,
  plain: PacketType,
  place: JsonPlace,
  context: LevelContext,
): RecordBytes {
  const {clear, sealed} = splitFields(record, type, plain, place)
  const head = levelBytes({type: type.name, fields: {...clear, [type.placed[type.tail]!.name]: ''}}, place, context)
  const values = valuesOf({fields: sealed}, plain, place, context)
  const nonce = hexValue(clear['nonce'], within(within(place, 'fields'), 'nonce'))
  return {form: 'open_box', head, nonce, plain: encodePartial(plain, values), title: type.title}
}
