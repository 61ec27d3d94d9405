import {expect, test} from 'vitest'
import {packetWindow, type TypeName, typeNamed} from '../../../src/protocol/table.js'
import {SpokenPackets} from '../../../src/session/conversation/spoken.js'
import {blankRecord, type SessionRecord} from '../../../src/session/record.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {noShift, Window} from '../../../src/wire/window.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const [alice, bob] = [1, 2]
let nonces = 0

/** A record of a packet whose box was opened. @param plain what was in it. */
function opened(name: TypeName, values: PartialValues, plain: PartialValues): SessionRecord {
  const type: PacketType = typeNamed(name)
  const content = encodePartial(type.plain!, plain)
  const nonce = new Uint8Array(24).fill(nonces++)
  const data = encodePartial(type, {...values, nonce, payload: new Uint8Array(content.length + 16)})
  const packet = encodePartial(typeNamed('data') as PacketType, {connection_id: 16, data})
  return {
    ...{...blankRecord, kind: 'frame', connection: 0, from: 'client', state: 'open'},
    window: packetWindow(packet, 0, packet.length, noShift)!,
    inferred: {peer: toHex(bytes(bob))},
    opened: [new Window(type.plain!, content, 0, content.length, noShift)],
  }
}

/** A handshake between two members of a group. @param session the session key of its sender. */
const handshake = (from: number, to: number, session: number): SessionRecord =>
  opened(
    'gc_handshake',
    {sender_enc_pk: bytes(from), target_enc_pk: bytes(to)},
    {handshake_type: 0, session_pk: bytes(session), sig_pk: bytes(9), request_type: 0, join_type: 0, relays: []},
  )

/** A lossless packet of Alice. */
const lossless = (id: number): SessionRecord =>
  opened('gc_lossless', {sender_enc_pk: bytes(alice)}, {padding: 0, data: Uint8Array.of(0xf4, ...idBytes(id))})
const idBytes = (id: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, id)

/** Whether each packet is said for the first time, after the handshakes of both. */
const areNew = (records: readonly SessionRecord[]): boolean[] => {
  const spoken = new SpokenPackets()
  return records.flatMap(record => {
    const said = spoken.take(record)
    return record.opened[0]!.type.name.startsWith('gc_handshake') ? [] : [said !== undefined]
  })
}

test('a packet of a group that is sent again is said once', () => {
  const records = [handshake(alice, bob, 3), handshake(bob, alice, 4), lossless(3), lossless(4), lossless(3)]
  expect(areNew(records)).toEqual([true, true, false])
})

test('a packet of a group goes to the member whose connection id it has, also where the client is not known', () => {
  expect(new SpokenPackets().take(lossless(3))).toMatchObject({
    sender: toHex(bytes(alice)),
    receiver: toHex(bytes(bob)),
  })
})

test('a member that comes back begins the numbers of both anew, also where the other one keeps its session key', () => {
  const before = [handshake(alice, bob, 3), handshake(bob, alice, 4), lossless(3), lossless(4)]
  const after = [handshake(bob, alice, 5), handshake(alice, bob, 3), lossless(3), lossless(4), lossless(4)]
  expect(areNew([...before, ...after])).toEqual([true, true, true, true, false])
})
