import {describe, expect, it} from 'vitest'
import {reservedIds} from '../../../src/protocol/packets/reserved.js'
import {recordFromJson} from '../../../src/view/from-json/record.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../../src/wire/input-error.js'

const pk = 'ab'.repeat(32)

function bytesOf(record: unknown): string {
  const read = recordFromJson(JSON.stringify(record), 'line 1')
  return read.form === 'packet' || read.form === 'whole' ? `${read.form} ${toHex(read.bytes)}` : read.form
}

function errorOf(line: string): {message: string; hint: string | undefined} {
  try {
    recordFromJson(line, 'line 3')
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    const {message, hint} = error as InputError
    return {message, hint}
  }
  throw new Error(`no error for ${line}`)
}

describe('recordFromJson', () => {
  it('needs no more than a type and fields', () => {
    expect(bytesOf({type: 'ping_request', fields: {ping_id: '0000000000000001'}})).toBe('packet 040000000000000001')
    expect(bytesOf({type: 'forwarding', fields: {data: ''}})).toBe('packet 0b')
    expect(bytesOf({type: 'ip_port', fields: {ip_port: {family: 2, ip: '1.2.3.4', port: 258}}})).toBe(
      'whole 02010203040102',
    )
  })

  it('takes plaintext before fields, at any level', () => {
    expect(bytesOf({type: 'ping_request', fields: {}, plaintext: '0400'})).toBe('packet 0400')
    expect(bytesOf({type: null, kind: 'frame', state: 'open', fields: {}, plaintext: ''})).toBe('packet ')
    expect(bytesOf({plaintext: 'ff'})).toBe('packet ff')
    expect(bytesOf({type: 'data', fields: {connection_id: 16}, inner: {plaintext: '1bff'}})).toBe('packet 101bff')
  })

  it('builds what a packet carries', () => {
    const inner = {type: 'crypto_data', fields: {nonce_last_bytes: 258, payload: 'c0ffee'}}
    expect(bytesOf({type: 'data', fields: {connection_id: 17}, inner})).toBe('packet 111b0102c0ffee')
    expect(bytesOf({type: 'oob_send', fields: {destination_pk: pk}, inner})).toBe(`packet 06${pk}1b0102c0ffee`)
  })

  it('ends a packet where rest says so', () => {
    expect(bytesOf({type: 'ping_request', fields: {}, rest: ''})).toBe('packet 04')
    expect(bytesOf({type: 'ping_request', fields: {}, rest: '0102'})).toBe('packet 040102')
    expect(bytesOf({type: 'ping_request', fields: {ping_id: '0000000000000001'}, rest: 'ff'})).toBe(
      'packet 040000000000000001ff',
    )
  })

  it('takes the first byte of a type with several from id', () => {
    expect(bytesOf({type: 'reserved', id: 15, fields: {data: '01'}})).toBe('packet 0f01')
    expect(bytesOf({type: 'reserved', fields: {data: '01'}})).toBe(
      `packet ${toHex(Uint8Array.of(reservedIds.first, 1))}`,
    )
  })

  it('knows records without bytes, and frames that are not open', () => {
    expect(bytesOf({kind: 'start', type: null})).toBe('none')
    expect(bytesOf({kind: 'end', type: null, fields: {how: 'fin'}})).toBe('none')
    expect(bytesOf({kind: 'frame', state: 'sealed', type: null, fields: {}})).toBe('frame')
    expect(recordFromJson('{"kind":"frame","state":"failed","type":null,"wire":"0011ff"}', '')).toEqual({
      boxes: 0,
      form: 'frame',
      wire: Uint8Array.of(0, 0x11, 0xff),
      from: null,
    })
  })

  it('knows a handshake whose box is open', () => {
    const fields = {pk, nonce: '11'.repeat(24), session_pk: pk, base_nonce: '22'.repeat(24)}
    const read = recordFromJson(JSON.stringify({type: 'client_handshake', from: 'client', fields}), 'line 1')
    expect(read.form).toBe('open_box')
    if (read.form !== 'open_box') return
    expect([toHex(read.head), toHex(read.nonce), toHex(read.plain)]).toEqual([
      `${pk}${'11'.repeat(24)}`,
      '11'.repeat(24),
      `${pk}${'22'.repeat(24)}`,
    ])
  })

  it.each([
    ['{"type":', 'line 3 is not JSON: "{\\"type\\":"'],
    ['[1]', 'line 3 is not a record but [1]'],
    ['"x"', 'line 3 is not a record but "x"'],
    ['{}', 'line 3: type is missing'],
    ['{"type":"ping_requst","fields":{}}', 'line 3: type "ping_requst" is unknown'],
    ['{"type":"ping_request","fields":{}}', 'line 3: fields.ping_id is missing'],
    ['{"type":"ping_request","fields":{"ping_id":"zz"}}', 'line 3: fields.ping_id is "zz", which is not hex'],
    ['{"type":"ping_request","fields":{"ping_id":"0102"}}', 'line 3: fields.ping_id has 2 bytes, not 8'],
    ['{"type":"ping_request","fields":{"ping":"01"}}', 'line 3: ping_request has no field "ping" in fields'],
    ['{"type":"ping_request","fields":[]}', 'line 3: fields is []'],
    [
      '{"type":"route_response","fields":{"connection_id":256,"pk":"00"}}',
      'line 3: fields.connection_id is 256, which does not fit',
    ],
    [
      '{"type":"route_response","fields":{"connection_id":"16","pk":"00"}}',
      'line 3: fields.connection_id is "16", which does not fit',
    ],
    ['{"type":"route_response","fields":{"pk":"00"},"rest":""}', 'line 3: fields.connection_id is missing'],
    [
      '{"type":"forward_request","fields":{"ip_port":{"family":2,"ip":"::1","port":1},"data":""}}',
      'line 3: fields.ip_port.ip is "::1", which is no IPv4 address',
    ],
    [
      '{"type":"forward_request","fields":{"ip_port":1,"data":""}}',
      'line 3: fields.ip_port is 1, which is not an address',
    ],
    [
      '{"type":"data","fields":{"connection_id":16,"data":"00"},"inner":{"type":"crypto_data"}}',
      'line 3: fields.data and inner both give these bytes',
    ],
    ['{"type":"data","fields":{"connection_id":16},"inner":{"type":"x"}}', 'line 3: inner.type "x" is unknown'],
    [
      '{"type":"data","fields":{"connection_id":16},"inner":{"type":"cookie_response","fields":{"nonce":"0"}}}',
      'line 3: inner.fields.nonce is "0", which is not hex',
    ],
    ['{"type":"data","fields":{"connection_id":16},"inner":3}', 'line 3: inner is 3'],
    [
      '{"type":"ping_request","id":5,"fields":{"ping_id":"0000000000000001"}}',
      'line 3: id 5 is not an id of ping_request',
    ],
    ['{"type":"ping_request","from":"me","fields":{}}', 'line 3: from is "me"'],
    ['{"plaintext":"0"}', 'line 3: plaintext is "0", which is not hex'],
    ['{"type":"node","fields":{"node":{"family":2,"ip":"1.2.3.4","port":1}}}', 'line 3: fields.node.pk is missing'],
  ])('explains what is wrong with %s', (line, message) => {
    const error = errorOf(line)
    expect(error.message).toBe(message)
    expect(error.hint).toBeTruthy()
  })

  it('names the nearest type and field', () => {
    expect(errorOf('{"type":"ping_requst"}').hint).toBe('did you mean "ping_request"?')
    expect(errorOf('{"type":"oob_send","fields":{"destinaton_pk":"00"}}').hint).toBe('did you mean "destination_pk"?')
  })

  it('refuses a line without end', () => {
    expect(errorOf(`{"type":"${'x'.repeat(2_000_000)}"}`).message).toBe('line 3 is over 1048576 characters long')
  })
})
