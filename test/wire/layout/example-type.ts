import type {Fields} from '../../../src/wire/field.js'
import {fromHex} from '../../../src/wire/hex/hex-bytes.js'
import {type PacketType, packet} from '../../../src/wire/packet.js'
import {noShift, Window} from '../../../src/wire/window.js'

/** A packet type with these fields, and no id. */
export const typeWith = (fields: Fields): PacketType =>
  packet({
    name: 'example',
    id: null,
    title: 'Example',
    layer: 'address',
    sentBy: [],
    about: '',
    source: '',
    fields,
    summary: () => 'read',
  })
/** A packet with these fields. */
export const windowOf = (fields: Fields, hex: string): Window => {
  const bytes = fromHex(hex)
  return new Window(typeWith(fields), bytes, 0, bytes.length, noShift)
}
