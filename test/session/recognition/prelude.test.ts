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

it('reads the answer of a proxy that does not connect', () => {
  const refusals = [
    [text('CONNECT x:1 HTTP/1.1\r\n\r\n'), text('HTTP/1.1 407 No\r\n\r\n'), 'HTTP status 407 No'],
    [text('CONNECT x:1 HTTP/1.1\r\n\r\n'), text('HTTP/1.1 502\r\nContent-Length: 3\r\n\r\nbad'), 'HTTP status 502'],
    [hex('050100'), hex('05ff'), 'SOCKS5 reply 255, no acceptable way to authenticate'],
    [hex('050100 05010001 0a000005 8235'), hex('0500 05050001 00000000 0000'), 'SOCKS5 reply 5, connection refused'],
    [hex('05020002 01 01 78 01 78'), hex('0502 0101'), 'SOCKS5 status 1, login refused'],
    [hex('0401 8235 0a000005 00'), hex('005b 0000 00000000'), 'SOCKS4 reply 91, request rejected or failed'],
  ] as const
  for (const [client, relay, refusal] of refusals)
    expect(preludeOf(client, relay), refusal).toMatchObject({refusal, bytes: [client.length, relay.length]})
})

describe('a dialogue of several steps', () => {
  const handshake = new Uint8Array(128).fill(0x0d)
  const connect = 'CONNECT 10.0.0.5:33333 HTTP/1.1\r\nHost: 10.0.0.5:33333\r\n'
  const granted = 'HTTP/1.1 200 OK\r\n\r\n'
  it.each([
    [
      'a password that is given when it is asked for',
      `${connect}\r\n${connect}Proxy-Authorization: Basic eDp5\r\n\r\n`,
      `HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\n\r\n12345${granted}`,
    ],
    [
      'the same with an answer in chunks',
      `${connect}\r\n${connect}Proxy-Authorization: Basic eDp5\r\n\r\n`,
      `HTTP/1.1 407 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n${granted}`,
    ],
    [
      'an HTTP proxy that leads to another',
      `CONNECT next.example:3128 HTTP/1.1\r\n\r\n${connect}\r\n`,
      granted + granted,
    ],
    [
      'a SOCKS5 proxy after an HTTP proxy',
      `CONNECT next.example:1080 HTTP/1.1\r\n\r\n\x05\x01\x00\x05\x01\x00\x01\x0a\x00\x00\x05\x82\x35`,
      `${granted}\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00`,
    ],
    ['line ends before the request', `\r\n\r\n${connect}\r\n`, granted],
    ['a provisional answer', `${connect}\r\n`, `HTTP/1.1 100 Continue\r\n\r\n${granted}`],
    ['a SOCKS4 proxy', '\x04\x01\x82\x35\x0a\x00\x00\x05me\x00', '\x00\x5a\x00\x00\x00\x00\x00\x00'],
    [
      'a SOCKS4a proxy, with a name',
      '\x04\x01\x82\x35\x00\x00\x00\x01me\x0010.0.0.5\x00',
      '\x00\x5a\x00\x00\x00\x00\x00\x00',
    ],
  ])('passes over %s', (_, client, relay) => {
    const found = preludeOf(Buffer.concat([text(client), handshake]), Buffer.concat([text(relay), handshake]))
    expect(found).toMatchObject({bytes: [client.length, relay.length]})
    expect(found).toHaveProperty('refusal', undefined)
    expect((found as {destination: string}).destination).toBe('10.0.0.5:33333')
  })
})

it('leaves alone what is not a proxy at all', () => {
  expect(preludeOf(text('GET / HTTP/1.1\r\n\r\n'), text(''))).toBeUndefined()
  expect(preludeOf(hex('0402 8235 0a000005 00'), hex(''))).toBeUndefined()
})
