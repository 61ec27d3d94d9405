import {describe, expect, it} from 'vitest'
import {finding} from '../../../src/expert/finding.js'
import {packetWindow} from '../../../src/protocol/table.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {blank, hex, lonePacket} from '../records.js'
import {brokenScene, damagedScene, events, realScene} from '../scene.js'

const pk = 'ab'.repeat(32)

describe('recordToJson', () => {
  it('prints a frame to the letter', () => {
    const plain = hex(`00${pk}`)
    const record = {
      ...blank,
      number: 7,
      time: {micros: 1_795_398_600_123_456, nanos: 0},
      connection: 0,
      ends: {client: {ip: '127.0.0.1', port: 40000}, relay: {ip: '::1', port: 33445}},
      from: 'client' as const,
      kind: 'frame' as const,
      index: 2,
      length: 51,
      packets: [15],
      state: 'open' as const,
      window: packetWindow(plain, 0, plain.length, 18)!,
      findings: [finding('ping-zero', {}, {range: [0, 33]})],
    }
    expect(recordToJson(record, {bytes: false})).toBe(
      `{"number":7,"time":"2026-11-23T01:50:00.123456Z","connection":0,"client":"127.0.0.1:40000","relay":"[::1]:33445","from":"client",` +
        `"kind":"frame","index":2,"length":51,"packets":[15],"state":"open","type":"route_request","id":0,"fields":{"pk":"${pk}"},` +
        `"inner":null,"findings":[{"code":"ping-zero","severity":"warn","message":"ping id 0","range":[0,33],` +
        `"effect":{"c_toxcore_relay":"accepts","tox_rs_relay":"closes"}}]}`,
    )
  })

  it('names all four receivers where the direction is unknown', () => {
    const {findings} = JSON.parse(recordToJson(lonePacket(hex('12 77 00')), {bytes: false}))
    expect(Object.keys(findings[0].effect)).toEqual([
      'c_toxcore_relay',
      'c_toxcore_client',
      'tox_rs_relay',
      'tox_rs_client',
    ])
  })

  it('gives what decodes further only as inner, and unknown payloads as data', () => {
    const known = JSON.parse(recordToJson(lonePacket(hex(`12 1b 0102 ${'00'.repeat(30)}`)), {bytes: true}))
    expect(known.fields).toEqual({connection_id: 18})
    expect(known.inner).toEqual({
      state: 'sealed',
      type: 'crypto_data',
      id: 27,
      fields: {nonce_last_bytes: 258, payload: '00'.repeat(30)},
      inner: null,
      plaintext: `1b0102${'00'.repeat(30)}`,
    })
    const unknown = JSON.parse(recordToJson(lonePacket(hex('12 77 00')), {bytes: false}))
    expect(unknown.fields).toEqual({connection_id: 18, data: '7700'})
    expect(unknown.inner).toBeNull()
  })

  it('gives the fields that could be read, and all other bytes as rest', () => {
    const cut = JSON.parse(recordToJson(lonePacket(hex('01 10 abcd')), {bytes: false}))
    expect(cut.fields).toEqual({connection_id: 16})
    expect(cut.rest).toBe('abcd')
    expect(JSON.parse(recordToJson(lonePacket(hex('04')), {bytes: false})).rest).toBe('')
    expect(JSON.parse(recordToJson(lonePacket(hex('02 10 ff')), {bytes: false})).rest).toBe('ff')
    expect(JSON.parse(recordToJson(lonePacket(hex('02 10')), {bytes: false}))).not.toHaveProperty('rest')
  })

  it('is one line of JSON for everything', async () => {
    const records = [...(await realScene()), ...(await damagedScene()), ...brokenScene(), ...events]
    for (const record of records) {
      for (const bytes of [false, true]) {
        const line = recordToJson(record, {bytes})
        expect(line).toMatch(/^[\x20-\x7e]+$/)
        expect(JSON.parse(line).number).toBe(record.number)
      }
    }
  })
})
