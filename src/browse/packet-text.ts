import {packetWindow} from '../protocol/table.js'
import {blankRecord, type SessionRecord} from '../session/record.js'
import {summaryOf} from '../tree/headline.js'
import {recordToJson} from '../view/forms/json.js'
import {recordFromJson} from '../view/from-json/record.js'
import {parseHex} from '../wire/hex/hex.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {InputError} from '../wire/input-error.js'
import {noShift} from '../wire/window.js'
import type {ConnectionPacket} from './interception.js'

/** Members of a record's JSON that make its bytes. */
const packetMembers = ['type', 'fields', 'inner', 'rest'] as const

/** A packet as a record without a frame. */
export const packetRecord = ({connection, from, plain}: ConnectionPacket): SessionRecord => ({
  ...blankRecord,
  kind: 'packet',
  connection,
  from,
  state: 'plain',
  window: packetWindow(plain, 0, plain.length, noShift) ?? null,
})

/** Type, sender and summary of a packet in a line. */
export function packetLine(packet: ConnectionPacket): string {
  const record = packetRecord(packet)
  const {connection, from, plain} = packet
  const type = record.window?.type.title ?? 'empty packet'
  return `${type} from the ${from} of connection ${connection ?? '?'}, ${plain.length} bytes: ${summaryOf(record)}`
}

/** Forms in which a packet can be edited in a line. */
export const packetForms = {
  hex: {
    text: ({plain}: ConnectionPacket): string => toHex(plain),
    /** @throws InputError */
    read: (text: string): Uint8Array => (text.trim() === '' ? new Uint8Array() : parseHex(text).bytes),
  },
  JSON: {
    text(packet: ConnectionPacket): string {
      // `recordToJson` writes an object with these members.
      const whole = JSON.parse(recordToJson(packetRecord(packet), {bytes: false})) as Record<string, unknown>
      if (packet.plain.length === 0) return JSON.stringify({plaintext: ''})
      const members = packetMembers.filter(name => whole[name] !== undefined && whole[name] !== null)
      return JSON.stringify(Object.fromEntries(members.map(name => [name, whole[name]])))
    },
    /** @throws InputError */
    read(text: string): Uint8Array {
      const record = recordFromJson(text, 'the JSON')
      if (record.form === 'packet' || record.form === 'whole') return record.bytes
      throw new InputError('the JSON is not that of a packet', 'it needs type and fields', 'bad-record')
    },
  },
} as const

export type PacketForm = keyof typeof packetForms
