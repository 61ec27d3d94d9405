/**
 * Tox as data: every packet type, payload and handshake with its layout, and the limits. Nothing of Node.js.
 *
 * @module protocol
 */

export {limits} from './protocol/limits.js'
export {
  type AnyTypeName,
  innerWindow,
  isPacket,
  openedWindow,
  type PacketFields,
  packetFields,
  packetWindow,
  type TypeName,
  typeNamed,
  typeOf,
  types,
} from './protocol/table.js'
