import {describe, expect, it} from 'vitest'
import {preludeOf} from '../../../src/session/prelude.js'

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1')

const preludes = [
  {
    name: 'SOCKS5 to an IPv4 address',
    client: hex('050100 05010001 0a000005 8235'),
    relay: hex('0500 05000001 00000000 0000'),
    destination: '10.0.0.5:33333',
  },
  {
    name: 'SOCKS5 to a name',
    client: hex('05020002 05010003 01 78 8235'),
    relay: hex('0500 05000001 00000000 0000'),
    destination: 'x:33333',
  },
  {
    name: 'SOCKS5 to an IPv6 address',
    client: hex(`050100 05010004 20010db8${'00'.repeat(11)}01 8235`),
    relay: hex(`0500 05000004 ${'00'.repeat(18)}`),
    destination: '[2001:db8::1]:33333',
  },
  {
    name: 'SOCKS5 with a name and password',
    client: hex('05020002 01 04 75736572 06 736563726574 05010001 0a000005 8235'),
    relay: hex('0502 0100 05000001 00000000 0000'),
    destination: '10.0.0.5:33333',
  },
  {
    name: 'HTTP CONNECT as c-toxcore writes it',
    client: text('CONNECT 10.0.0.5:33333 HTTP/1.1\nHost: 10.0.0.5:33333\r\n\r\n'),
    relay: text('HTTP/1.1 200 Connection established\r\n\r\n'),
    destination: '10.0.0.5:33333',
  },
  {
    name: 'HTTP CONNECT with bare line feeds',
    client: text('CONNECT x:1 HTTP/1.1\nHost: x\n\n'),
    relay: text('HTTP/1.0 200 OK\n\n'),
    destination: 'x:1',
  },
]

describe.each(preludes)('$name', ({client, relay, destination}) => {
  it('ends where the handshake begins', () => {
    const handshake = new Uint8Array(128).fill(0x0d)
    expect(preludeOf(Buffer.concat([client, handshake]), Buffer.concat([relay, handshake]))).toMatchObject({
      destination,
      bytes: [client.length, relay.length],
    })
  })

  it('may still be one while bytes of it are missing', () => {
    for (let at = 0; at < client.length; at++)
      expect(preludeOf(client.subarray(0, at), relay), `client ${at}`).toBe('more')
    for (let at = 0; at < relay.length; at++)
      expect(preludeOf(client, relay.subarray(0, at)), `relay ${at}`).toBe('more')
  })
})

it('leaves alone what a proxy refused, or what is no proxy at all', () => {
  expect(preludeOf(text('CONNECT x:1 HTTP/1.1\r\n\r\n'), text('HTTP/1.1 407 No\r\n\r\n'))).toBeUndefined()
  expect(preludeOf(hex('050100'), hex('05ff'))).toBeUndefined()
  expect(preludeOf(hex('05020002 01 01 78 01 78'), hex('0502 0101'))).toBeUndefined()
  expect(preludeOf(text('GET / HTTP/1.1\r\n\r\n'), text(''))).toBeUndefined()
})
