import {effectsOf, type Finding, messageOf} from '../../expert/finding.js'
import {receiversOf} from '../../expert/peers.js'
import {levelOf, noneOpened, packetIn, stateOf} from '../../protocol/levels.js'
import {hostPort} from '../../protocol/text.js'
import {blamed, type Ends, type SessionRecord, severityIn} from '../../session/record.js'
import {assembledWindow, hasFailedBox} from '../../session/record-levels.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import type {PacketType} from '../../wire/packet.js'
import {isWhole, sizeAt} from '../../wire/read.js'
import type {Sender} from '../../wire/side.js'
import {isoTime} from '../../wire/time.js'
import type {Window} from '../../wire/window.js'
import {jsonString, jsonText} from '../escape.js'
import type {RecordTimes} from '../time.js'
import type {Verdict} from '../verdict.js'
import type {TextFormat} from './format.js'
import {eventJson, inferredJson} from './json/json-facts.js'
import {PlaintextHex, valueJson} from './json/json-values.js'

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

/** Fields as far as they could be read. */
interface FieldsJson {
  readonly text: string
  /** Offset of the first byte after the fields, at most the end of the window. */
  readonly restAt: number
  /** Fields are missing. */
  readonly isCut: boolean
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
      ? this.#levelJson(window, state ?? 'plain', new PlaintextHex(window), opened, kind !== 'handshake')
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
    const level = window ? `{${this.#levelJson(window, 'plain', new PlaintextHex(window), noneOpened, true)}}` : 'null'
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
  #levelJson(
    window: Window,
    state: string,
    hex: PlaintextHex,
    plaintexts: readonly Window[],
    showsOpened: boolean,
  ): string {
    const {type, bytes, start, end} = window
    const {head, hasId} = this.#planOf(type)
    const level = levelOf(window, plaintexts)
    const {opened} = level
    const inner = packetIn(level)
    const innerHex = opened ? new PlaintextHex(opened) : hex
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
  #openedJson(
    window: Window,
    hex: PlaintextHex,
    opened: Window,
    openedHex: PlaintextHex,
    hasInner: boolean,
  ): FieldsJson {
    const {text} = this.#fieldsJson(window, hex, window.type.tail)
    const plain = this.#fieldsJson(opened, openedHex, hasInner ? opened.type.tail : -1)
    return {...plain, text: text === '' || plain.text === '' ? text + plain.text : `${text},${plain.text}`}
  }

  /**
   * @param skipped index of a field that is shown elsewhere; -1: none.
   */
  #fieldsJson(window: Window, hex: PlaintextHex, skipped: number): FieldsJson {
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
