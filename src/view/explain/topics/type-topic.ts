import {receiversOf} from '../../../expert/peers.js'
import {compareSeverity, receivers} from '../../../expert/rule.js'
import {ruleTable} from '../../../expert/rules.js'
import type {FieldSpec, Layer} from '../../../wire/field.js'
import {type PacketType, sizeBounds} from '../../../wire/packet.js'
import {brokenRules, carriedBy, carriersOf} from '../broken-rules.js'
import {idText, offsetBounds, offsetText, sizeText, writeLayout} from '../layout.js'
import type {Page} from '../page.js'
import {ruleFacts, type ShownRule, writeRules} from '../rule-text.js'
import type {Facts, Topic} from './topic.js'

/** Titles of the layers. */
export const layerTitles: Readonly<Record<Layer, string>> = {
  handshake: 'handshake',
  packet: 'packet',
  payload: 'payload of data and out-of-band packets',
  onion_request: 'request in an onion packet',
  onion_response: 'response in an onion packet',
  onion_layer: 'innermost layer of an onion packet',
  onion_data: 'data sent through the onion',
  onion_content: 'what data sent through the onion holds',
  forwarded: 'packet that a relay forwards to a node, or its answer',
  announcement: 'announcement that a node stores',
  crypto_data: 'packet of a net_crypto session',
  conference_invite: 'invitation to a conference',
  conference_direct: 'packet from one member of a conference to another',
  conference_message: 'message to all members of a conference',
  group_invite: 'invitation to a group',
  plaintext: 'plaintext of a box',
  group_lossless: 'lossless packet of a group',
  group_lossy: 'lossy packet of a group',
  group_broadcast: 'broadcast of a member of a group',
  address: 'address',
}

/** `client > relay`, `both ways`; empty for parts of packets. */
export function senderText({sentBy}: PacketType): string {
  if (sentBy.length !== 1) return sentBy.length === 0 ? '' : 'both ways'
  return sentBy[0] === 'client' ? 'client > relay' : 'relay > client'
}

const kindTexts: Readonly<Record<FieldSpec['kind'], string>> = {
  bytes: 'bytes',
  uint: 'big-endian number',
  id: 'number',
  ip_port: 'address and port',
  node: 'address, port and key',
  rest: 'all bytes to the end',
  box: 'sealed box to the end',
  text: 'text in UTF-8',
  zeros: 'zero bytes',
  struct: 'fields',
  list: 'list',
}
const roleTexts = {
  key: 'public key',
  nonce: 'nonce',
  opaque: 'opaque',
  id: 'opaque id',
  data: 'all bytes to the end',
} as const

const rangesText = (ranges: readonly (readonly [number, number])[]): string =>
  ranges.map(([low, high]) => (low === high ? `${low}` : `${low} to ${high}`)).join(', ')

/** What a field's bytes are, and which values it may have. */
export function specText(spec: FieldSpec): string {
  const what = spec.kind === 'bytes' ? roleTexts[spec.role] : kindTexts[spec.kind]
  const allowed = spec.kind === 'uint' && spec.allowed ? `, ${rangesText(spec.allowed)}` : ''
  const families = spec.kind === 'ip_port' ? `, families ${spec.families.join(', ')}` : ''
  const keys = spec.kind === 'box' ? `, ${spec.keys.replaceAll('_', ' ')} keys` : ''
  const layer = spec.kind === 'rest' && spec.layer !== undefined ? `, a ${layerTitles[spec.layer]}` : ''
  return what + allowed + families + keys + layer
}

/** A field as facts. Its offset is a pair, least and most, after a field of varying size. */
export function fieldFacts(type: PacketType, index: number): Facts {
  const {name, spec} = type.placed[index]!
  const {title, about, kind} = spec
  const [least, most] = offsetBounds(type, index)
  const plain: Facts =
    spec.kind === 'box' && type.plain ? {plaintext: type.plain.placed.map((_, i) => fieldFacts(type.plain!, i))} : {}
  return {
    name,
    title,
    about,
    kind: spec.kind === 'bytes' ? spec.role : kind,
    offset: least === most ? least : [least, most],
    ...sizeFacts(spec),
    ...(spec.kind === 'uint' && spec.allowed && {allowed: spec.allowed}),
    ...(spec.kind === 'ip_port' && {families: spec.families}),
    ...(spec.kind === 'rest' && {layer: spec.layer ?? null}),
    ...(spec.kind === 'box' && {keys: spec.keys}),
    ...plain,
  }
}

function sizeFacts(spec: FieldSpec): Facts {
  const [min, max] = spec.kind === 'id' ? [1, 1] : sizeBounds(spec)
  return min === max ? {size: min} : {min, max}
}

const rulesByType = new Map<PacketType, readonly string[]>()

/** Rules that name the type, and those that its bytes can break; the worst first. */
export function rulesOn(type: PacketType): readonly string[] {
  const known = rulesByType.get(type) ?? findRulesOn(type)
  rulesByType.set(type, known)
  return known
}

function findRulesOn(type: PacketType): string[] {
  const broken = brokenRules(type)
  return [...ruleTable]
    .filter(([code, rule]) => broken.has(code) || rule.on?.some(name => name === type.name))
    .sort(([, a], [, b]) => compareSeverity(b.severity, a.severity))
    .map(([code]) => code)
}

/** A rule with its effect on the receivers of the type's packets from the side that breaks it. */
function ruleOn(type: PacketType, code: string): ShownRule {
  const breaking = [...(brokenRules(type).get(code) ?? [])].filter(sender => sender !== null)
  const senders = breaking.length > 0 ? breaking : type.sentBy
  const reached = senders.length > 0 ? senders.flatMap(sender => receiversOf(sender)) : receivers
  const {effect} = ruleTable.get(code)!
  const shown = receivers.flatMap(receiver => {
    const does = effect[receiver]
    return does && reached.includes(receiver) ? [[receiver, does] as const] : []
  })
  return {code, effect: Object.fromEntries(shown)}
}

const lengthText = ({minLength, maxLength}: PacketType): string =>
  minLength === maxLength ? `${minLength} bytes` : `${minLength} to ${maxLength} bytes`

export function typeTopic(type: PacketType): Topic {
  const {name, title, layer, cToxcore, about, source, minLength, maxLength} = type
  const id = idText(type)
  const what = [layerTitles[layer], id && `id ${id}`, senderText(type)].filter(part => part).join(', ')
  return {
    kind: 'type',
    name,
    brief: `${layerTitles[layer]}${id === undefined ? '' : `, id ${id}`}: ${about}`,
    get facts() {
      return {
        kind: 'type',
        name,
        title,
        layer,
        id: typeof type.id === 'number' || type.id === null ? type.id : [...type.id],
        c_toxcore: cToxcore ?? null,
        sent_by: type.sentBy,
        about,
        min_length: minLength,
        max_length: maxLength,
        fields: type.placed.map((_, index) => fieldFacts(type, index)),
        carried_by: carriersOf(type).map(carrier => carrier.name),
        carries: carriedBy(type).map(inner => inner.name),
        rules: rulesOn(type).map(code => ruleFacts(ruleOn(type, code))),
        source,
      }
    },
    write(page) {
      page.title(name, what)
      page.text(`${title}. ${about}`)
      if (cToxcore !== undefined) page.text(`In c-toxcore: ${cToxcore}.`)
      page.head(`Layout: ${lengthText(type)}${id === undefined ? '' : ', the id byte included'}`)
      writeLayout(page, type)
      page.head('Fields')
      writeFields(page, type)
      if (type.plain) {
        page.head('Fields of its plaintext, in the box')
        writeFields(page, type.plain)
      }
      writeTypes(page, 'Travels in', carriersOf(type))
      writeTypes(page, 'Carries', carriedBy(type))
      const codes = rulesOn(type)
      if (codes.length > 0) page.head('What receivers do when a rule is broken')
      writeRules(
        page,
        codes.map(code => ruleOn(type, code)),
      )
      page.head('Source')
      page.text(source, 2)
    },
  }
}

function writeFields(page: Page, type: PacketType): void {
  page.items(
    type.placed.map(({name, spec}, index) => [
      name,
      `${spec.title}: ${sizeText(spec)} at ${offsetText(type, index)}, ${specText(spec)}. ${spec.about}`,
    ]),
    page.theme.key,
  )
}

function writeTypes(page: Page, heading: string, types: readonly PacketType[]): void {
  if (types.length === 0) return
  page.head(heading)
  page.text(types.map(type => `${type.name}${type.id === null ? '' : ` (${idText(type)})`}`).join(', '), 2)
}
