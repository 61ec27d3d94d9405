import {describe, expect, expectTypeOf, it} from 'vitest'
import {
  type Capture,
  decodePacket,
  type Endpoint,
  type ErrorCode,
  encodePacket,
  type Finding,
  InputError,
  type IpPort,
  isPacket,
  type KeyFileInput,
  openCapture,
  openStream,
  type PacketFields,
  packetFields,
  type RecordTime,
  startProxy,
  statistics,
  type ToxProxy,
  type ToxRecord,
  type TypeName,
  typeNamed,
  type Window,
} from '../../src/index.js'
import {detached, type KeptRecord, type SessionRecord} from '../../src/session.js'

// The type checker proves what is said here: npm run types.

const record = decodePacket(Uint8Array.of(6, ...new Uint8Array(40)))

describe('types of records', () => {
  it('refuse a record that a callback lent where one is kept', () => {
    expectTypeOf<SessionRecord>().not.toExtend<KeptRecord>()
    expectTypeOf<ConstructorParameters<typeof ToxRecord>>().toEqualTypeOf<[KeptRecord]>()
    expectTypeOf(detached).returns.toEqualTypeOf<KeptRecord>()
    expect(detached(record.source)).not.toBe(record.source)
  })

  it('have names of packet types, so that a misspelt one is found', () => {
    expectTypeOf<'oob_send' | 'cookie_request_plaintext' | null>().toExtend<typeof record.type>()
    expectTypeOf<'oob_sned'>().not.toExtend<typeof record.type>()
    expect(record.type).toBe('oob_send')
  })

  it('give the fields of a packet by the name of its type', () => {
    expectTypeOf(record.packet('oob_send')).toEqualTypeOf<
      {readonly destination_pk: Uint8Array; readonly data: Uint8Array} | undefined
    >()
    expectTypeOf(record.packet('route_response')?.connection_id).toEqualTypeOf<number | undefined>()
    expectTypeOf(record.packet('forward_request')?.ip_port).toEqualTypeOf<IpPort | undefined>()
    expectTypeOf<PacketFields<'data'>>().toEqualTypeOf<{readonly connection_id: number; readonly data: Uint8Array}>()
    expect(record.packet('oob_send')).toEqual({destination_pk: new Uint8Array(32), data: new Uint8Array(8)})
  })

  it('refuse names that no type or field has', () => {
    expectTypeOf(record.packet).parameter(0).toEqualTypeOf<TypeName>()
    expectTypeOf<'oob_sent'>().not.toExtend<TypeName>()
    expectTypeOf<PacketFields<'oob_send'>>().not.toHaveProperty('pk')
  })

  it('say what may be unknown', () => {
    expectTypeOf<ToxRecord['time']>().toEqualTypeOf<RecordTime | null>()
    expectTypeOf<RecordTime>().toHaveProperty('toISOString').returns.toEqualTypeOf<string>()
    expectTypeOf<RecordTime>().toHaveProperty('toDate').returns.toEqualTypeOf<Date>()
    expectTypeOf<ToxRecord['client']>().toEqualTypeOf<Endpoint | null>()
    expectTypeOf<ToxRecord['from']>().toEqualTypeOf<'client' | 'relay' | null>()
  })
})

describe('types of findings', () => {
  it('have data whose type follows from the code', () => {
    const idOf = (finding: Finding): number | undefined => {
      if (finding.code === 'data-on-free-id') {
        expectTypeOf(finding.data.id).toEqualTypeOf<number>()
        return finding.data.id
      }
      expectTypeOf(finding.code).not.toExtend<'data-on-free-id'>()
      return undefined
    }
    expect(record.findings.map(idOf)).toEqual(record.findings.map(() => undefined))
    expectTypeOf<'no-such-rule'>().not.toExtend<Finding['code']>()
  })
})

describe('types of functions', () => {
  it('have defaults for every option', () => {
    expectTypeOf(openCapture).toBeCallableWith('capture.pcap')
    expectTypeOf(openCapture).toBeCallableWith(new Uint8Array(1), {keylog: ['a', new Uint8Array(1)], threads: 2})
    expectTypeOf(openCapture).returns.toEqualTypeOf<Capture>()
    expectTypeOf(openStream).toBeCallableWith({client: 'client.bin'})
    expectTypeOf(statistics).toBeCallableWith('capture.pcap')
    expectTypeOf(startProxy).toBeCallableWith()
    expectTypeOf(startProxy).returns.resolves.toEqualTypeOf<ToxProxy>()
    expectTypeOf<string>().toExtend<KeyFileInput>()
  })

  it('take the fields of the packet that is encoded', () => {
    expectTypeOf(encodePacket<'ping_request'>)
      .parameter(1)
      .toEqualTypeOf<{readonly ping_id: Uint8Array}>()
    expect(encodePacket('ping_request', {ping_id: new Uint8Array(8)})).toHaveLength(9)
  })

  it('keep the fields of a type that is asked for by name, and narrow windows to it', () => {
    expectTypeOf(typeNamed('ping_request').name).toEqualTypeOf<'ping_request'>()
    const window: Window | null = record.source.window
    if (isPacket(window, 'oob_send'))
      expectTypeOf(packetFields(window, 'oob_send')?.data).toEqualTypeOf<Uint8Array | undefined>()
    expect(isPacket(window, 'oob_send')).toBe(true)
  })

  it('name every code of a mistake', () => {
    expectTypeOf<InputError['code']>().toEqualTypeOf<ErrorCode>()
    expectTypeOf<'no-such-file'>().toExtend<ErrorCode>()
    expect(new InputError('a sentence').code).toBe('bad-input')
  })
})
