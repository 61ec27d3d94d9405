import {describe, expect, expectTypeOf, it} from 'vitest'
import {oob, packetOf, ping} from '../../src/probe/cases/packets.js'
import {connectionIdOf, isConnectionId, slotOf} from '../../src/protocol/connection-id.js'
import {reservedIds} from '../../src/protocol/packets/reserved.js'
import {
  innerWindow,
  isPacket,
  openedWindow,
  packetFields,
  packetWindow,
  type TypeName,
  typeNamed,
  typeOf,
  types,
  typesById,
} from '../../src/protocol/table.js'
import {data, key} from '../../src/wire/field.js'
import {type PacketType, packet} from '../../src/wire/packet.js'
import type {Sender} from '../../src/wire/side.js'
import {fieldOf, noShift, Window} from '../../src/wire/window.js'
import {peerKey} from '../playbooks/keys.js'

const windowOn = (bytes: Uint8Array): Window => packetWindow(bytes, 0, bytes.length, noShift)!
const example = (name: string, id: number | readonly [number, number]): PacketType =>
  packet({
    name,
    id,
    title: 'Example',
    layer: 'packet',
    sentBy: [] as Sender[],
    about: 'An example.',
    fields: {data: data('Data', 'Bytes.', {min: 0, max: 10})},
    summary: () => '',
    source: '-',
  })

describe('packet types', () => {
  it('keep the types of their fields when they are looked up by a name that is written out', () => {
    expectTypeOf(typeNamed('oob_send').name).toEqualTypeOf<'oob_send'>()
    expectTypeOf(typeNamed('oob_send').fields).toHaveProperty('destination_pk')
    expectTypeOf(typeNamed('pong' as string)).toEqualTypeOf<PacketType | undefined>()
    expectTypeOf<TypeName>().not.toEqualTypeOf<string>()
    expect(typeNamed('oob_send').title).toBe('OobSend')
    expect(typeNamed('pong' as string)).toBeUndefined()
  })

  it('must not share an id with another type of their layer', () => {
    expect(() => typesById([...types, example('example', reservedIds.last)])).toThrow(
      `packet types reserved and example of layer packet share id 0x${reservedIds.last.toString(16).padStart(2, '0')}`,
    )
    expect(() => typesById([example('first', [1, 5]), example('second', [5, 9])])).toThrow(
      'packet types first and second of layer packet share id 0x05',
    )
  })

  it('describe what is in their box apart from the packet around it', () => {
    for (const {about, plain, title} of types) if (plain) expect([title, plain.about]).not.toEqual([title, about])
    expect(typeNamed('client_handshake_plaintext')?.about).toBe(
      'What is in the box of a ClientHandshake, without its MAC.',
    )
  })

  it('of different layers may have the same id', () => {
    const inner = {...example('inner', reservedIds.last), layer: 'payload' as const}
    expect(typesById([...types, inner]).get('payload')![reservedIds.last]).toBe(inner)
  })
})

describe('the fields of a packet', () => {
  it('have types by the name of its packet type', () => {
    const fields = packetFields(windowOn(Uint8Array.from(oob(peerKey(1), Uint8Array.of(0x18, 2)))), 'oob_send')!
    expectTypeOf(fields).toEqualTypeOf<{readonly destination_pk: Uint8Array; readonly data: Uint8Array}>()
    expect(fields).toEqual({destination_pk: peerKey(1), data: Uint8Array.of(0x18, 2)})
  })

  it('have types one by one as well, once the packet type is known', () => {
    const window = windowOn(oob(peerKey(1), Uint8Array.of(0x18)))
    expectTypeOf(fieldOf(window, 'destination_pk')).toEqualTypeOf<unknown>()
    expect(isPacket(window, 'oob_send')).toBe(true)
    if (isPacket(window, 'oob_send'))
      expectTypeOf(fieldOf(window, 'destination_pk')).toEqualTypeOf<Uint8Array | undefined>()
  })

  it('are not given for a packet of another type, for no packet, or for a packet that was cut short', () => {
    expect(packetFields(windowOn(ping(1)), 'oob_send')).toBeUndefined()
    expect(packetFields(null, 'oob_send')).toBeUndefined()
    expect(packetFields(windowOn(ping(1).subarray(0, 8)), 'ping_request')).toBeUndefined()
  })

  it('are given for a packet that is too long or has values out of range', () => {
    expect(packetFields(windowOn(Uint8Array.of(2, 3, 0)), 'connect_notification')).toEqual({connection_id: 3})
    const long = packetOf(0, 34)
    expect(packetFields(windowOn(long), 'route_request')).toEqual({pk: long.subarray(1, 33)})
  })
})

describe('the packet in bytes', () => {
  // Bytes before and after it belong to others.
  const within = Uint8Array.of(0x10, 0x20, 0x18, 0x10, 0x18)

  it('is between two offsets, and nothing where these are the same', () => {
    expect(packetWindow(within, 1, 3, 18)).toMatchObject({start: 1, end: 3, shift: 18, type: {name: 'data'}})
    expect(packetWindow(within, 1, 1, 18)).toBeUndefined()
  })

  it('carries another up to its own end', () => {
    expect(innerWindow(packetWindow(within, 1, 3, 18)!)).toMatchObject({start: 2, end: 3, shift: 19})
    expect(innerWindow(packetWindow(within, 0, 2, 18)!), 'of an unknown kind').toBeUndefined()
    expect(innerWindow(packetWindow(within, 3, 4, 18)!), 'without payload').toBeUndefined()
    expect(innerWindow(windowOn(ping(1))), 'of a type that carries nothing').toBeUndefined()
  })

  it('carries it after a field of varying size, too', () => {
    const toIpv4 = Uint8Array.of(0x0a, 2, 10, 0, 0, 1, 0x82, 0x35, 0x93)
    const toIpv6 = Uint8Array.of(0x0a, 10, ...new Uint8Array(18), 0x93)
    expect(innerWindow(windowOn(toIpv4))).toMatchObject({start: 8, end: 9, type: {name: 'data_search_request'}})
    expect(innerWindow(windowOn(toIpv6))).toMatchObject({start: 20, end: 21, type: {name: 'data_search_request'}})
    expect(innerWindow(windowOn(toIpv4.subarray(0, 8)))).toBeUndefined()
  })

  it('carries it up to the fields that are after it', () => {
    const type: PacketType = typeNamed('store_announce_request').plain!
    const bytes = new Uint8Array(type.minLength)
    const inner = innerWindow(new Window(type, bytes, 0, bytes.length, noShift))
    // A key and a nonce are before it, and a ping id after it.
    expect(inner).toMatchObject({start: 32 + 24, end: bytes.length - 8, type: {name: 'announcement'}})
  })

  it('has no plaintext where no box is declared', () => {
    expect(openedWindow(windowOn(ping(1)), new Uint8Array(8))).toBeUndefined()
  })
})

it('a connection id is a byte from 16 on', () => {
  expect([0, 15, 16, 255, 256].filter(isConnectionId)).toEqual([16, 255])
  expect([slotOf(16), slotOf(255), connectionIdOf(0), connectionIdOf(239)]).toEqual([0, 239, 16, 255])
})

it('a type has an id in its layer, or none', () => {
  expect(typeOf('packet', 0x0f)).toBe(typeNamed('reserved'))
  expect(typeOf('packet', 0x10)).toBe(typeNamed('data'))
  expect(typeOf('payload', 0x1b)).toBe(typeNamed('crypto_data'))
  expect(typeOf('payload', 0x17)).toBeUndefined()
  expect(typeOf('handshake', 0)).toBeUndefined()
})

it('a declaration keeps the types of its fields', () => {
  const type = packet({
    name: 'example',
    id: 1,
    title: 'Example',
    layer: 'packet',
    sentBy: [],
    about: 'An example.',
    fields: {pk: key('Key', 'A key.')},
    summary: values => {
      expectTypeOf(values.pk).toEqualTypeOf<Uint8Array>()
      return ''
    },
    source: '-',
  })
  expectTypeOf(type.name).toEqualTypeOf<'example'>()
})
