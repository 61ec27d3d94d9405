import {effectsOf, type Finding, messageOf} from '../../expert/finding.js'
import {type Peers, receiversOf} from '../../expert/peers.js'
import {levelOf, noneOpened, packetIn, stateOf} from '../../protocol/levels.js'
import {hostPort} from '../../protocol/text.js'
import {arrivalStateOf, type Inferred, type OtherHalf, type SessionFacts} from '../../session/inferred.js'
import {blamed, type Cause, type Ends, type SessionRecord, severityIn} from '../../session/record.js'
import {assembledWindow, hasFailedBox} from '../../session/record-levels.js'
import type {FieldSpec} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {PacketType} from '../../wire/packet.js'
import {isWhole, readField, sizeAt} from '../../wire/read.js'
import type {Sender} from '../../wire/side.js'
import {isoTime} from '../../wire/time.js'
import type {Window} from '../../wire/window.js'
import {jsonString, jsonText} from '../escape.js'
import type {RecordTimes} from '../time.js'
import type {Verdict} from '../verdict.js'
import type {TextFormat} from './format.js'

/** Text between two fields' values and the like, made once for each type. */
interface Plan {
  /** `"type":"oob_send","id":`, and the id with a comma where it is always null. */
  readonly head: string
  readonly hasId: boolean
  /** `"destination_pk":` of each field. */
  readonly names: readonly string[]
}

const planOf = (type: PacketType): Plan => ({
  head: `"type":${jsonString(type.name)},"id":`,
  hasId: type.id !== null,
  names: type.placed.map(({name}) => `${jsonString(name)}:`),
})

/**
 * Hex of a plaintext, of which levels and fields take parts. It is made at once where one of them is large; of a
 * message that is shown as text only keys and numbers before it are wanted.
 */
class Hex {
  readonly #window: Window
  #text: string | undefined

  constructor(window: Window) {
    this.#window = window
  }

  /** Hex of bytes[from, to) of the buffer. */
  slice(from: number, to: number): string {
    const {bytes, start, end} = this.#window
    if (this.#text === undefined && (to - from) * smallParts < end - start) return toHex(bytes, from, to)
    this.#text ??= toHex(bytes, start, end)
    return this.#text.slice((from - start) * 2, (to - start) * 2)
  }
}

/** A part is small if this many of them do not make up the whole. */
const smallParts = 4

/** A field's JSON value. at, end: its bytes, all of which are there. */
function valueJson(window: Window, index: number, hex: Hex, at: number, end: number): string {
  const {spec} = window.type.placed[index]!
  switch (spec.kind) {
    case 'bytes':
    case 'rest':
    case 'box':
      return `"${hex.slice(at, end)}"`
    case 'id':
      return String(window.bytes[window.start])
    case 'uint': {
      const value = readField(window.type, index, window.bytes, window.start, window.end)
      return spec.size === 8 ? `"${value}"` : String(value)
    }
    case 'ip_port':
    case 'node':
    case 'text':
    case 'zeros':
    case 'list':
    case 'struct':
      return compoundJson(spec, readField(window.type, index, window.bytes, window.start, window.end))
  }
}

/** A value as `readField` gives it, or a part of one. */
function compoundJson(spec: FieldSpec, value: unknown): string {
  switch (spec.kind) {
    case 'list':
      return `[${(value as readonly unknown[]).map(element => compoundJson(spec.of, element)).join(',')}]`
    case 'struct':
      return `{${Object.entries(value as Readonly<Record<string, unknown>>)
        .filter(([, part]) => part !== null)
        .map(([name, part]) => `${jsonString(name)}:${compoundJson(spec.fields[name]!, part)}`)
        .join(',')}}`
    case 'bytes':
    case 'rest':
    case 'box':
      return `"${toHex(value as Uint8Array)}"`
    case 'text':
      return jsonString(value as string)
    case 'uint':
      return spec.size === 8 ? `"${value}"` : String(value)
    default:
      // Numbers, and addresses from our own formatter: hex digits, dots and colons.
      return JSON.stringify(value)
  }
}

/** Fields as far as they could be read. */
interface FieldsJson {
  readonly text: string
  /** Offset of the first byte after the fields, at most the end of the window. */
  readonly restAt: number
  /** Fields are missing. */
  readonly isCut: boolean
}

/** The part of a record without a packet that is a level elsewhere. */
function eventJson(record: SessionRecord, withBytes: boolean): string {
  const {state} = record
  const plaintext = withBytes && state === 'open' ? ',"plaintext":""' : ''
  const stateText = state === null ? 'null' : `"${state}"`
  return `"state":${stateText},"type":null,"id":null,"fields":{${eventFields(record)}},"inner":null${plaintext}`
}

function eventFields({kind, close, causes, peers, prelude}: SessionRecord): string {
  if (kind === 'end' && close !== null)
    return `"how":"${close}","peers":${peersJson(peers)},"causes":[${causes.map(causeJson).join(',')}]`
  if (!prelude) return ''
  const [client, relay] = prelude.bytes
  const destination = jsonString(prelude.destination)
  return `"proxy":"${prelude.proxy}","destination":${destination},"client_bytes":${client},"relay_bytes":${relay}`
}

/** Which implementation each end is; null: not known. */
const peersJson = ({client, relay}: Peers): string =>
  `{"client":${client && `"${client}"`},"relay":${relay && `"${relay}"`}}`

function causeJson({finding, number, packets, receivers, secondsBefore}: Cause): string {
  const closing = receivers.map(receiver => `"${receiver}"`).join(',')
  const what = `"code":"${finding.code}","message":${jsonString(messageOf(finding))}`
  const when = `"number":${number},"packets":[${packets.join(',')}]`
  return `{${when},${what},"receivers":[${closing}],"seconds_before":${secondsBefore}}`
}

/** `"sent_as":7,"sent_on":0,"transit_micros":1200`, or the same of an arrival. */
const halfJson = (what: 'sent' | 'arrives', {number, connection, micros}: OtherHalf): string =>
  `"${what}_as":${number},"${what}_on":${connection},"transit_micros":${micros}`

/** @param assembled the packet that came in fragments; empty: none. */
function inferredJson(inferred: Inferred, assembled: string): string {
  const {roundTrip, peer, sentAs, arrival, answers, cookie, session, sessions} = inferred
  const parts: string[] = []
  if (roundTrip) parts.push(`"round_trip_micros":${roundTrip.micros},"ping_index":${roundTrip.index}`)
  if (peer !== undefined) parts.push(`"peer":${jsonString(peer)}`)
  if (sentAs) parts.push(halfJson('sent', sentAs))
  const arrived = arrivalStateOf({inferred})
  if (arrived) parts.push(`"arrival":"${arrived}"`)
  if (arrival?.at && arrival.at !== 'never') parts.push(halfJson('arrives', arrival.at))
  if (answers) parts.push(`"answers":${answers.number},"answer_micros":${answers.micros}`)
  if (cookie) {
    const keys = `"real_pk":"${cookie.realPk}","dht_pk":"${cookie.dhtPk}"`
    parts.push(`"cookie":{"age_seconds":${cookie.ageSeconds},${keys}}`)
  }
  if (session) parts.push(sessionJson(session, sentAs !== undefined))
  if (assembled !== '') parts.push(assembled)
  if (sessions) {
    const ends = sessions.map(({log, end}) => `{"session":${log.number},"end":"${end.how}"}`)
    parts.push(`"sessions":[${ends.join(',')}]`)
  }
  return parts.length === 0 ? '' : `,"inferred":{${parts.join(',')}}`
}

/** @param isSentKnown whether the record says already where the packet was sent. */
function sessionJson(facts: SessionFacts, isSentKnown: boolean): string {
  const {log, delivery, missing, roundTripMicros, unacknowledged, file, end} = facts
  const parts = [`"session":${log.number},"delivery":"${delivery.state}"`]
  if (delivery.first !== null) parts.push(`"first_number":${delivery.first}`)
  const {sent} = delivery
  if (sent && !isSentKnown) parts.push(`"sent_on":${sent.connection},"transit_micros":${sent.micros}`)
  if (missing.length > 0) parts.push(`"missing":[${missing.join(',')}]`)
  if (roundTripMicros !== null) parts.push(`"acknowledged_micros":${roundTripMicros}`)
  if (unacknowledged !== null) parts.push(`"unacknowledged":${unacknowledged}`)
  if (file) parts.push(`"transfer":${file.transfer},"file_name":${jsonString(file.name)}`)
  if (file && file.offset !== null) parts.push(`"offset":${file.offset}`)
  if (end) parts.push(`"end":"${end.how}"`)
  return parts.join(',')
}

/** What each receiver of that direction does; a receiver that the rule does not name accepts. */
function effectJson(found: Finding, from: Sender | null): string {
  const effects = effectsOf(found)
  return receiversOf(from)
    .map(receiver => `"${receiver}":"${effects[receiver] ?? 'accepts'}"`)
    .join(',')
}

function endsJson(ends: Ends | null): string {
  const end = (name: 'client' | 'relay') => `"${name}":${ends?.[name] ? jsonString(hostPort(ends[name])) : 'null'}`
  return `${end('client')},${end('relay')}`
}

export interface JsonOptions {
  /** Adds `plaintext` at every level, and `wire`. */
  readonly bytes: boolean
  /** Writes times; default: in ISO form, UTC. */
  readonly times?: {text(record: RecordTimes): string} | undefined
}

/** Writes records as lines of JSON. Keeps the texts that many records share for as long as it lives. */
export class JsonWriter {
  readonly #withBytes: boolean
  readonly #times: JsonOptions['times']
  readonly #plans = new Map<PacketType, Plan>()
  /** JSON text of effects, by the rule's code and the sender. */
  readonly #effects = new Map<string, string>()
  /** All records of a connection share their ends, and often follow each other. */
  #ends: Ends | null = null
  #endsText = endsJson(null)
  /** Whether the innermost box of the current record stayed sealed although its key is certain. */
  #hasFailedBox = false

  constructor({bytes, times}: JsonOptions) {
    this.#withBytes = bytes
    this.#times = times
  }

  /** A record as one line, without the line end. */
  line(record: SessionRecord): string {
    const {number, time, connection, ends, from, kind, index, length, packets, state, window, opened, wire, inferred} =
      record
    this.#hasFailedBox = hasFailedBox(record)
    const iso = time ? (this.#times ? this.#times.text(record) : isoTime(time)) : undefined
    const whenText = iso === undefined ? 'null' : `"${iso}"`
    const fromText = from === null ? 'null' : `"${from}"`
    const who = `"connection":${connection},${this.#endsJson(ends)},"from":${fromText}`
    const packetsText = packets.length === 0 ? '' : packets.join(',')
    const frame = `"kind":"${kind}","index":${index},"length":${length},"packets":[${packetsText}]`
    const level = window
      ? this.#levelJson(window, state ?? 'plain', new Hex(window), opened, kind !== 'handshake')
      : eventJson(record, this.#withBytes)
    // Bytes given by hand are stored nowhere else: a record without a packet keeps them.
    const isOnlyCopy = connection === null && kind === 'frame' && (state === 'sealed' || state === 'failed')
    const sealed = this.#withBytes || isOnlyCopy ? `,"wire":${wire ? `"${toHex(wire)}"` : 'null'}` : ''
    const guessed = inferred ? inferredJson(inferred, this.#assembledJson(record)) : ''
    const findings = `"findings":${this.#findingsJson(record)}`
    return `{"number":${number},"time":${whenText},${who},${frame},${level}${sealed},${findings}${guessed}}`
  }

  /** `"fragments":[7,8,9],"assembled":{...}`. */
  #assembledJson({inferred}: SessionRecord): string {
    const assembled = inferred?.assembled
    if (!assembled) return ''
    const window = assembledWindow(assembled)
    const level = window ? `{${this.#levelJson(window, 'plain', new Hex(window), noneOpened, true)}}` : 'null'
    return `"fragments":[${assembled.fragments.join(',')}],"assembled":${level}`
  }

  #endsJson(ends: Ends | null): string {
    if (ends !== this.#ends) {
      this.#ends = ends
      this.#endsText = endsJson(ends)
    }
    return this.#endsText
  }

  #planOf(type: PacketType): Plan {
    let plan = this.#plans.get(type)
    if (!plan) {
      plan = planOf(type)
      this.#plans.set(type, plan)
    }
    return plan
  }

  /**
   * A level with all that it carries.
   * @param plaintexts of the boxes that were opened, from this level on.
   * @param showsOpened whether `opened` gives the plaintext of an opened box.
   */
  #levelJson(window: Window, state: string, hex: Hex, plaintexts: readonly Window[], showsOpened: boolean): string {
    const {type, bytes, start, end} = window
    const {head, hasId} = this.#planOf(type)
    const level = levelOf(window, plaintexts)
    const {opened} = level
    const inner = packetIn(level)
    const innerHex = opened ? new Hex(opened) : hex
    const {text, restAt, isCut} = opened
      ? this.#openedJson(window, hex, opened, innerHex, inner !== undefined)
      : this.#fieldsJson(window, hex, inner ? type.tail : -1)
    const id = hasId && start < end ? bytes[start] : 'null'
    const [last, lastHex] = opened ? [opened.end, innerHex] : [end, hex]
    const rest = isCut || restAt < last ? `,"rest":"${lastHex.slice(restAt, last)}"` : ''
    const innerText =
      inner &&
      this.#levelJson(inner, stateOf(levelOf(inner, level.below), this.#hasFailedBox), innerHex, level.below, true)
    const below = innerText === undefined ? 'null' : `{${innerText}}`
    const plaintext = this.#withBytes ? `,"plaintext":"${hex.slice(start, end)}"` : ''
    const box =
      this.#withBytes && opened && showsOpened ? `,"opened":"${innerHex.slice(opened.start, opened.end)}"` : ''
    return `"state":"${state}",${head}${id},"fields":{${text}}${rest},"inner":${below}${plaintext}${box}`
  }

  /** The clear fields of a level, and the fields of its plaintext in place of the box. Offsets are the plaintext's. */
  #openedJson(window: Window, hex: Hex, opened: Window, openedHex: Hex, hasInner: boolean): FieldsJson {
    const {text} = this.#fieldsJson(window, hex, window.type.tail)
    const plain = this.#fieldsJson(opened, openedHex, hasInner ? opened.type.tail : -1)
    return {...plain, text: text === '' || plain.text === '' ? text + plain.text : `${text},${plain.text}`}
  }

  /**
   * @param skipped index of a field that is shown elsewhere; -1: none.
   */
  #fieldsJson(window: Window, hex: Hex, skipped: number): FieldsJson {
    const {type, bytes, start, end} = window
    const {names} = this.#planOf(type)
    const {placed} = type
    let text = ''
    let at = type.id === null ? start : start + 1
    for (let index = 0; index < placed.length; index++) {
      const field = placed[index]!
      const size = sizeAt(field, bytes, at, end, start)
      const isThere = field.spec.kind === 'id' ? start < end : isWhole(field, at, size, end)
      if (!isThere) return {text, restAt: Math.min(at, end), isCut: true}
      if (field.presence && size === 0) continue
      if (index !== skipped)
        text += `${text === '' ? '' : ','}${names[index]}${valueJson(window, index, hex, at, at + size)}`
      at += size
    }
    return {text, restAt: Math.min(at, end), isCut: false}
  }

  #findingsJson(record: SessionRecord): string {
    const {findings} = record
    if (findings.length === 0) return '[]'
    return `[${findings.map(found => this.#findingJson(found, record)).join(',')}]`
  }

  #findingJson(found: Finding, record: SessionRecord): string {
    const {code, range, of} = found
    const place = range ? `,"range":[${range[0]},${range[1]}]${of ? `,"of":"${of}"` : ''}` : ''
    const what = `"code":"${code}","severity":"${severityIn(record, found)}","message":${jsonString(messageOf(found))}`
    return `{${what}${place},"effect":{${this.#effectJson(found, blamed(record))}}}`
  }

  #effectJson(found: Finding, from: Sender | null): string {
    const key = `${found.code} ${from}`
    let text = this.#effects.get(key)
    if (text === undefined) {
      text = effectJson(found, from)
      this.#effects.set(key, text)
    }
    return text
  }
}

/** A record as one line of JSON, without the line end. bytes: with `plaintext` at every level, and `wire`. */
export const recordToJson = (record: SessionRecord, options: {readonly bytes: boolean}): string =>
  new JsonWriter(options).line(record)

/** A line of JSON with what receivers do about this record and those before it, as the last member. */
function withVerdict(line: string, {text, effects}: Verdict): string {
  return text === '' ? line : `${line.slice(0, -1)},"verdict":${jsonText({text, effect: effects})}}`
}

export const jsonFormat: TextFormat = {
  about: 'one JSON object a line; the same as --json',
  takes: ['bytes', 'time'],
  isData: true,
  writer({bytes, isTimeFormGiven, verdict}, times) {
    const json = new JsonWriter({bytes, times: isTimeFormGiven ? times : undefined})
    const text = (record: SessionRecord): string => json.line(record)
    return {head: '', text: record => `${verdict ? withVerdict(text(record), verdict) : text(record)}\n`}
  },
}
