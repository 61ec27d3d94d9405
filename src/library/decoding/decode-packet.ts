import {Keyring} from '../../crypto/keyring/keyring.js'
import {type PacketFields, type TypeName, typeMeant, typeNamed} from '../../protocol/table.js'
import {ofOwnBytes, type SessionRecord} from '../../session/record.js'
import {recordFromJson} from '../../view/from-json/record.js'
import {copyOf} from '../../wire/bytes.js'
import {InputError} from '../../wire/input-error.js'
import type {PacketType} from '../../wire/packet.js'
import type {Sender} from '../../wire/side.js'
import type {OptionNames} from '../../wire/text/option-names.js'
import {encodePartial} from '../../wire/write.js'
import {checkOptions} from '../check-options.js'
import {plainBytes} from '../record-bytes.js'
import {ToxRecord} from '../tox-record.js'
import {checkWord, connectionsOf, interpreted} from './decode-items.js'
import {ItemDecoder} from './item-decoder.js'

export interface DecodePacketOptions {
  /**
   * What the bytes are: `packet`, the plaintext of a frame, is the default; `payload`, `frames`, `ip_port`, `node`, or
   * the name of a packet type. `guess`: what they most look like.
   */
  readonly as?: string | undefined
  /** Who sent them, where that is known: some packets are legal from one side only. */
  readonly from?: Sender | undefined
}

const optionNames: OptionNames<DecodePacketOptions> = {as: true, from: true}

/**
 * Decode one packet. Bad bytes are not an error: the record has findings instead.
 *
 * @throws InputError for a word of `as` that means nothing, or nothing here.
 *
 * @example
 * ```ts
 * import {decodePacket} from 'toxtcp'
 *
 * const record = decodePacket(Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 1), {from: 'client'})
 * console.log(record.type, record.packet('ping_request')?.ping_id)
 * for (const finding of record.findings) console.log(finding.code, finding.data)
 * ```
 */
export function decodePacket(bytes: Uint8Array, options: DecodePacketOptions = {}): ToxRecord {
  checkOptions(options, optionNames)
  const {as = 'packet', from} = options
  return decodeBytes(bytes, {as, from})[0]!
}

/**
 * Decode bytes that may be several frames: one record for each. Frames stay sealed.
 *
 * @throws InputError for a word of `as` that means nothing, or nothing here.
 *
 * @example
 * ```ts
 * import {decodeBytes, parseHex} from 'toxtcp'
 *
 * for (const record of decodeBytes(parseHex('0012 000102030405060708090a0b0c0d0e0f1011').bytes))
 *   console.log(record.kind, record.length)
 * ```
 */
export function decodeBytes(bytes: Uint8Array, options: DecodePacketOptions = {}): ToxRecord[] {
  checkOptions(options, optionNames)
  const {as = 'guess', from} = options
  if (as !== 'guess') checkWord(as)
  const item = interpreted(copyOf(bytes), as === 'guess' ? undefined : as)
  const records: ToxRecord[] = []
  const emit = (record: SessionRecord): boolean => {
    records.push(new ToxRecord(ofOwnBytes({...record, number: records.length + 1})))
    return true
  }
  const has = connectionsOf([item]).get(0)!
  const decoder = new ItemDecoder({keyring: new Keyring(), key: undefined, has, emit}, from ?? null)
  decoder.item(item)
  decoder.end()
  return records
}

/**
 * Bytes of a packet from its fields, the exact inverse of decoding. Lengths and ranges are not checked: broken packets
 * can be built, too.
 *
 * @throws InputError for a name that is not of a packet type.
 * @throws RangeError where a value does not fit its field.
 *
 * @example
 * ```ts
 * import {encodePacket, toHex} from 'toxtcp'
 *
 * console.log(toHex(encodePacket('ping_request', {ping_id: new Uint8Array(8).fill(1)})))
 * ```
 */
export function encodePacket<N extends TypeName>(name: N, fields: PacketFields<N>): Uint8Array {
  const type: PacketType | undefined = typeNamed(name)
  if (type === undefined)
    throw new InputError(
      `there is no packet type "${name}"`,
      typeMeant(name) ?? '`toxtcp explain packets` lists them',
      'unknown-name',
    )
  return encodePartial(type, fields)
}

/**
 * Bytes of a record as `--json` prints it: the plaintext of a frame, a handshake, a payload.
 *
 * @returns undefined for a record without any, as the start of a connection.
 * @throws InputError where the record has a mistake, or lacks what its bytes are made of.
 *
 * @example
 * ```ts
 * import {encodeRecord, toHex} from 'toxtcp'
 *
 * console.log(toHex(encodeRecord('{"type":"ping_request","fields":{"ping_id":"0000000000000001"}}')!))
 * ```
 */
export const encodeRecord = (json: string): Uint8Array | undefined =>
  plainBytes(recordFromJson(json, 'the record'), 'the record')
