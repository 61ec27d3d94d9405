import {describe, expect, it} from 'vitest'
import {data, type Fields, filledText, ipPort, key, struct, uint} from '../../../src/wire/field.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {encodePartial} from '../../../src/wire/write.js'
import {typeWith} from './example-type.js'

const of = uint('Each', 'One.', 2)
const ipv4 = '027f0000018235'
const ipv6 = `0a${'20010db8'.padEnd(32, '0')}8235`
const small = [[1, 3]] as const

describe('a value that does not fit its field', () => {
  const write = (field: Fields[string], value: unknown) => () => encodePartial(typeWith({field}), {field: value})

  it.each([
    ['a number that is too large', uint('Number', 'One.', 1), 256, '256 does not fit 1 bytes'],
    ['a number below zero', uint('Number', 'One.', 1), -1, '-1 does not fit 1 bytes'],
    ['a key that is too short', key('Key', 'One.'), new Uint8Array(31), 'field has 31 bytes, not 32'],
    ['a text that is too long to be filled up', filledText('Text', 'Any.', 2), 'abc', 'field has 3 bytes, at most 2'],
    [
      'an address that is none',
      ipPort('Address', 'One.', {padded: false, families: [2]}),
      {family: 2, ip: '::1', port: 1},
      '"::1" is not an IPv4 address',
    ],
    [
      'an IPv6 address that is none',
      ipPort('Address', 'One.', {padded: false, families: [2]}),
      {family: 10, ip: '1.2.3.4', port: 1},
      '"1.2.3.4" is not an IPv6 address',
    ],
    [
      'a part of a struct',
      struct('Struct', 'One.', {part: key('Key', 'One.')}),
      {part: new Uint8Array(1)},
      'field.part has 1 bytes, not 32',
    ],
  ] as const)('is refused: %s', (_, field, value, message) => {
    expect(write(field, value)).toThrow(message)
  })

  it('is written where it only breaks a rule', () => {
    expect(write(uint('Number', 'One.', 1, small), 255)()).toEqual(Uint8Array.of(255))
    expect(write(uint('Number', 'One.', 2), 65535)()).toEqual(Uint8Array.of(255, 255))
    expect(write(data('Data', 'Any.', {min: 2, max: 3}), Uint8Array.of(1))()).toEqual(Uint8Array.of(1))
  })

  it('of a struct may be absent, as undefined or null', () => {
    const field = struct('Struct', 'Two.', {first: of, second: of})
    expect(write(field, {first: undefined, second: 7})()).toEqual(Uint8Array.of(0, 7))
    expect(write(field, {first: null, second: 7})()).toEqual(Uint8Array.of(0, 7))
  })

  it('ends the packet where it is absent', () => {
    const type = typeWith({first: of, second: of})
    expect(encodePartial(type, {second: 7})).toEqual(new Uint8Array(0))
    expect(encodePartial(type, {first: 7})).toEqual(Uint8Array.of(0, 7))
    expect(encodePartial(type, {first: 7}, undefined, Uint8Array.of(9))).toEqual(Uint8Array.of(0, 7, 9))
  })

  it('of padding is written in a padded IPv4 address alone', () => {
    const padding = '01'.repeat(12)
    const address = (padded: boolean, family: number, ip: string) =>
      toHex(write(ipPort('Address', 'One.', {padded, families: [2, 10]}), {family, ip, port: 0x8235, padding})())
    expect(address(true, 2, '127.0.0.1')).toBe(`027f000001${padding}8235`)
    expect(address(false, 2, '127.0.0.1')).toBe(ipv4)
    expect(address(true, 10, '2001:db8::')).toBe(ipv6)
  })
})
