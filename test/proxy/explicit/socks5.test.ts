import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {DialFailure, ProxyStep} from '../../../src/proxy/explicit/destination.js'
import {Socks5Request} from '../../../src/proxy/explicit/socks5.js'
import {cut} from '../../peer/cut.js'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** Feed pieces until the request is decided; the replies in one piece, and what it came to. */
const fed = (pieces: readonly Uint8Array[]): {reply: string; last: ProxyStep; request: Socks5Request} => {
  const request = new Socks5Request()
  const replies: Uint8Array[] = []
  let last: ProxyStep = {kind: 'wait', heard: new Uint8Array(), reply: new Uint8Array()}
  for (const piece of pieces) {
    if (last.kind !== 'wait') break
    last = request.receive(piece)
    replies.push(last.reply)
  }
  return {reply: Buffer.concat(replies).toString('hex'), last, request}
}

const requests = [
  {bytes: '05 01 00 01 7f000001 82a5', destination: {host: '127.0.0.1', port: 33445, form: 'ipv4'}},
  {bytes: '05 01 00 04 00000000000000000000000000000001 01bb', destination: {host: '::1', port: 443, form: 'ipv6'}},
  {bytes: '05 01 00 03 09 6c6f63616c686f7374 0050', destination: {host: 'localhost', port: 80, form: 'name'}},
]

test.each(requests)('CONNECT to $destination.host, cut anywhere', ({bytes, destination}) => {
  const stream = Buffer.concat([hex('05 02 00 02'), hex(bytes)])
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), cuts => {
      const {reply, last} = fed(cut(stream, cuts))
      expect(reply).toBe('0500')
      expect(last).toMatchObject({kind: 'connect', destination})
    }),
  )
})

test('what comes behind the request is given on', () => {
  const handshake = new Uint8Array(2000).fill(9)
  const {last} = fed([Buffer.concat([hex('05 01 00'), hex(requests[0]!.bytes), handshake])])
  expect(last.kind === 'connect' && Buffer.compare(last.rest, handshake)).toBe(0)
})

describe('the answer', () => {
  const local = {host: '10.0.0.1', port: 0x1234}
  test.each([
    [requests[0]!.bytes, local, '050000010a0000011234'],
    [requests[0]!.bytes, {host: '::1', port: 5}, '05000001000000000000'],
    [requests[1]!.bytes, local, `05000004${'00'.repeat(18)}`],
    [requests[1]!.bytes, {host: '2001:db8::5', port: 5}, '0500000420010db80000000000000000000000050005'],
    [requests[2]!.bytes, {host: '::ffff:10.0.0.1', port: 0x1234}, '050000010a0000011234'],
  ])('to %s, reached from %j', (bytes, from, expected) => {
    const {request} = fed([hex('05 01 00'), hex(bytes)])
    expect(Buffer.from(request.connected(from)).toString('hex')).toBe(expected)
  })

  test.each<[DialFailure, number]>([
    ['failed', 1],
    ['network_unreachable', 3],
    ['host_unreachable', 4],
    ['name_not_found', 4],
    ['refused', 5],
    ['timed_out', 6],
    ['not_allowed', 2],
    ['no_descriptors', 1],
  ])('%s is code %i', (cause, code) => {
    const {request} = fed([hex('05 01 00'), hex(requests[0]!.bytes)])
    expect([...request.failed(cause)]).toEqual([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
  })
})

describe('a proxy that asks for a login', () => {
  const login = {user: Buffer.from('alice'), password: Buffer.from('secret')}
  const asking = (...pieces: readonly string[]) => {
    const request = new Socks5Request(login)
    return pieces.map(piece => {
      const step = request.receive(hex(piece))
      return {
        ...step,
        reply: Buffer.from(step.reply).toString('hex'),
        heard: Buffer.from(step.heard).toString('latin1'),
      }
    })
  }
  const right = '01 05 616c696365 06 736563726574'

  test('takes the right one, however it is cut, and passes no password on', () => {
    const stream = Buffer.concat([hex('05 02 00 02'), hex(right), hex(requests[0]!.bytes)])
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), cuts => {
        const request = new Socks5Request(login)
        const steps = cut(stream, cuts).map(piece => request.receive(piece))
        expect(Buffer.concat(steps.map(({reply}) => reply)).toString('hex')).toBe('05020100')
        expect(steps.at(-1)).toMatchObject({kind: 'connect', destination: requests[0]!.destination})
        expect(Buffer.concat(steps.map(({heard}) => heard)).toString('latin1')).toBe(
          stream.toString('latin1').replace('secret', '******'),
        )
      }),
    )
  })

  test.each([
    ['another password', ['05 01 02', '01 05 616c696365 06 736563726575'], ['0502', '0101']],
    ['another user', ['05 01 02', '01 05 616c696366 06 736563726574'], ['0502', '0101']],
    ['an empty one', ['05 01 02', '01 00 00'], ['0502', '0101']],
    ['no login', ['05 01 00'], ['05ff']],
    ['a request instead', ['05 01 02', requests[0]!.bytes], ['0502', '0101']],
  ])('refuses %s', (_, pieces, replies) => {
    const steps = asking(...pieces)
    expect(steps.map(({reply}) => reply)).toEqual(replies)
    expect(steps.at(-1)!.kind).toBe('refuse')
    expect(JSON.stringify(steps)).not.toMatch(/secre/)
  })
})

test.each([
  ['05 01 02', '05ff', 'does not offer the method "no authentication"'],
  ['05 01 00 05 02 00 01', '0500 05070001000000000000', 'the SOCKS5 command is 2'],
  ['05 01 00 05 01 00 05', '0500 05080001000000000000', 'the SOCKS5 address type is 5'],
  ['05 01 00 04 01', '0500 05010001000000000000', 'version 4'],
  ['05 01 00 05 01 00 03 00 0050', '0500 05010001000000000000', 'no host'],
  ['05 01 00 05 01 00 01 7f000001 0000', '0500 05010001000000000000', 'port 0'],
  ['05 01 00 05 01 00 03 0a 6c6f63616c0066616b65 0050', '0500 05010001000000000000', 'a character that no name has'],
])('%s is refused', (bytes, reply, reason) => {
  const result = fed([hex(bytes)])
  expect(result.reply).toBe(reply.replaceAll(' ', ''))
  expect(result.last).toMatchObject({kind: 'refuse'})
  expect(result.last.kind === 'refuse' && result.last.reason).toContain(reason)
})
