import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {ProxyStep} from '../../../src/proxy/explicit/destination.js'
import {HttpConnectRequest} from '../../../src/proxy/explicit/http-connect.js'
import {cut} from '../../peer/cut.js'

const fed = (pieces: readonly Uint8Array[]): ProxyStep => {
  const request = new HttpConnectRequest()
  let step: ProxyStep = {kind: 'wait', heard: new Uint8Array(), reply: new Uint8Array()}
  for (const piece of pieces) if (step.kind === 'wait') step = request.receive(piece)
  return step
}

test.each([
  ['127.0.0.1:33445', {host: '127.0.0.1', port: 33445, form: 'ipv4'}],
  ['[::1]:443', {host: '::1', port: 443, form: 'ipv6'}],
  ['relay.example:80', {host: 'relay.example', port: 80, form: 'name'}],
])('CONNECT %s, cut anywhere, with bytes behind', (target, destination) => {
  const head = Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nX: y\r\n\r\n`)
  const stream = Buffer.concat([head, Buffer.from([1, 2, 3])])
  fc.assert(
    fc.property(fc.array(fc.nat(head.length - 1)), cuts => {
      expect(fed(cut(stream, cuts))).toEqual({
        kind: 'connect',
        heard: stream,
        reply: new Uint8Array(),
        destination,
        rest: Uint8Array.of(1, 2, 3),
      })
    }),
  )
})

test("c-toxcore's request, whose first line ends with a bare line feed", () => {
  const step = fed([Buffer.from('CONNECT 127.0.0.1:43493 HTTP/1.1\nHost: 127.0.0.1:43493\r\n\r\n')])
  expect(step).toMatchObject({kind: 'connect', destination: {host: '127.0.0.1', port: 43493}, rest: {length: 0}})
})

test('empty lines before a request, cut anywhere', () => {
  const stream = Buffer.from('\r\n\r\nCONNECT 127.0.0.1:43493 HTTP/1.1\r\n\r\n!')
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length - 2)), cuts => {
      const step = fed(cut(stream, cuts))
      expect(step).toMatchObject({kind: 'connect', destination: {port: 43493}, rest: {length: 1}})
      expect(step.heard).toEqual(stream)
    }),
  )
})

test.each([
  ['GET / HTTP/1.1\r\n\r\n', '405'],
  ['CONNECT nowhere HTTP/1.1\r\n\r\n', '400'],
  ['CONNECT a:0 HTTP/1.1\r\n\r\n', '400'],
  ['CONNECT a:1\r\n\r\n', '400'],
  [`CONNECT ${'a'.repeat(300)}:1 HTTP/1.1\r\n\r\n`, '400'],
  [`CONNECT a:1 HTTP/1.1\r\nX: ${'y'.repeat(9000)}`, '431'],
])('%j is refused', (text, status) => {
  const step = fed([Buffer.from(text)])
  expect(step.kind).toBe('refuse')
  expect(Buffer.from(step.reply).toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\\r\\n\\r\\n$`, 's'))
})

test("an IPv6 relay in c-toxcore's request has no brackets", () => {
  const step = fed([Buffer.from('CONNECT ::1:33445 HTTP/1.1\nHost: ::1:33445\r\n\r\n')])
  expect(step).toMatchObject({kind: 'connect', destination: {host: '::1', port: 33445, form: 'ipv6'}})
})

describe('a proxy that asks for a login', () => {
  const login = {user: Buffer.from('alice'), password: Buffer.from('se:cret')}
  const asked = (header: string) =>
    new HttpConnectRequest(login).receive(
      Buffer.from(`CONNECT a:1 HTTP/1.1\r\nHost: a\r\n${header}\r\nX: y\r\n\r\nrest`),
    )
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test.each(['Proxy-Authorization: ', 'proxy-authorization:'])(
    'takes the right one, and passes it on as stars',
    name => {
      const step = asked(name + basic('alice:se:cret'))
      expect(step).toMatchObject({kind: 'connect', destination: {host: 'a', port: 1}})
      expect(Buffer.from(step.heard).toString()).toBe(
        `CONNECT a:1 HTTP/1.1\r\nHost: a\r\n${name}Basic ${'*'.repeat(20)}\r\nX: y\r\n\r\nrest`,
      )
    },
  )

  test.each([
    'X: none',
    `Proxy-Authorization: ${basic('alice:secret')}`,
    `Proxy-Authorization: ${basic('bob:se:cret')}`,
    `Proxy-Authorization: ${basic('')}`,
    `Proxy-Authorization: ${basic('alice:se:cret').replace('Basic', 'Bearer')}`,
    `Authorization: ${basic('alice:se:cret')}`,
  ])('refuses %s', header => {
    const step = asked(header)
    expect(step.kind).toBe('refuse')
    expect(Buffer.from(step.reply).toString()).toMatch(/^HTTP\/1\.1 407 .*\r\nProxy-Authenticate: Basic /s)
    expect(Buffer.from(step.heard).toString()).not.toMatch(/Proxy-Authorization: .*[A-Za-z0-9]{8}/)
  })
})

test('the answers end with an empty line and no body', () => {
  const request = new HttpConnectRequest()
  expect(Buffer.from(request.connected({host: '127.0.0.1', port: 1})).toString()).toBe(
    'HTTP/1.1 200 Connection established\r\n\r\n',
  )
  expect(Buffer.from(request.failed('timed_out')).toString()).toMatch(/^HTTP\/1\.1 504 /)
  expect(Buffer.from(request.failed('not_allowed')).toString()).toMatch(/^HTTP\/1\.1 403 /)
  expect(Buffer.from(request.failed('refused')).toString()).toMatch(/^HTTP\/1\.1 502 .*\r\n\r\n$/s)
})
