import {describe, expect, test} from 'vitest'
import {isAllowed, parseAllowed} from '../../../src/proxy/explicit/access.js'
import {parseAddress} from '../../../src/proxy/explicit/address.js'

const here = '127.0.0.1'
const to = (destination: string, client: string, allowed?: readonly string[]) =>
  isAllowed(parseAddress(destination, {lowestPort: 1}), client, allowed ? {allowed: allowed.map(parseAllowed)} : {})

describe('without --allow', () => {
  test.each(['relay.example:33445', '192.0.2.1:443', '[2001:db8::1]:3389', 'a:33446', 'a:53'])(
    'anybody reaches a port of Tox relays: %s',
    destination => {
      expect(to(destination, '192.0.2.9')).toBe(true)
    },
  )

  test.each(['127.0.0.1:22', '[::1]:22', 'localhost:22', 'LocalHost.:22', '[::ffff:127.0.0.1]:22'])(
    'only clients of this machine reach its other ports: %s',
    destination => {
      expect([to(destination, here), to(destination, '192.0.2.9')]).toEqual([true, false])
    },
  )

  test.each(['relay.example:80', '192.0.2.1:22', '0.0.0.0:22', '127.1:22', '2130706433:22', '169.254.169.254:80'])(
    'nobody reaches another port of another machine: %s',
    destination => {
      expect(to(destination, here)).toBe(false)
    },
  )
})

describe('with --allow', () => {
  test.each<[string, string, boolean]>([
    ['relay.example:8080', 'relay.example:8080', true],
    ['relay.example:8080', 'Relay.Example.:8080', true],
    ['relay.example:8080', 'relay.example:33445', false],
    ['relay.example:8080', 'other.example:8080', false],
    ['relay.example:8080', '127.0.0.1:8080', false],
    ['8080', 'any.example:8080', true],
    ['*:8080', '[::1]:8080', true],
    ['relay.example:*', 'relay.example:1', true],
    ['*:*', '192.0.2.1:22', true],
    ['*', '192.0.2.1:22', true],
    ['[2001:db8::1]:*', '[2001:DB8:0::1]:5', true],
    ['[::1]:443', '[::2]:443', false],
  ])('%s allows %s: %s', (allowed, destination, is) => {
    expect(to(destination, here, [allowed])).toBe(is)
  })

  test('several are allowed', () => {
    const allowed = ['a.example:1', 'b.example:2']
    expect(['a.example:1', 'b.example:2', 'a.example:2'].map(each => to(each, here, allowed))).toEqual([
      true,
      true,
      false,
    ])
  })

  test.each(['relay.example', '::1:5', 'a:0', 'a:70000', ''])('%j is refused', text => {
    expect(() => parseAllowed(text)).toThrow(/is not \[HOST:\]PORT/)
  })
})
