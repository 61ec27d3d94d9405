import {ruleTable} from '../../expert/rules.js'
import {stateOf} from '../../protocol/levels.js'
import {limits} from '../../protocol/limits.js'
import {types} from '../../protocol/table.js'
import {arrivalStateOf, type OtherHalf} from '../../session/inferred.js'
import type {Prelude} from '../../session/prelude.js'
import type {SessionRecord} from '../../session/record.js'
import {arrivalStates, deliveryStates, recordKinds, recordStates} from '../../session/record-kinds.js'
import {hasFailedBox} from '../../session/record-levels.js'
import type {Close} from '../../wire/chunk.js'
import type {FieldSpec} from '../../wire/field.js'
import {fromHex} from '../../wire/hex/hex-bytes.js'
import {partsOf} from '../../wire/read.js'
import type {Sender} from '../../wire/side.js'
import {restRange, spans, type Window} from '../../wire/window.js'
import {innerLevel, levels} from '../levels.js'
import type {Value} from '../values.js'
import {ofFindings} from './finding-names.js'
import {type FilterName, name, none, optional} from './name.js'
import {wiresharkNames} from './wireshark-names.js'

const senderNames = Object.keys({client: true, relay: true} satisfies Record<Sender, true>)
const states = Object.keys(recordStates)
const kinds = Object.keys(recordKinds)

const closes = Object.keys({fin: true, rst: true, capture_end: true} satisfies Record<Close, true>)
const proxies = Object.keys({socks4: true, socks5: true, http: true} satisfies Record<Prelude['proxy'], true>)
const keyValue = (pk: string | undefined): readonly Value[] => (pk === undefined ? none : [fromHex(pk)])

const typeNames = types.map(type => type.name)
const idOf = (window: Window | null | undefined): readonly Value[] =>
  window && window.type.id !== null && window.start < window.end ? [window.bytes[window.start]!] : none

/** Bytes outside of whole fields: after the last field, or of a field that is cut short. */
function restOf(record: SessionRecord): readonly Value[] {
  return levels(record).flatMap(window => {
    const cut = spans(window).find(span => !span.complete)
    const range = cut ? cut.range : restRange(window)
    return range && range[0] < range[1] ? [window.bytes.subarray(window.start + range[0], window.start + range[1])] : []
  })
}

/** Public keys in bytes[at,end), the value of a field. */
function keysIn(spec: FieldSpec, bytes: Uint8Array, at: number, end: number): Uint8Array[] {
  if (spec.kind === 'bytes') return spec.role === 'key' ? [bytes.subarray(at, end)] : []
  if (spec.kind === 'node') return [bytes.subarray(end - limits.publicKey, end)]
  return partsOf(spec, bytes, at, end).flatMap(({placed, range}) => keysIn(placed.spec, bytes, ...range))
}

/** Public keys at every level of a record, and the key of the peer that it is about. */
const keysOf = (record: SessionRecord): readonly Value[] => [
  ...levels(record).flatMap(window =>
    spans(window)
      .filter(({complete}) => complete)
      .flatMap(({spec, range}) => keysIn(spec, window.bytes, window.start + range[0], window.start + range[1])),
  ),
  ...keyValue(record.inferred?.peer),
]

const anyKey = {size: limits.publicKey, isStart: true, hasConnection: true}

/** Where the packet of a record arrives. */
function arrivalOf({inferred}: SessionRecord): OtherHalf | undefined {
  const at = inferred?.arrival?.at
  return at === 'never' ? undefined : at
}

/** The same packet on the connection of the other client. */
const otherHalf = (record: SessionRecord): OtherHalf | undefined => record.inferred?.sentAs ?? arrivalOf(record)

/** Names that every record can have. */
const ofRecord = (): readonly FilterName[] => [
  name('number', 'number', 'Number of the record, from 1.', r => optional(r.number)),
  name('time', 'time', 'When it was captured.', r => optional(r.time)),
  name('connection', 'number', 'TCP connection, from 0.', r => optional(r.connection)),
  name('client', 'address', "The client's address and port.", r => optional(r.ends?.client)),
  name('relay', 'address', "The relay's address and port.", r => optional(r.ends?.relay)),
  name('from', 'text', 'Who sent it.', r => optional(r.from), {words: senderNames}),
  name('kind', 'text', 'What happened.', r => [r.kind], {words: kinds}),
  name('index', 'number', 'Nonce offset of a frame in its direction, from 0.', r => optional(r.index)),
  name('length', 'number', 'Bytes on the wire, with the length prefix of 2.', r => optional(r.length)),
  name('packets', 'number', 'Capture packets that carried it.', r => r.packets),
  name('state', 'text', 'Whether it is sealed or open.', r => optional(r.state), {words: states}),
  name('type', 'text', 'Packet type of the outermost level.', r => optional(r.window?.type.name), {words: typeNames}),
  name('id', 'number', 'First byte of the outermost level.', r => idOf(r.window)),
  name(
    'inner.type',
    'text',
    'Packet type of what the packet carries.',
    r => optional(innerLevel(r)?.window.type.name),
    {
      words: typeNames,
    },
  ),
  name('inner.id', 'number', 'First byte of what the packet carries.', r => idOf(innerLevel(r)?.window)),
  name(
    'inner.state',
    'text',
    'Whether what the packet carries is sealed.',
    r => {
      const inner = innerLevel(r)
      return inner ? [stateOf(inner, hasFailedBox(r))] : none
    },
    {words: states},
  ),
  name(
    'key',
    'bytes',
    'Any public key in the packet, of the peer that it is about, or, in filters, in the handshakes of its ' +
      'connection; its first bytes are enough.',
    keysOf,
    anyKey,
  ),
  name('pk', 'bytes', 'The same as key.', keysOf, anyKey),
  name('rest', 'bytes', 'Bytes after the last field, or of one that is cut short, at any level.', restOf),
  name('plaintext', 'bytes', 'The plaintext of the packet.', r =>
    r.window ? [r.window.bytes.subarray(r.window.start, r.window.end)] : none,
  ),
  name('wire', 'bytes', 'The bytes on the wire.', r => optional(r.wire)),
  name('end.how', 'text', 'How a connection ended.', r => (r.kind === 'end' ? optional(r.close) : none), {
    words: closes,
  }),
  name(
    'end.causes.code',
    'text',
    'Rules that may be why it ended, the likeliest first.',
    r => (r.causes.length > 0 ? r.causes.map(({finding}) => finding.code) : none),
    {
      words: [...ruleTable.keys()],
    },
  ),
  name(
    'prelude.proxy',
    'text',
    'Protocol of the proxy that a connection begins with.',
    r => optional(r.prelude?.proxy),
    {words: proxies},
  ),
  name('prelude.destination', 'text', 'Host and port that the proxy was asked to connect to.', r =>
    optional(r.prelude?.destination),
  ),
  name('prelude.client_bytes', 'number', 'Bytes that the client sent to the proxy.', r =>
    optional(r.prelude?.bytes[0]),
  ),
  name('prelude.relay_bytes', 'number', 'Bytes that the proxy answered.', r => optional(r.prelude?.bytes[1])),
  name(
    'inferred.peer',
    'bytes',
    'Key of the peer that the connection id of the packet belongs to, worked out from the routes.',
    r => keyValue(r.inferred?.peer),
    {
      size: 32,
    },
  ),
  name('inferred.round_trip_micros', 'number', 'Microseconds from the ping to this answer.', r =>
    optional(r.inferred?.roundTrip?.micros),
  ),
  name(
    'file_data.offset',
    'number',
    "Offset of the packet's data in the file, worked out from the packets before.",
    r => optional(r.inferred?.session?.file?.offset),
  ),
  name('inferred.transfer', 'number', 'Number of the file transfer that a packet is about, from 1.', r =>
    optional(r.inferred?.session?.file?.transfer),
  ),
  name('inferred.file_name', 'text', 'Name of the file that a packet is about.', r =>
    optional(r.inferred?.session?.file?.name),
  ),
  name(
    'inferred.fragments',
    'number',
    'Records of the fragments that a packet of a group was put together from, at the last of them.',
    r => r.inferred?.assembled?.fragments ?? none,
  ),
  name('inferred.answers', 'number', 'Record of the request that this answers.', r =>
    optional(r.inferred?.answers?.number),
  ),
  name('inferred.answer_micros', 'number', 'Microseconds from the request to this answer.', r =>
    optional(r.inferred?.answers?.micros),
  ),
  name(
    'inferred.answer_chat_id',
    'bytes',
    'Chat id of the group that the answered request announces a member of.',
    r => keyValue(r.inferred?.answers?.chatId),
    {size: 32},
  ),
  name('inferred.cookie.age_seconds', 'number', 'Seconds since the cookie was made, where its key was given.', r =>
    optional(r.inferred?.cookie?.ageSeconds),
  ),
  name('inferred.session', 'number', 'Number of the net_crypto session that a packet belongs to, from 0.', r =>
    optional(r.inferred?.session?.log.number),
  ),
  name(
    'inferred.delivery',
    'text',
    'Whether a packet of a net_crypto session is seen for the first time, was sent again, or is seen at its arrival.',
    r => optional(r.inferred?.session?.delivery.state),
    {words: deliveryStates},
  ),
  name('inferred.first_number', 'number', 'Record that carried a packet of a net_crypto session first.', r =>
    optional(r.inferred?.session?.delivery.first),
  ),
  name(
    'inferred.transit_micros',
    'number',
    'Microseconds from a packet on its way to the relay to the same one on its way to the other client.',
    r => optional(otherHalf(r)?.micros ?? r.inferred?.session?.delivery.sent?.micros),
  ),
  name('inferred.sent_as', 'number', 'Record of the same packet on its way to the relay.', r =>
    optional(r.inferred?.sentAs?.number),
  ),
  name('inferred.sent_on', 'number', 'Connection on which the packet was sent to the relay.', r =>
    optional(r.inferred?.sentAs?.connection ?? r.inferred?.session?.delivery.sent?.connection),
  ),
  name('inferred.arrives_as', 'number', 'Record of the same packet on its way to the other client.', r =>
    optional(arrivalOf(r)?.number),
  ),
  name('inferred.arrives_on', 'number', 'Connection on which the packet arrives.', r =>
    optional(arrivalOf(r)?.connection),
  ),
  name(
    'inferred.arrival',
    'text',
    "Whether a packet for a client at the same relay was seen again on that client's connection.",
    r => optional(arrivalStateOf(r)),
    {words: arrivalStates},
  ),
  name('inferred.missing', 'number', 'Packet numbers that the sender of a request lacks.', r =>
    r.inferred?.session && r.inferred.session.missing.length > 0 ? r.inferred.session.missing : none,
  ),
  name(
    'inferred.acknowledged_micros',
    'number',
    'Microseconds since the other peer sent the newest packet that this one confirms.',
    r => optional(r.inferred?.session?.roundTripMicros),
  ),
  name('inferred.unacknowledged', 'number', 'Packets of its sender that the other peer has not confirmed.', r =>
    optional(r.inferred?.session?.unacknowledged),
  ),
  name('inferred.ping_index', 'number', 'Index of the ping that this answers, in the other direction.', r =>
    optional(r.inferred?.roundTrip?.index),
  ),
]

let all: readonly FilterName[] | undefined

/** Names that do not depend on the packet types. They are made when they are first asked for. */
export const recordNames = (): readonly FilterName[] => {
  all ??= [...ofRecord(), ...ofFindings(), ...wiresharkNames()]
  return all
}
