import {describe, expect, it} from 'vitest'
import {fieldTexts, fieldValues, filterName, filterNames} from '../../../src/filter/names/names.js'
import {types} from '../../../src/protocol/table.js'
import {InputError} from '../../../src/wire/input-error.js'
import {bytes, pk, samples} from '../records.js'

const {start, ping, oobSend, oobReceive, data, broken, forward, onion, longPing, sealed, handshake} = samples

describe('fieldValues', () => {
  it('reads what every record has', () => {
    expect(fieldValues(ping, 'number')).toEqual([7])
    expect(fieldValues(ping, 'connection')).toEqual([3])
    expect(fieldValues(ping, 'from')).toEqual(['client'])
    expect(fieldValues(ping, 'kind')).toEqual(['frame'])
    expect(fieldValues(ping, 'state')).toEqual(['open'])
    expect(fieldValues(ping, 'index')).toEqual([2])
    expect(fieldValues(ping, 'length')).toEqual([27])
    expect(fieldValues(ping, 'packets')).toEqual([15, 16])
    expect(fieldValues(ping, 'type')).toEqual(['ping_request'])
    expect(fieldValues(ping, 'id')).toEqual([4])
    expect(fieldValues(ping, 'plaintext')).toEqual([bytes('040102030405060708')])
    expect(fieldValues(ping, 'wire')).toEqual([ping.wire])
  })

  it('gives nothing for what is unknown', () => {
    for (const name of [
      'from',
      'state',
      'index',
      'length',
      'time',
      'type',
      'id',
      'inner.type',
      'plaintext',
      'wire',
      'finding.code',
      'ip.src',
      'packets',
    ]) {
      expect(fieldValues(start, name), name).toEqual([])
    }
    expect(fieldValues(sealed, 'relay')).toEqual([])
    expect(fieldValues(sealed, 'ip.dst')).toEqual([])
    expect(fieldValues(handshake, 'id')).toEqual([])
  })

  it("reads a type's fields at whatever level it stands", () => {
    expect(fieldValues(oobSend, 'oob_send.destination_pk')).toEqual([bytes(pk('9f'))])
    expect(fieldValues(oobSend, 'cookie_request.pk')).toEqual([bytes(pk('aa'))])
    expect(fieldValues(oobReceive, 'cookie_request.pk')).toEqual([bytes(pk('aa'))])
    expect(fieldValues(oobReceive, 'oob_send.destination_pk')).toEqual([])
    expect(fieldValues(data, 'crypto_data.nonce_last_bytes')).toEqual([0x0102])
    expect(fieldValues(data, 'data.connection_id')).toEqual([0x12])
    expect(fieldValues(data, 'id')).toEqual([0x12])
  })

  it('reads the level that a packet carries', () => {
    expect(fieldValues(oobSend, 'inner.type')).toEqual(['cookie_request'])
    expect(fieldValues(oobSend, 'inner.id')).toEqual([0x18])
    expect(fieldValues(oobSend, 'inner.state')).toEqual(['sealed'])
    expect(fieldValues(ping, 'inner.type')).toEqual([])
  })

  it('reads an opened handshake', () => {
    expect(fieldValues(handshake, 'relay_handshake.session_pk')).toEqual([bytes(pk('77'))])
    expect(fieldValues(handshake, 'relay_handshake.base_nonce')).toEqual([bytes('88'.repeat(24))])
    expect(fieldValues(handshake, 'relay_handshake.nonce')).toEqual([bytes('05'.repeat(24))])
    expect(fieldValues(handshake, 'client_handshake.session_pk')).toEqual([])
  })

  it('reads the parts of an address', () => {
    expect(fieldValues(forward, 'forward_request.ip_port.ip')).toEqual(['1.2.3.4'])
    expect(fieldValues(forward, 'forward_request.ip_port.port')).toEqual([33445])
    expect(fieldValues(forward, 'forward_request.ip_port.family')).toEqual([2])
    expect(fieldValues(onion, 'onion_request.ip_port.ip')).toEqual(['2001:db8::1'])
    expect(fieldTexts(onion, 'onion_request.ip_port')).toEqual(['[2001:db8::1]:33445'])
  })

  it('gives the fields that are present in a packet that ends early', () => {
    expect(fieldValues(broken, 'oob_send')).toHaveLength(1)
    expect(fieldValues(broken, 'oob_send.destination_pk')).toEqual([])
    expect(fieldValues(broken, 'oob_send.data')).toEqual([])
    expect(fieldValues(broken, 'rest')).toEqual([bytes('9f'.repeat(10))])
    expect(fieldValues(longPing, 'rest')).toEqual([bytes('ff00')])
    expect(fieldValues(ping, 'rest')).toEqual([])
  })

  it("knows Wireshark's names", () => {
    expect(fieldValues(oobReceive, 'frame.number')).toEqual([8])
    expect(fieldValues(ping, 'frame.len')).toEqual([27])
    expect(fieldValues(ping, 'tcp.stream')).toEqual([3])
    expect(fieldValues(ping, 'ip.addr')).toEqual(['127.0.0.1', '2001:db8::1'])
    expect(fieldValues(ping, 'ip.src')).toEqual(['127.0.0.1'])
    expect(fieldValues(oobReceive, 'ip.src')).toEqual(['2001:db8::1'])
    expect(fieldValues(oobReceive, 'tcp.dstport')).toEqual([40000])
    expect(fieldValues(ping, 'tcp.port')).toEqual([40000, 33445])
    expect(fieldTexts(ping, 'frame.time')).toEqual(['2026-11-23T01:50:00.123456Z'])
    expect(fieldTexts(ping, 'frame.time_epoch')).toEqual(['1795398600.123456'])
  })

  it('reads how a connection ended, and what is worked out', () => {
    expect(fieldValues(samples.end, 'end.how')).toEqual(['rst'])
    expect(fieldValues(ping, 'end.how')).toEqual([])
    expect(fieldTexts(data, 'inferred.peer')).toEqual([pk('ab')])
    expect(fieldValues(samples.pong, 'inferred.round_trip_micros')).toEqual([1500])
    expect(fieldValues(samples.pong, 'inferred.ping_index')).toEqual([4])
    expect(fieldValues(ping, 'inferred.peer')).toEqual([])
  })

  it('reads findings', () => {
    expect(fieldValues(broken, 'finding.code')).toEqual(['packet-too-short', 'first-not-ping'])
    expect(fieldValues(broken, 'finding.severity')).toEqual(['error', 'note'])
    expect(fieldValues(broken, 'finding.message')[0]).toContain('cut off inside destination_pk')
    expect(fieldValues(broken, 'finding.effect.c_toxcore_relay')).toEqual(['closes', 'accepts'])
    expect(fieldValues(broken, 'finding.effect.c_toxcore_client')).toEqual([])
  })
})

describe('filterNames', () => {
  it('has every type and each of its fields, and no name twice', () => {
    const names = filterNames()
    expect(new Set(names).size).toBe(names.length)
    for (const type of types) {
      expect(names).toContain(type.name)
      for (const {name} of [...type.placed, ...(type.plain?.placed ?? [])])
        expect(names).toContain(`${type.name}.${name}`)
    }
    expect(names).toContain('node.node.pk')
  })

  it('reads every name on every record without a throw', () => {
    for (const record of Object.values(samples))
      for (const name of filterNames()) for (const text of fieldTexts(record, name)) expect(text).toBeTypeOf('string')
  })

  it('describes every name', () => {
    for (const name of filterNames()) expect(filterName(name).about, name).toMatch(/\.$/)
  })

  it('calls implementations as all texts do', () => {
    for (const name of filterNames()) expect(filterName(name).about, name).not.toMatch(/c_toxcore|tox_rs/)
  })
})

it('names the nearest for an unknown name', () => {
  expect(() => fieldValues(ping, 'oob_send.destinatoin_pk')).toThrow(InputError)
  expect(() => filterName('frame.lenght')).toThrow(
    expect.objectContaining({message: 'unknown field "frame.lenght"', hint: 'did you mean "frame.len"?'}),
  )
})
