import {describe, expect, test} from 'vitest'
import {addressText, isLoopback, parseAddress} from '../../../src/proxy/explicit/address.js'
import {isOwnListener} from '../../../src/proxy/explicit/own-address.js'
import {InputError} from '../../../src/wire/input-error.js'

const listen = {defaultHost: '127.0.0.1', lowestPort: 0} as const

describe('an address', () => {
  test.each([
    ['33445', '127.0.0.1', 33445],
    ['0', '127.0.0.1', 0],
    [':80', '127.0.0.1', 80],
    ['0.0.0.0:1', '0.0.0.0', 1],
    ['relay.example:65535', 'relay.example', 65535],
    ['[::1]:443', '::1', 443],
    ['[fe80::1%eth0]:443', 'fe80::1%eth0', 443],
  ])('%s', (text, host, port) => {
    expect(parseAddress(text, listen)).toEqual({host, port})
  })

  test.each([
    '',
    'a',
    'a:',
    '::1',
    '::1:80',
    '[::1]',
    '[::1]80',
    '[nonsense]:1',
    'a:65536',
    'a:123456',
    'a:-1',
    'a:1x',
    'a\nhealthy: b:1',
    'a\u001bc:1',
    'a\u202eb:1',
    'localhost\0.example:1',
    '[fe80::1%\u001b]:1',
  ])('"%s" is refused', text => {
    expect(() => parseAddress(text, listen)).toThrow(InputError)
  })

  test('needs a host and a port above 0 to connect to', () => {
    expect(() => parseAddress('80', {lowestPort: 1})).toThrow('the host is missing')
    expect(() => parseAddress('a:0', {lowestPort: 1})).toThrow('a port is 1 to 65535')
  })

  test('has brackets around IPv6 as text', () => {
    expect(addressText({host: '::1', port: 1})).toBe('[::1]:1')
    expect(addressText({host: '127.0.0.1', port: 1})).toBe('127.0.0.1:1')
  })

  test('is loopback or reaches others', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '192.168.1.1', '::ffff:10.0.0.1', 'fe80::1'].some(isLoopback)).toBe(false)
  })
})

test.each([
  ['127.0.0.1', '127.0.0.1', true],
  ['localhost', '127.0.0.1', true],
  ['127.0.0.2', '127.0.0.1', false],
  ['::1', '::1', true],
  ['127.0.0.2', '0.0.0.0', true],
  ['192.0.2.1', '0.0.0.0', false],
  ['relay.invalid', '127.0.0.1', false],
])('whether %s leads back to a proxy that listens on %s: %s', async (host, ip, leads) => {
  expect(await isOwnListener({host, port: 33445}, [{ip, port: 33445}])).toBe(leads)
  expect(await isOwnListener({host, port: 33446}, [{ip, port: 33445}])).toBe(false)
})
