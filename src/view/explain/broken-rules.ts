import {checkLonePacket} from '../../expert/check.js'
import {checkOpened, isInnerLayer} from '../../expert/inner-check.js'
import {ruleTable} from '../../expert/rules.js'
import {limits} from '../../protocol/limits.js'
import {types} from '../../protocol/table.js'
import type {PacketType} from '../../wire/packet.js'
import type {Sender} from '../../wire/side.js'
import {noShift, Window} from '../../wire/window.js'

/** Length of a packet that has its kind and payload and is not too long for any layout. */
const middleLength = 300

/** Below this every length is tried, above it only those next to a limit: checks depend on no other number. */
const everyLengthBelow = 50
const limitLengths = Object.values(limits).flatMap(limit => [limit - 1, limit, limit + 1])

function lengthsOf({id, minLength, maxLength}: PacketType, most: number): number[] {
  const all = [...Array(everyLengthBelow).keys(), ...limitLengths, minLength - 1, minLength, maxLength, maxLength + 1]
  return [...new Set(all)].filter(length => length >= (id === null ? 0 : 1) && length <= Math.min(maxLength + 1, most))
}

/** First byte of a type; the lowest where it has several. */
const idOf = ({id}: PacketType): number => (typeof id === 'number' ? id : (id?.[0] ?? 0))

/** Types whose payload a type can be. */
export const carriersOf = ({layer}: PacketType): PacketType[] =>
  types.filter(({placed, tail}) => layerAt(placed[tail]) === layer)

const layerAt = (placed: PacketType['placed'][number] | undefined) =>
  placed?.spec.kind === 'rest' ? placed.spec.layer : undefined

/** Types that a type's payload can be. */
export function carriedBy({placed, tail}: PacketType): PacketType[] {
  const layer = layerAt(placed[tail])
  return layer === undefined ? [] : types.filter(type => type.layer === layer)
}

/** Checks generated packets, one at a time, in the same bytes. */
class Trial {
  /** Codes of the rules that were broken, each with the senders that broke it. */
  readonly found = new Map<string, Set<Sender | null>>()
  readonly #bytes = new Uint8Array(limits.packet + 2)

  /** Fills the bytes after the type's id with 0 or 255. */
  fill(type: PacketType, value: 0 | 255, at = 0): void {
    this.#bytes.fill(value, at)
    if (type.id !== null) this.#bytes[at] = idOf(type)
  }

  set(at: number, value: number): void {
    this.#bytes[at] = value
  }

  check(type: PacketType, length: number, from: readonly (Sender | null)[]): void {
    const window = new Window(type, this.#bytes, 0, length, noShift)
    if (isInnerLayer(type.layer)) for (const {code} of checkOpened(window)) this.#add(code, null)
    else for (const sender of from) for (const {code} of checkLonePacket(window, sender)) this.#add(code, sender)
  }

  #add(code: string, sender: Sender | null): void {
    const senders = this.found.get(code) ?? new Set()
    this.found.set(code, senders.add(sender))
  }
}

/** Tries lengths up to one byte too many, and every value of every byte with a meaning of its own. */
function tryPackets(trial: Trial, type: PacketType): void {
  const from: readonly (Sender | null)[] = type.layer === 'packet' ? ['client', 'relay', null] : [null]
  trial.fill(type, 0)
  for (const length of lengthsOf(type, limits.packet + 1)) trial.check(type, length, from)
  // The longest packet that fits into a frame: some receivers accept packets that are too long up to a limit.
  if (type.layer === 'packet') trial.check(type, limits.packet, from)
  const length = Math.min(type.maxLength, Math.max(type.minLength, middleLength))
  for (const {offset, spec} of type.placed) {
    if (offset === undefined || spec.kind === 'bytes' || spec.kind === 'box' || spec.kind === 'id') continue
    for (let value = 0; value < 256; value++) {
      trial.fill(type, spec.kind === 'ip_port' ? 255 : 0)
      trial.set(offset, value)
      trial.check(type, length, from)
    }
  }
}

/** Tries the type inside a packet that can carry it, at lengths at which that packet itself is right. */
function tryInside(trial: Trial, type: PacketType, carrier: PacketType): void {
  const head = carrier.minLength - 1
  trial.fill(carrier, 0)
  trial.fill(type, 0, head)
  for (const length of lengthsOf(type, carrier.maxLength - head)) trial.check(carrier, head + length, carrier.sentBy)
}

/** Rules that a packet type can break, in the order of the table, with who can break them; null: either side. */
type BrokenRules = ReadonlyMap<string, ReadonlySet<Sender | null>>
const known = new Map<string, BrokenRules>()

/**
 * Rules that a packet of a type can break: found by trying packets of every length and kind on the checks themselves.
 */
export function brokenRules(type: PacketType): BrokenRules {
  const before = known.get(type.name)
  if (before) return before
  const trial = new Trial()
  const carriers = isInnerLayer(type.layer) ? [] : carriersOf(type)
  if (carriers.length === 0) tryPackets(trial, type)
  for (const carrier of carriers) tryInside(trial, type, carrier)
  if (!isInnerLayer(type.layer)) for (const inner of carriedBy(type)) tryInside(trial, inner, type)
  const broken = new Map([...ruleTable.keys()].flatMap(code => withSenders(code, trial.found.get(code))))
  known.set(type.name, broken)
  return broken
}

const withSenders = (code: string, senders: ReadonlySet<Sender | null> | undefined) =>
  senders ? [[code, senders] as const] : []
