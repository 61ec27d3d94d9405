import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {data, idByte, ipPort, list, text, uint, when, zeros} from '../../src/wire/field.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {faults, possibleFaults} from '../../src/wire/layout-faults.js'
import {hasId, type PacketType, packet} from '../../src/wire/packet.js'
import {invalidAt} from '../../src/wire/text/utf8.js'
import {fieldOf, fieldsOf, noShift, restRange, Window} from '../../src/wire/window.js'
import {encodePartial} from '../../src/wire/write.js'

const declared = {
  name: 'example',
  id: 1,
  title: 'Example',
  layer: 'packet',
  sentBy: [],
  about: '',
  source: '',
  summary: () => '',
} as const
const windowOf = (type: PacketType, hex: string): Window => {
  const bytes = fromHex(hex)
  return new Window(type, bytes, 0, bytes.length, noShift)
}
const bytes = (most: number) => data('Data', 'Bytes.', {min: 0, max: most})

describe('a declaration is refused', () => {
  it('where a field without a fixed size follows one that runs to the end', () => {
    const fields = {first: bytes(9), name: text('Name', 'Any.', {min: 0, max: 9}), last: uint('Last', 'One.', 1)}
    expect(() => packet({...declared, fields})).toThrow(
      'a field that has no fixed size follows first, which runs to the end',
    )
  })

  it('where a field depends on what is not a number at a fixed place before it', () => {
    const of = uint('Each', 'One.', 1)
    const counted = (countedBy: string) => list('All', 'All.', {of, min: 0, max: 9, countedBy})
    const message = /^\w+ is not a number at a fixed place before the field that depends on it$/
    expect(() => packet({...declared, fields: {all: counted('count')}})).toThrow(message)
    expect(() => packet({...declared, fields: {all: counted('count'), count: uint('Count', 'Of all.', 1)}})).toThrow(
      message,
    )
    expect(() => packet({...declared, fields: {count: zeros('Count', 'None.', 2), all: counted('count')}})).toThrow(
      message,
    )
    const late = {some: zeros('Some', 'Any.', 3), count: uint('Count', 'Of all.', 1), all: counted('count')}
    expect(() => packet({...declared, fields: late})).toThrow(message)
    const absent = {last: when('kind', [1], uint('Last', 'One.', 1))}
    expect(() => packet({...declared, fields: absent})).toThrow('kind is not a number at a fixed place')
  })
})

it('an id of a type is its only one, one of its range, or none', () => {
  const idsOf = (type: PacketType): number[] => Array.from({length: 256}, (_, at) => at).filter(at => hasId(type, at))
  expect(idsOf(packet({...declared, fields: {}}))).toEqual([1])
  expect(idsOf(packet({...declared, id: [16, 18], fields: {id: idByte('Id', 'Its first byte.')}}))).toEqual([
    16, 17, 18,
  ])
  expect(idsOf(packet({...declared, id: null, fields: {}}))).toEqual([])
})

it('a packet without an id byte is written without one, and one of a range with the first unless another is given', () => {
  const fields = {size: uint('Size', 'One.', 1)}
  expect(encodePartial(packet({...declared, id: null, fields}), {size: 7})).toEqual(Uint8Array.of(7))
  const ranged = packet({...declared, id: [16, 18], fields})
  expect(encodePartial(ranged, {size: 7})).toEqual(Uint8Array.of(16, 7))
  expect(encodePartial(ranged, {size: 7}, 18)).toEqual(Uint8Array.of(18, 7))
  expect(() => encodePartial(ranged, {size: 7}, 19)).toThrow('19 is not an id of example')
})

it('a packet can be too long unless its last field takes all bytes to the end', () => {
  const canBeLong = (fields: Parameters<typeof packet>[0]['fields']): boolean =>
    possibleFaults(packet({...declared, fields})).some(({kind, field}) => kind === 'long' && field === '')
  const size = uint('Size', 'Of the name.', 1)
  expect(canBeLong({size})).toBe(true)
  expect(canBeLong({size, name: text('Name', 'Any.', {min: 0, max: 9, sizedBy: 'size'})})).toBe(true)
  expect(canBeLong({size, name: text('Name', 'Any.', {min: 0, max: 9})})).toBe(false)
  expect(canBeLong({size, data: bytes(9)})).toBe(false)
})

describe('a list', () => {
  const of = uint('Each', 'One.', 2)
  const free = packet({...declared, fields: {all: list('All', 'All.', {of, min: 0, max: 3})}})
  const counted = packet({
    ...declared,
    fields: {count: uint('Count', 'Of all.', 1), all: list('All', 'All.', {of, min: 0, max: 3, countedBy: 'count'})},
  })

  it('ends at its greatest number, at the packet, or before an element that is cut off', () => {
    expect(fieldsOf(windowOf(free, '01000100020003'))).toEqual({all: [1, 2, 3]})
    expect(fieldsOf(windowOf(free, '010001000200030004'))).toEqual({all: [1, 2, 3]})
    expect(restRange(windowOf(free, '010001000200030004'))).toEqual([7, 9])
    expect(fieldsOf(windowOf(free, '01000100'))).toEqual({all: [1]})
  })

  it('ends at the number that is given before it', () => {
    expect(fieldsOf(windowOf(counted, '0102000100020003'))).toEqual({count: 2, all: [1, 2]})
    expect(restRange(windowOf(counted, '0102000100020003'))).toEqual([6, 8])
  })
})

describe('a padded address', () => {
  const type = packet({...declared, fields: {ip_port: ipPort('Address', 'Where.', {padded: true, families: [2, 10]})}})

  it('of IPv4 shows its padding where a byte of it is not zero, and that is a fault of these bytes', () => {
    for (let place = 0; place < 12; place++) {
      const padding = `${'00'.repeat(place)}ff${'00'.repeat(11 - place)}`
      const window = windowOf(type, `01020a000001${padding}829d`)
      expect(fieldOf(window, 'ip_port')).toEqual({family: 2, ip: '10.0.0.1', port: 0x829d, padding})
      expect(faults(window)).toEqual([{kind: 'range', field: 'ip_port', range: [6, 18], value: 2}])
    }
    const usual = windowOf(type, `01020a000001${'00'.repeat(12)}829d`)
    expect(fieldOf(usual, 'ip_port')).toEqual({family: 2, ip: '10.0.0.1', port: 0x829d})
    expect(faults(usual)).toEqual([])
  })

  it('of IPv6 has no padding', () => {
    const window = windowOf(type, `010a${'20010db8'.repeat(4)}829d`)
    expect(fieldOf(window, 'ip_port')).toMatchObject({family: 10, port: 0x829d})
    expect(fieldOf(window, 'ip_port')).not.toHaveProperty('padding')
    expect(faults(window)).toEqual([])
  })
})

it('bytes are UTF-8 where the decoder of the platform takes them as that', () => {
  const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})
  const isText = (tried: Uint8Array): boolean => {
    try {
      decoder.decode(tried)
      return true
    } catch {
      return false
    }
  }
  // The first and last bytes of every kind.
  const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee]
  const edge = fc.constantFrom(...edges, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff)
  fc.assert(
    fc.property(fc.array(edge, {maxLength: 5}), numbers => {
      const tried = Uint8Array.from(numbers)
      expect(invalidAt(tried, 0, tried.length) === -1).toBe(isText(tried))
    }),
    {numRuns: 5000, seed: 1},
  )
})
