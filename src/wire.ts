/**
 * Bytes: kinds of fields, the declaration of a packet, windows on bytes, hex. Nothing of Tox and nothing of Node.js.
 *
 * @module wire
 */

export type {Advice, HintLine, Remedy} from './wire/advice.js'
export type {Chunk, Close, Conflict, End, Endpoint, Origin, Time} from './wire/chunk.js'
export type {
  BoxField,
  BoxKeys,
  BytesField,
  BytesRole,
  Field,
  FieldSpec,
  Fields,
  IdField,
  IpPortField,
  KeyText,
  Layer,
  ListField,
  NodeField,
  RestField,
  StructField,
  TextField,
  UintField,
  ValueOf,
  Values,
  ZerosField,
} from './wire/field.js'
export {
  box,
  data,
  idByte,
  ipPort,
  key,
  list,
  node,
  nonce,
  opaque,
  opaqueId,
  payload,
  struct,
  text,
  uint,
  uint64,
  when,
  zeros,
} from './wire/field.js'
export {type HexForm, type OtherReading, type ParsedHex, parseHex} from './wire/hex/hex.js'
export {toHex} from './wire/hex/hex-bytes.js'
export {checkedHex as fromHex} from './wire/hex/is-hex.js'
export {type ErrorCode, errorCodes, InputError} from './wire/input-error.js'
export {type Fault, faults} from './wire/layout-faults.js'
export {type NumberPlace, type PacketSpec, type PacketType, type Placed, packet} from './wire/packet.js'
export type {Sender, Side} from './wire/side.js'
export type {IpPort, PackedNode} from './wire/text/address.js'
export {fieldOf, fieldsOf, noShift, type Range, type Span, spans, Window} from './wire/window.js'
export {encode, encodePartial, type PartialValues} from './wire/write.js'
