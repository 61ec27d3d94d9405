import {limits} from '../protocol/limits.js'
import {innerWindow, nameAlone, packetFields, type TypeName} from '../protocol/table.js'
import type {FieldSpec, Layer} from '../wire/field.js'
import {hexByte} from '../wire/hex/hex-bytes.js'
import {type Fault, faults} from '../wire/layout-faults.js'
import {fieldStart} from '../wire/read.js'
import {lengthOf, type Window} from '../wire/window.js'
import {callFindings, isReadCall} from './call-check.js'
import {type Finding, type FindingPlace, finding, joined, noFindings} from './finding.js'
import {type Refusal, refusalOfRest} from './nodes-check.js'

/** Layers that are seen without opening a box in a packet. */
const outerLayers: ReadonlySet<Layer> = new Set(['packet', 'payload', 'onion_response', 'handshake', 'address'])

/** Whether packets of a layer travel in boxes only, so that no relay sees them. */
export const isInnerLayer = (layer: Layer): boolean => !outerLayers.has(layer)

/** Types of which c-toxcore checks no length, or a least one, or reads as many elements as it can use. */
const lengthIgnored: ReadonlySet<string> = new Set<TypeName>([
  'alive',
  'crypto_kill',
  'conference_ping',
  'conference_peer_leave',
  'conference_query',
  'conference_query_response',
  'conference_rejoin',
])

/** Layers of the groups of c-toxcore, which checks least lengths only. */
const groupLayers: ReadonlySet<Layer> = new Set(['group_invite', 'group_lossy', 'group_lossless', 'group_broadcast'])

/** Whether no receiver minds bytes after the last field. */
function ignoresTrailingBytes(window: Window): boolean {
  const {layer, name} = window.type
  // c-toxcore compares the exact length of requests to seek alone.
  if (name === 'file_control') return packetFields(window, 'file_control')?.position === null
  // Where no member could be read, all of it is refused.
  if (name === 'group_sync_response') return packetFields(window, 'group_sync_response')?.announces.length === 1
  // A message of a call ends with a zero byte, and is read up to the first one.
  if (name === 'msi') return window.bytes[window.end - 1] === 0 && isReadCall(window)
  return groupLayers.has(layer) || lengthIgnored.has(name)
}

/** Fields of which c-toxcore takes every value, and tox-rs the allowed ones. */
const valuesOfToxRs: ReadonlySet<string> = new Set([
  'typing.status',
  'file_control.transfer_direction',
  'conference_invite.conference_type',
  'gc_handshake_plaintext.join_type',
  'group_invite_reject.reason',
  'group_key_rotation.is_response',
  'group_set_mod.is_set',
  'group_set_observer.is_set',
])

/** Bytes that c-toxcore takes of a title that is too long: it has the length in one byte. 0: it discards it. */
function wrappedTitle({type: {name}}: Window, size: number): number {
  if (name !== 'conference_title' && name !== 'conference_change_title') return 0
  const kept = size % 256
  return kept <= limits.nickname ? kept : 0
}

/** Texts that c-toxcore ignores where they are empty, and tox-rs delivers. */
const ignoredEmpty: ReadonlySet<string> = new Set<TypeName>([
  'message',
  'action',
  'conference_text',
  'conference_action',
  'conference_title',
  'conference_change_title',
])

/** Whether c-toxcore takes what comes before an address of an unknown family. @param at offset of its family. */
function isAfterTaken({type, bytes, start, end}: Window, field: string, at: number): boolean {
  if (type.name === 'group_ping') return true
  const index = type.placed.findIndex(({name}) => name === field)
  const {spec} = type.placed[index]!
  // Nodes are read one after the other, and the packet is refused only where the first one is wrong.
  return spec.kind === 'list' && spec.of.kind === 'node' && start + at > fieldStart(type, index, bytes, start, end)
}

/** The declaration of a field, or of that field in each element of a list. */
function specOf(spec: FieldSpec | undefined, part: string | undefined): FieldSpec | undefined {
  if (part === undefined) return spec
  return spec?.kind === 'list' && spec.of.kind === 'struct' ? spec.of.fields[part] : undefined
}

/**
 * The finding for a fault in what was in a box.
 * @param offset of the window's first byte from the byte that ranges are counted from.
 */
export function innerFault(window: Window, {kind, field, part, range, value}: Fault, offset: number): Finding {
  const {type} = window
  const {name, title} = type
  const named = part === undefined ? field : `${field}.${part}`
  const place = {range: [range[0] + offset, range[1] + offset]} as const
  switch (kind) {
    case 'short':
      if (value === 0 && ignoredEmpty.has(name)) return finding('message-empty', {title}, place)
      return finding('inner-too-short', {title, length: lengthOf(window), field: named, least: type.minLength}, place)
    case 'long': {
      if (field === '') return restFinding(window, range[1] - range[0], place)
      const spec = specOf(type.fields[field], part)
      const kept = wrappedTitle(window, value)
      if (kept > 0) return finding('conference-title-wraps', {title, size: value, kept}, place)
      const most = spec && 'max' in spec ? spec.max : type.maxLength
      return finding('inner-too-long', {title, field: named, size: value, most}, place)
    }
    case 'range': {
      if (type.fields[field]?.kind === 'ip_port') return finding('inner-padding', {title}, place)
      const isMinor = valuesOfToxRs.has(`${nameAlone(type)}.${named}`)
      return finding(isMinor ? 'inner-value-tox-rs' : 'inner-value', {title, field: named, value}, place)
    }
    case 'family':
      return finding(
        isAfterTaken(window, field, range[0]) ? 'inner-family-rest' : 'inner-family',
        {title, family: value},
        place,
      )
    case 'text':
      return finding('inner-text', {title, field: named, byte: hexByte(value)}, place)
  }
}

const rulesOfRest = {
  nobody: 'inner-trailing-ignored',
  'c-toxcore': 'inner-trailing-bytes',
  'tox-rs': 'inner-nodes-rest',
} as const

/** The finding for bytes after the last field. */
function restFinding(window: Window, bytes: number, place: FindingPlace): Finding {
  const {type} = window
  const {title, minLength: least} = type
  const refusal: Refusal = refusalOfRest(window) ?? (ignoresTrailingBytes(window) ? 'nobody' : 'c-toxcore')
  if (refusal !== 'both') return finding(rulesOfRest[refusal], {title, bytes}, place)
  return finding('inner-too-short', {title, length: lengthOf(window), field: type.placed.at(-1)!.name, least}, place)
}

/** Checks what a packet carries, where that is a packet of its own layer: any other bytes pass. */
export function checkCarried(packet: Window): readonly Finding[] {
  const inner = innerWindow(packet)
  return inner ? checkOpened(inner, inner.start - packet.start) : noFindings
}

/**
 * Everything that a plaintext alone shows, and what it carries further as far as no box is in the way.
 * @param window on the plaintext of a box, or on a packet that was in one.
 * @param offset of its first byte from the byte that ranges are counted from.
 */
export function checkOpened(window: Window, offset = 0): readonly Finding[] {
  const wrong = faults(window)
  const ofLayout = wrong.length === 0 ? noFindings : wrong.map(fault => innerFault(window, fault, offset))
  const found = window.type.name === 'msi' ? joined(ofLayout, callFindings(window, offset)) : ofLayout
  const {type, bytes, start, end} = window
  const tail = type.placed[type.tail]
  if (tail?.spec.kind !== 'rest') return found
  const at = fieldStart(type, type.tail, bytes, start, end)
  if (at >= end) return found
  const inner = innerWindow(window)
  const innerOffset = offset + at - start
  if (inner) return joined(found, checkOpened(inner, innerOffset))
  const kind = hexByte(bytes[at]!)
  return joined(found, [
    finding('inner-kind-unknown', {title: type.title, kind}, {range: [innerOffset, innerOffset + 1]}),
  ])
}
