import {implementations} from '../../expert/peers.js'
import {effects, receivers, severities} from '../../expert/rule.js'
import {ruleTable} from '../../expert/rules.js'
import {types} from '../../protocol/table.js'
import {sessionEnds} from '../../session/inner/tracking/session-log.js'
import {arrivalStates, deliveryStates, recordKinds, recordStates} from '../../session/record-kinds.js'
import type {FieldSpec, Layer} from '../../wire/field.js'
import type {PacketType} from '../../wire/packet.js'

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>

const orNull = (type: string, rest: Schema = {}): Schema => ({type: [type, 'null'], ...rest})
const object = (properties: Schema, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
  additionalProperties: false,
})
const list = (items: Schema): Schema => ({type: 'array', items})
const ref = (name: string): Schema => ({$ref: `#/$defs/${name}`})

const count: Schema = {type: 'integer', minimum: 0}
const hex: Schema = {type: 'string', pattern: '^([0-9a-f]{2})*$'}
const hexOf = (bytes: number): Schema => ({type: 'string', pattern: `^[0-9a-f]{${bytes * 2}}$`})
const code: Schema = {enum: [...ruleTable.keys()]}
const receiverEffects: Schema = {
  type: 'object',
  properties: Object.fromEntries(receivers.map(name => [name, {enum: Object.keys(effects)}])),
  additionalProperties: false,
}

const upTo = (maximum: number): Schema => ({type: 'integer', minimum: 0, maximum})
const address = {family: upTo(255), ip: {type: 'string'}, port: upTo(65_535)}

/** Values of a field. */
function valueSchema(spec: FieldSpec): Schema {
  switch (spec.kind) {
    case 'bytes':
      return hexOf(spec.size)
    case 'rest':
    case 'box':
      return hex
    case 'id':
      return upTo(255)
    case 'uint':
      return spec.size === 8 ? {type: 'string', pattern: '^\\d+$'} : upTo(2 ** (8 * spec.size) - 1)
    case 'ip_port':
      return object({...address, padding: hexOf(12)}, ['padding'])
    case 'node':
      return object({...address, padding: hexOf(12), pk: hexOf(32)}, ['padding'])
    case 'text':
      return {type: 'string'}
    case 'zeros':
      return count
    case 'list':
      return list(valueSchema(spec.of))
    case 'struct':
      return object(
        Object.fromEntries(Object.entries(spec.fields).map(([name, part]) => [name, valueSchema(part)])),
        Object.keys(spec.fields),
      )
  }
}

/** Fields of a packet, and of the plaintext of its box. Any may be missing: a packet may be cut short. */
function fieldsSchema({placed, plain, about}: PacketType): Schema {
  const all = [...placed, ...(plain?.placed ?? [])]
  return {
    type: 'object',
    description: about,
    properties: Object.fromEntries(
      all.map(({name, spec}) => [name, {...valueSchema(spec), title: spec.title, description: spec.about}]),
    ),
    additionalProperties: false,
  }
}

/** What a level is by its packet type: the fields of each. */
const byType: Schema = {
  anyOf: types.map(type => ({properties: {type: {const: type.name}, fields: fieldsSchema(type)}})),
}

/** Members of a level: of a record, and of what a packet carries. */
export const levelMembers = {
  state: {enum: [...Object.keys(recordStates), null]},
  type: {enum: [...types.map(({name}) => name), null], description: 'Packet type; null: not known, or none.'},
  id: {...orNull('integer', {minimum: 0, maximum: 255}), description: 'First byte of the packet.'},
  fields: {type: 'object'},
  rest: {...hex, description: 'Bytes after the last field, or of one that is cut short.'},
  inner: {anyOf: [{type: 'null'}, ref('level')], description: 'What the packet carries, where that is decoded.'},
  plaintext: {...hex, description: 'With --bytes: the bytes of this level.'},
  opened: {...hex, description: 'With --bytes: the plaintext of the box of this level.'},
}

const cause = object({
  number: count,
  packets: list(count),
  code,
  message: {type: 'string'},
  receivers: list({enum: receivers}),
  seconds_before: orNull('number'),
})

const finding = object(
  {
    code,
    severity: {enum: severities},
    message: {type: 'string'},
    range: {...list(count), minItems: 2, maxItems: 2, description: 'Half-open, in the plaintext of the record.'},
    of: {const: 'wire', description: 'The range is in the wire bytes.'},
    effect: {...receiverEffects, description: 'What each receiver does.'},
  },
  ['range', 'of'],
)

const prelude = object({
  proxy: {enum: ['socks4', 'socks5', 'http']},
  destination: {type: 'string'},
  client_bytes: count,
  relay_bytes: count,
})

const sessionEnd = {enum: Object.keys(sessionEnds)}

/** What is worked out from several packets. */
const inferredMembers = {
  round_trip_micros: orNull('integer'),
  ping_index: orNull('integer'),
  peer: hexOf(32),
  answers: count,
  answer_micros: orNull('integer'),
  answer_chat_id: hexOf(32),
  cookie: object({age_seconds: orNull('number'), real_pk: hexOf(32), dht_pk: hexOf(32)}),
  session: count,
  delivery: {enum: deliveryStates},
  first_number: count,
  sent_as: count,
  arrival: {enum: arrivalStates},
  arrives_as: count,
  arrives_on: count,
  sent_on: orNull('integer', {minimum: 0}),
  transit_micros: orNull('integer'),
  missing: list(count),
  acknowledged_micros: {type: 'integer'},
  unacknowledged: count,
  transfer: count,
  file_name: {type: 'string'},
  offset: {type: 'number'},
  end: sessionEnd,
  fragments: list(count),
  assembled: {anyOf: [ref('level'), {type: 'null'}], description: 'The packet that came in these fragments.'},
  sessions: list(object({session: count, end: sessionEnd})),
}

const noFields = object({})
const implementation = {enum: [...implementations, null], description: 'Null: not known.'}
const ending = object({
  how: {enum: ['fin', 'rst', 'capture_end']},
  peers: object({client: implementation, relay: implementation}),
  causes: list(cause),
})

/** What a record without a packet type is by its kind. */
const byKind: readonly Schema[] = [
  {kind: {const: 'end'}, fields: {anyOf: [ending, noFields]}},
  {kind: {const: 'prelude'}, fields: {anyOf: [prelude, noFields]}},
  {kind: {enum: Object.keys(recordKinds).filter(kind => kind !== 'end' && kind !== 'prelude')}, fields: noFields},
].map(properties => ({properties: {...properties, type: {const: null}}}))

/** Layers of the packets that records of a capture are. */
const recordLayers: readonly Layer[] = ['packet', 'handshake']

/** Every field that the `fields` of a record of a capture may have: of its packet type, or of its kind. */
export const recordFields: Schema = object(
  Object.assign(
    {},
    ...types.filter(({layer}) => recordLayers.includes(layer)).map(type => fieldsSchema(type)['properties']),
    prelude['properties'],
    ending['properties'],
  ),
)

/** The JSON Schema of a record, as `--json` prints it. */
export const recordSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A record of toxtcp',
  description: 'One line that --json prints.',
  ...object(
    {
      number: {...count, description: 'From 1.'},
      time: {...orNull('string'), description: 'ISO 8601 in UTC with 6 or 9 digits, or in the form of -t.'},
      connection: {...orNull('integer', {minimum: 0}), description: 'TCP connection, from 0.'},
      client: {...orNull('string'), description: 'Address and port.'},
      relay: {...orNull('string'), description: 'Address and port.'},
      from: {enum: ['client', 'relay', null], description: 'Who sent it.'},
      kind: {enum: Object.keys(recordKinds), description: 'What happened.'},
      index: {...orNull('integer', {minimum: 0}), description: 'Nonce offset of a frame in its direction, from 0.'},
      length: {...orNull('integer', {minimum: 0}), description: 'Bytes on the wire, with the prefix of a frame.'},
      packets: {...list(count), description: 'Capture packets that carried it.'},
      ...levelMembers,
      wire: {...orNull('string', {pattern: hex['pattern']}), description: 'With --bytes: the bytes on the wire.'},
      findings: list(ref('finding')),
      inferred: object(inferredMembers, Object.keys(inferredMembers)),
      verdict: {
        ...object({text: {type: 'string'}, effect: receiverEffects}),
        description: 'Of decode: what receivers do about the records until this one.',
      },
    },
    ['rest', 'plaintext', 'opened', 'wire', 'inferred', 'verdict'],
  ),
  anyOf: [ref('typed'), ...byKind],
  $defs: {
    level: {...object(levelMembers, ['rest', 'plaintext', 'opened']), allOf: [ref('typed')]},
    typed: byType,
    finding,
  },
}
