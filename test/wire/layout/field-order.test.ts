import {describe, expect, it} from 'vitest'
import {box, data, idByte, ipPort, list, payload, text, uint} from '../../../src/wire/field.js'
import {fromHex} from '../../../src/wire/hex/hex-bytes.js'
import {faults, possibleFaults} from '../../../src/wire/layout-faults.js'
import {packet} from '../../../src/wire/packet.js'
import {fieldOf, fieldsOf, noShift, spans, summaryOf, Window} from '../../../src/wire/window.js'
import {typeWith, windowOf} from './example-type.js'

const of = uint('Each', 'One.', 2)
const small = [[1, 3]] as const

describe('fields in order', () => {
  it('give a packet a place for its payload, and what is after it', () => {
    const tail = payload('Payload', 'A packet.', {min: 1, max: 9, layer: 'payload'})
    expect(typeWith({first: of, tail})).toMatchObject({
      tail: 1,
      tailAt: 2,
      tailBehind: 0,
      carried: 'payload',
      wholeFrom: 3,
      minLength: 3,
      maxLength: 11,
      trailing: {index: 1, isSealed: false},
    })
    expect(typeWith({first: of, tail, last: of})).toMatchObject({
      tail: 1,
      tailAt: 2,
      tailBehind: 2,
      carried: 'payload',
      wholeFrom: undefined,
      trailing: undefined,
    })
    const address = ipPort('Address', 'One.', {padded: false, families: [2]})
    expect(typeWith({address, tail})).toMatchObject({
      tail: 1,
      tailAt: undefined,
      wholeFrom: undefined,
      ranged: undefined,
    })
    const sealed = box('Box', 'Sealed.', {min: 17, max: 30, keys: 'dht'})
    expect(typeWith({first: of, sealed})).toMatchObject({
      tail: 1,
      carried: undefined,
      wholeFrom: 19,
      plain: undefined,
      trailing: {index: 1, isSealed: true},
    })
    expect(typeWith({first: of})).toMatchObject({
      tail: -1,
      tailAt: undefined,
      carried: undefined,
      wholeFrom: 2,
      trailing: undefined,
    })
    const fixed = box('Box', 'Sealed.', {min: 17, max: 17, keys: 'dht'})
    expect(typeWith({fixed})).toMatchObject({tail: 0, wholeFrom: 17, trailing: undefined})
  })

  it('are looked at again only where their values have a range', () => {
    const number = uint('Number', 'One.', 1, small)
    const address = ipPort('Address', 'One.', {padded: true, families: [2]})
    expect(typeWith({first: of, number, address, last: of}).ranged?.map(({name}) => name)).toEqual([
      'number',
      'address',
    ])
    expect(typeWith({first: of}).ranged).toEqual([])
    expect(typeWith({name: text('Text', 'Any.', {min: 0, max: 3})}).ranged).toBeUndefined()
  })

  it('of which a field runs to the end leave bytes to those after it', () => {
    const fields = {rest: data('Data', 'Any.', {min: 0, max: 9}), last: of}
    expect(fieldsOf(windowOf(fields, '0102030004'))).toEqual({rest: Uint8Array.of(1, 2, 3), last: 4})
    expect(fieldsOf(windowOf(fields, '0004'))).toEqual({rest: new Uint8Array(0), last: 4})
    expect(faults(windowOf(fields, '04'))).toEqual([{kind: 'short', field: 'last', range: [0, 1], value: 1}])
    const listed = {all: list('List', 'Some.', {of, min: 0, max: 9}), last: uint('Last', 'One.', 1)}
    expect(fieldsOf(windowOf(listed, '0001000203'))).toEqual({all: [1, 2], last: 3})
  })

  it('end before the first that a packet does not have in full', () => {
    const fields = {first: of, second: of}
    expect(fieldOf(windowOf(fields, '000102'), 'first')).toBe(1)
    expect(fieldOf(windowOf(fields, '000102'), 'second')).toBeUndefined()
    expect(fieldOf(windowOf(fields, '000102'), 'third' as never)).toBeUndefined()
    expect(fieldsOf(windowOf(fields, '000102'))).toBeUndefined()
    expect(summaryOf(windowOf(fields, '000102'), String)).toBeUndefined()
    expect(faults(windowOf(fields, '000102'))).toEqual([{kind: 'short', field: 'second', range: [2, 3], value: 1}])
  })
})

describe('an id that is a field', () => {
  const type = packet({
    ...typeWith({}),
    name: 'data',
    id: [16, 255],
    fields: {id: idByte('Id', 'Its first byte.'), data: data('Data', 'Any.', {min: 1, max: 2})},
  })
  const of = (hex: string): Window => new Window(type, fromHex(hex), 0, hex.length / 2, noShift)

  it('is the first byte, and takes none of its own', () => {
    expect(fieldsOf(of('1102'))).toEqual({id: 0x11, data: Uint8Array.of(2)})
    expect(spans(of('1102')).map(({name, range, complete}) => [name, range, complete])).toEqual([
      ['id', [0, 1], true],
      ['data', [1, 2], true],
    ])
    expect(faults(of(''))).toEqual([{kind: 'short', field: 'id', range: [0, 0], value: 0}])
    expect(fieldOf(of(''), 'id')).toBeUndefined()
    expect(faults(of('11'))).toEqual([{kind: 'short', field: 'data', range: [1, 1], value: 0}])
    expect(possibleFaults(type)).toEqual([
      {kind: 'short', field: 'data'},
      {kind: 'long', field: 'data'},
    ])
  })
})
