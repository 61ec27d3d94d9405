import {effectsOf, type Finding, messageOf, severityOf} from '../../expert/finding.js'
import {receiversOf} from '../../expert/rule.js'
import {innerWindow} from '../../protocol/table.js'
import {hostPort} from '../../protocol/text.js'
import {blamed, type Cause, type Ends, type Inferred, type SessionRecord} from '../../session/record.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {PacketType} from '../../wire/packet.js'
import {readField, sizeAt} from '../../wire/read.js'
import type {Sender} from '../../wire/side.js'
import {isoTime} from '../../wire/time.js'
import type {Window} from '../../wire/window.js'
import {jsonString} from '../escape.js'

/** Text between two fields' values and the like, made once for each type. */
interface Plan {
  /** `"type":"oob_send","id":`, and the id with a comma where it is always null. */
  readonly head: string
  readonly hasId: boolean
  /** `"destination_pk":` of each field. */
  readonly names: readonly string[]
}

const plans = new Map<PacketType, Plan>()

function planOf(type: PacketType): Plan {
  let plan = plans.get(type)
  if (!plan) {
    plan = {
      head: `"type":${jsonString(type.name)},"id":`,
      hasId: type.id !== null,
      names: type.placed.map(({name}) => `${jsonString(name)}:`),
    }
    plans.set(type, plan)
  }
  return plan
}

/** Hex of all of a record's plaintext, made at once: levels and fields take slices of it. */
interface Hex {
  readonly text: string
  /** Offset in the buffer of the byte at its beginning. */
  readonly start: number
}

const hexOf = ({bytes, start, end}: Window): Hex => ({text: toHex(bytes, start, end), start})
const slice = ({text, start}: Hex, from: number, to: number): string => text.slice((from - start) * 2, (to - start) * 2)

/** A field's JSON value. at, end: its bytes, all of which are there. */
function valueJson(window: Window, index: number, hex: Hex, at: number, end: number): string {
  const {spec} = window.type.placed[index]!
  switch (spec.kind) {
    case 'bytes':
    case 'rest':
    case 'box':
      return `"${slice(hex, at, end)}"`
    case 'id':
      return String(window.bytes[window.start])
    case 'uint': {
      const value = readField(window.type, index, window.bytes, window.start, window.end)
      return spec.size === 8 ? `"${value}"` : String(value)
    }
    case 'ip_port':
    case 'node':
      // Text from our own formatter: hex digits, dots and colons.
      return JSON.stringify(readField(window.type, index, window.bytes, window.start, window.end))
  }
}

/**
 * Fields as far as they could be read, and where the bytes begin that are none (the window's end: there are none;
 * `isCut`: fields are missing).
 */
interface FieldsJson {
  readonly text: string
  readonly restAt: number
  readonly isCut: boolean
}

/**
 * @param skipped index of the field that is shown otherwise; -1: none. opened: the plaintext of the box that stands
 * there.
 */
function fieldsJson(window: Window, hex: Hex, skipped: number, opened: Window | null): FieldsJson {
  const {type, bytes, start, end} = window
  const {names} = planOf(type)
  const {placed} = type
  let text = ''
  let at = type.id === null ? start : start + 1
  for (let index = 0; index < placed.length; index++) {
    const {spec} = placed[index]!
    const size = sizeAt(spec, bytes, at, end)
    const isThere = spec.kind === 'id' ? start < end : at + size <= end && (size > 0 || spec.kind === 'rest')
    if (!isThere) return {text, restAt: Math.min(at, end), isCut: true}
    if (index !== skipped)
      text += `${text === '' ? '' : ','}${names[index]}${valueJson(window, index, hex, at, at + size)}`
    else if (opened) {
      const plain = fieldsJson(opened, hexOf(opened), -1, null).text
      text += `${text === '' ? '' : ','}${plain}`
    }
    at += size
  }
  return {text, restAt: Math.min(at, end), isCut: false}
}

function levelJson(window: Window, state: string, hex: Hex, opened: Window | null, withBytes: boolean): string {
  const {type, bytes, start, end} = window
  const {head, hasId} = planOf(type)
  const inner = opened ? undefined : innerWindow(window)
  const {text, restAt, isCut} = fieldsJson(window, hex, inner || opened ? type.tail : -1, opened)
  const id = hasId && start < end ? bytes[start] : 'null'
  const rest = isCut || restAt < end ? `,"rest":"${slice(hex, restAt, end)}"` : ''
  const below = inner ? `{${levelJson(inner, innerState(inner), hex, null, withBytes)}}` : 'null'
  const plaintext = withBytes ? `,"plaintext":"${slice(hex, start, end)}"` : ''
  return `"state":"${state}",${head}${id},"fields":{${text}}${rest},"inner":${below}${plaintext}`
}

/** Boxes of inner levels are not opened here: a level that has one is sealed. */
const innerState = ({type}: Window): string => (type.placed[type.tail]?.spec.kind === 'box' ? 'sealed' : 'plain')

/** What a record without a packet says. */
function eventJson(record: SessionRecord, withBytes: boolean): string {
  const {state} = record
  const plaintext = withBytes && state === 'open' ? ',"plaintext":""' : ''
  return `"state":${state === null ? 'null' : `"${state}"`},"type":null,"id":null,"fields":{${eventFields(record)}},"inner":null${plaintext}`
}

function eventFields({kind, close, causes, prelude}: SessionRecord): string {
  if (kind === 'end' && close !== null) return `"how":"${close}","causes":[${causes.map(causeJson).join(',')}]`
  if (!prelude) return ''
  const [client, relay] = prelude.bytes
  return `"proxy":"${prelude.proxy}","destination":${jsonString(prelude.destination)},"client_bytes":${client},"relay_bytes":${relay}`
}

function causeJson({finding, number, packets, receivers, secondsBefore}: Cause): string {
  const closing = receivers.map(receiver => `"${receiver}"`).join(',')
  const what = `"code":"${finding.code}","message":${jsonString(messageOf(finding))}`
  return `{"number":${number},"packets":[${packets.join(',')}],${what},"receivers":[${closing}],"seconds_before":${secondsBefore}}`
}

const effectTexts = new Map<string, string>()

/** What each receiver of that direction does; one that the rule does not name accepts. */
function effectJson(found: Finding, from: Sender | null): string {
  const key = `${found.code} ${from}`
  let text = effectTexts.get(key)
  if (text === undefined) {
    const effects = effectsOf(found)
    text = receiversOf(from)
      .map(receiver => `"${receiver}":"${effects[receiver] ?? 'accepts'}"`)
      .join(',')
    effectTexts.set(key, text)
  }
  return text
}

function findingJson(found: Finding, from: Sender | null): string {
  const {code, range, of} = found
  const place = range ? `,"range":[${range[0]},${range[1]}]${of ? `,"of":"${of}"` : ''}` : ''
  return `{"code":"${code}","severity":"${severityOf(found)}","message":${jsonString(messageOf(found))}${place},"effect":{${effectJson(found, from)}}}`
}

function findingsJson(record: SessionRecord): string {
  const {findings} = record
  if (findings.length === 0) return '[]'
  return `[${findings.map(found => findingJson(found, blamed(record))).join(',')}]`
}

function inferredJson({roundTrip, peer}: Inferred): string {
  const parts: string[] = []
  if (roundTrip) parts.push(`"round_trip_micros":${roundTrip.micros},"ping_index":${roundTrip.index}`)
  if (peer !== undefined) parts.push(`"peer":${jsonString(peer)}`)
  return parts.length === 0 ? '' : `,"inferred":{${parts.join(',')}}`
}

let lastEnds: Ends | null = null
let lastEndsText = '"client":null,"relay":null'

/** All records of a connection share their ends, and come in runs. */
function endsJson(ends: Ends | null): string {
  if (ends === lastEnds) return lastEndsText
  lastEnds = ends
  const end = (name: 'client' | 'relay') => `"${name}":${ends?.[name] ? jsonString(hostPort(ends[name])) : 'null'}`
  lastEndsText = `${end('client')},${end('relay')}`
  return lastEndsText
}

/** A record as one line of JSON, without the line end. bytes: with `plaintext` at every level, and `wire`. */
export function recordToJson(record: SessionRecord, {bytes}: {readonly bytes: boolean}): string {
  const {number, time, connection, ends, from, kind, index, length, packets, state, window, opened, wire, inferred} =
    record
  const iso = time ? isoTime(time) : undefined
  const head = `{"number":${number},"time":${iso === undefined ? 'null' : `"${iso}"`},"connection":${connection},${endsJson(ends)},"from":${from === null ? 'null' : `"${from}"`}`
  const frame = `,"kind":"${kind}","index":${index},"length":${length},"packets":[${packets.length === 0 ? '' : packets.join(',')}],`
  const level = window ? levelJson(window, state ?? 'plain', hexOf(window), opened, bytes) : eventJson(record, bytes)
  const guessed = inferred ? inferredJson(inferred) : ''
  // Bytes given by hand are nowhere else: without a packet to name, the record keeps them.
  const isOnlyCopy = connection === null && kind === 'frame' && (state === 'sealed' || state === 'failed')
  const sealed = bytes || isOnlyCopy ? `,"wire":${wire ? `"${toHex(wire)}"` : 'null'}` : ''
  return `${head}${frame}${level}${sealed},"findings":${findingsJson(record)}${guessed}}`
}
