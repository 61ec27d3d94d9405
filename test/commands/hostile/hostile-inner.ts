import {writeFileSync} from 'node:fs'
import fc from 'fast-check'
import {keyLogLine} from '../../../src/crypto/keylog.js'
import {offsetNonce} from '../../../src/crypto/nonce.js'
import {connect, data, filled, onionAnswer, ping, pong, route, routed} from '../../../src/probe/cases/packets.js'
import {type TypeName, typeNamed, types} from '../../../src/protocol/table.js'
import type {FieldSpec, Fields} from '../../../src/wire/field.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {textOf} from '../../../src/wire/text/utf8.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'
import {DialogueCapture} from '../../playbooks/dialogue-capture.js'
import {keysOf} from '../../playbooks/keys.js'
import {valuesOf} from '../../properties/samples.js'
import {sessionLine} from '../../session/inner/one-session.js'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

/** What a peer may write, up to 32 bytes each: a password has no more. */
export const hostileTexts: Readonly<Record<string, Uint8Array>> = {
  'sequences of a terminal': bytes('\u001b[2J\u001b[31mred\u001b]0;title\u0007'),
  'controls of eight bits': bytes('a\u009b31m\u0085b\u0080\u009d0;t\u009c'),
  'line ends': bytes('a\r\nvil forged\nvil\u2028vil\u2029\t\v\f'),
  'another direction of writing': bytes('gpj.\u202eexe\u2066b\u2069\u200f\u061c'),
  'characters that are not seen': bytes('a\u200b\u00ad\ufeff\u2060\u{e0041}\u{e007f}'),
  'letters of four bytes': bytes('\u{1f427}\u{20000}\u{1f468}\u200d\u{1f469}'),
  'zero bytes': bytes('a\0b\0\0c.txt\0'),
  'bytes that are not UTF-8': Uint8Array.of(
    0x61,
    0xff,
    0xfe,
    0xc0,
    0x80,
    0xed,
    0xa0,
    0x80,
    0xf4,
    0x90,
    0x80,
    0x80,
    0xe2,
    0x82,
  ),
  'halves of escapes': bytes('\\x1b\\u001b"\\\\\'\\x5cx1b'),
  'a formula of a spreadsheet': bytes('=cmd|"/c calc"!A1,"\r\n@b'),
  'marks over marks': bytes(`a${'\u0301'.repeat(15)}`),
}

/** A packet with such a text in each of its text fields. */
export interface HostilePacket {
  readonly type: PacketType
  readonly what: string
  readonly bytes: Uint8Array
  /** Texts by the names of their fields as filters have them, as JSON shows them. */
  readonly texts: Readonly<Record<string, string>>
}

/** Values with a text in each text field; those that count it follow. @param texts takes what stands where. */
function withText(fields: Fields, drawn: PartialValues, text: Uint8Array, path: string, texts: Record<string, string>) {
  const values = {...drawn}
  for (const [name, spec] of Object.entries(fields)) {
    const at = `${path}.${name}`
    if (spec.kind === 'struct') values[name] = withText(spec.fields, values[name] as PartialValues, text, at, texts)
    if (spec.kind === 'list' && hasText(spec.of) && spec.of.kind === 'struct') {
      values[name] = [withText(spec.of.fields, sampleOf(spec.of.fields), text, at, texts)]
      if (spec.countedBy !== undefined) values[spec.countedBy] = 1
    }
    if (spec.kind !== 'text') continue
    const own = spec.filledTo === undefined ? text : text.subarray(0, text.findLastIndex(byte => byte !== 0) + 1)
    values[name] = texts[at] = textOf(own, 0, own.length)
    if (spec.sizedBy !== undefined) values[spec.sizedBy] = own.length
    if (`${name}_length` in fields) values[`${name}_length`] = own.length
  }
  return values
}

const sampleOf = (fields: Fields): PartialValues =>
  fc.sample(valuesOf({...typeNamed('message'), fields} as PacketType), {seed: 1, numRuns: 1})[0]!

const hasText = (spec: FieldSpec): boolean =>
  spec.kind === 'text' ||
  (spec.kind === 'list' && hasText(spec.of)) ||
  (spec.kind === 'struct' && Object.values(spec.fields).some(hasText))

/** Every type with a field of text, with every hostile text. */
export const hostilePackets: readonly HostilePacket[] = types
  .filter(({fields, layer}) => layer !== 'plaintext' && Object.values(fields).some(hasText))
  .flatMap(type => {
    const [drawn] = fc.sample(valuesOf(type), {seed: 1, numRuns: 1})
    return Object.entries(hostileTexts).map(([what, text]): HostilePacket => {
      const texts: Record<string, string> = {}
      const values = withText(type.fields, drawn!, text, type.name, texts)
      return {type, what, bytes: encodePartial(type, values), texts}
    })
  })

const typed = (name: TypeName): PacketType => typeNamed(name)!
const around = (name: TypeName, values: PartialValues): Uint8Array => encodePartial(typed(name), values)

const [own, other] = [keysOf(1), keysOf(2)]
const {box} = own
const pairOf = (who: number) => box.keyPair(filled(32, 40, who))
const [real, peerReal, dataPair, temporary, member] = [pairOf(1), pairOf(2), pairOf(3), pairOf(4), pairOf(5)]
const groupKey = filled(32, 41)
let sent = 0

/** What the peer sends: a packet of the messenger in a net_crypto session. */
function inSession(packet: Uint8Array): Uint8Array {
  const place = sent++
  const nonce = offsetNonce(sessionLine.baseNonceB!, place, new Uint8Array(24))
  const plain = encodePartial(typed('crypto_data').plain!, {
    ...{buffer_start: 0, packet_number: place, padding: 0},
    data: packet,
  })
  const payload = box.seal(plain, nonce, sessionLine.sharedKey)
  return data(16, around('crypto_data', {nonce_last_bytes: (nonce[22]! << 8) | nonce[23]!, payload}))
}

/** A lossless packet to a group. */
function inGroup(packet: Uint8Array): Uint8Array {
  const nonce = filled(24, 42, sent++)
  const payload = box.seal(encodePartial(typed('gc_lossless').plain!, {padding: 0, data: packet}), nonce, groupKey)
  return data(16, around('gc_lossless', {sender_enc_pk: member.publicKey, nonce, payload}))
}

/** What arrives through the onion. */
function inOnion(content: Uint8Array): Uint8Array {
  const nonce = filled(24, 43, sent++)
  const inner = box.seal(content, nonce, box.sharedKey(real.publicKey, peerReal.secretKey))
  const plain = encodePartial(typed('onion_data_response').plain!, {sender_pk: peerReal.publicKey, data: inner})
  const payload = box.seal(plain, nonce, box.sharedKey(dataPair.publicKey, temporary.secretKey))
  return onionAnswer(around('onion_data_response', {nonce, temporary_pk: temporary.publicKey, payload}))
}

/** A packet as it is on the connection to the relay, by its layer. */
function onConnection({layer}: PacketType, packet: Uint8Array): Uint8Array {
  switch (layer) {
    case 'crypto_data':
      return inSession(packet)
    case 'conference_direct':
      return inSession(around('conference_direct', {conference_id: 1, payload: packet}))
    case 'conference_message':
      return inSession(around('conference_message', {conference_id: 1, peer_id: 2, message_id: sent, payload: packet}))
    case 'group_invite':
      return inSession(around('group_invitation', {group_packet: 0xfe, payload: packet}))
    case 'group_lossless':
      return inGroup(packet)
    case 'group_broadcast':
      return inGroup(around('group_broadcast', {message_id: BigInt(sent), payload: packet}))
    case 'onion_content':
      return inOnion(packet)
    default:
      throw new Error(`no way to carry a packet of layer ${layer}`)
  }
}

/** Writes a capture of all of them. @returns the arguments that name it and its keys. */
export function writeHostile(keylog: string): string[] {
  const capture = new DialogueCapture()
  const pk = other.client.publicKey
  capture.client(ping(1)).relay(pong(1)).client(route(pk)).relay(routed(16, pk), connect(16))
  for (const {type, bytes: packet} of hostilePackets) capture.relay(onConnection(type, packet))
  capture.close('client').close('relay')
  const lines = [
    ...[real, dataPair].map(pair => keyLogLine({kind: 'secret_key', ...pair})),
    keyLogLine(sessionLine),
    keyLogLine({kind: 'pair_key', publicKeyA: null, publicKeyB: null, sharedKey: groupKey}),
  ]
  writeFileSync(keylog, `${lines.join('\n')}\n`)
  return [...capture.written(), '--keylog', keylog]
}
