import {describe, expect, it} from 'vitest'
import {
  box,
  data,
  type Fields,
  filledText,
  ipPort,
  key,
  list,
  node,
  opaqueId,
  payload,
  struct,
  text,
  uint,
  uint64,
  when,
  zeros,
} from '../../../src/wire/field.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {faults, possibleFaults} from '../../../src/wire/layout-faults.js'
import {sizeBounds} from '../../../src/wire/packet.js'
import {fieldOf, fieldsOf, restRange, spans, summaryOf} from '../../../src/wire/window.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'
import {typeWith, windowOf} from './example-type.js'

const of = uint('Each', 'One.', 2)
const ipv4 = '027f0000018235'
const ipv6 = `0a${'20010db8'.padEnd(32, '0')}8235`
const pk = '11'.repeat(32)
const small = [[1, 3]] as const

/** One of each kind of field, as the only one of a packet, at its least and greatest size. */
const kinds: Readonly<
  Record<string, readonly [field: Fields[string], least: string, most: string, faults: readonly string[]]>
> = {
  key: [key('Key', 'One.'), pk, pk, ['short', 'long']],
  'opaque id': [opaqueId('Id', 'One.'), '01'.repeat(8), '01'.repeat(8), ['short', 'long']],
  number: [uint('Number', 'One.', 4), '00000000', 'ffffffff', ['short', 'long']],
  'number of a range': [uint('Number', 'One.', 1, small), '01', '03', ['short', 'range', 'long']],
  'number of 8 bytes': [uint64('Number', 'One.'), '00'.repeat(8), 'ff'.repeat(8), ['short', 'long']],
  'padded address': [
    ipPort('Address', 'One.', {padded: true, families: [2, 10]}),
    `027f000001${'00'.repeat(12)}8235`,
    ipv6,
    ['short', 'range', 'family', 'long'],
  ],
  address: [ipPort('Address', 'One.', {padded: false, families: [2, 10]}), ipv4, ipv6, ['short', 'family', 'long']],
  node: [node('Node', 'One.'), `${ipv4}${pk}`, `${ipv6}${pk}`, ['short', 'long']],
  'node of a family': [node('Node', 'One.', [2, 10]), `${ipv4}${pk}`, `${ipv6}${pk}`, ['short', 'family', 'long']],
  data: [data('Data', 'Any.', {min: 1, max: 3}), '01', '010203', ['short', 'long of it']],
  'data that may be empty': [data('Data', 'Any.', {min: 0, max: 3}), '', '010203', ['long of it']],
  payload: [payload('Payload', 'A packet.', {min: 1, max: 2, layer: 'payload'}), '18', '1800', ['short', 'long of it']],
  box: [
    box('Box', 'Sealed.', {min: 17, max: 18, keys: 'dht'}),
    '00'.repeat(17),
    '00'.repeat(18),
    ['short', 'long of it'],
  ],
  text: [text('Text', 'Any.', {min: 1, max: 3}), '61', 'e282ac', ['short', 'long of it', 'text']],
  'text that is filled up': [filledText('Text', 'Any.', 3), '000000', 'e282ac', ['short', 'text', 'long']],
  zeros: [zeros('Zeros', 'Any.', 2), '', '0000', ['short', 'long']],
  struct: [struct('Struct', 'Two.', {first: of, second: of}), '00010002', '00010002', ['short', 'long']],
  list: [list('List', 'Some.', {of, min: 1, max: 2}), '0001', '00010002', ['short', 'long of it', 'long']],
  'list of nodes': [
    list('List', 'Some.', {of: node('Node', 'One.', [2, 10]), min: 0, max: 2}),
    '',
    `${ipv6}${pk}${ipv6}${pk}`,
    ['short', 'long of it', 'family', 'long'],
  ],
}

describe.each(Object.entries(kinds))('a field that is a %s', (_, [field, least, most, possible]) => {
  const faultsOf = (hex: string) => faults(windowOf({field}, hex))

  it('has a least and a greatest size, and no fault with them', () => {
    expect(sizeBounds(field)).toEqual([least.length / 2, most.length / 2])
    for (const hex of [least, most]) {
      expect(faultsOf(hex)).toEqual([])
      expect(spans(windowOf({field}, hex))).toEqual([
        {name: 'field', spec: field, range: [0, hex.length / 2], complete: true},
      ])
      expect(restRange(windowOf({field}, hex))).toBeUndefined()
    }
  })

  it('is written as it is read', () => {
    for (const hex of [least, most]) {
      const window = windowOf({field}, hex)
      expect(toHex(encodePartial(window.type, fieldsOf(window) as PartialValues))).toBe(hex)
      expect(summaryOf(window, String)).toBe('read')
    }
  })

  it('is short or long by one byte, which is a fault of these bytes', () => {
    if (least !== '') expect(faultsOf(least.slice(2))).toMatchObject([{kind: 'short', field: 'field'}])
    const length = most.length / 2
    const [fault] = faultsOf(`${most}01`)
    if (possible.includes('long'))
      expect(fault).toEqual({kind: 'long', field: '', range: [length, length + 1], value: length + 1})
    else expect(fault).toEqual({kind: 'long', field: 'field', range: [0, length + 1], value: length + 1})
  })

  it('has the faults that rules must answer', () => {
    expect(
      possibleFaults(typeWith({field})).map(({kind, field: name}) =>
        kind === 'long' && name !== '' ? 'long of it' : kind,
      ),
    ).toEqual(possible)
  })
})

describe('a number of a range', () => {
  it.each([
    [1, '00', 0],
    [1, '04', 4],
    [2, '0100', 256],
    [2, '0000', 0],
    [4, '01000003', 0x0100_0003],
  ] as const)('of %i bytes has a fault of its value where that is %s', (size, hex, value) => {
    const fields = {first: uint('First', 'Any.', 1), number: uint('Number', 'One.', size, small)}
    expect(faults(windowOf(fields, `07${hex}`))).toEqual([
      {kind: 'range', field: 'number', range: [1, 1 + size], value},
    ])
    expect(
      faults(windowOf(fields, `07${hex}07`)).map(({kind}) => kind),
      'in a packet that is too long',
    ).toEqual(['range', 'long'])
  })

  it('may have several ranges', () => {
    const fields = {
      number: uint('Number', 'One.', 1, [
        [0, 0],
        [16, 255],
      ]),
    }
    const wrong = Array.from({length: 256}, (_, value) => value).filter(
      value => faults(windowOf(fields, toHex(Uint8Array.of(value)))).length > 0,
    )
    expect(wrong).toEqual(Array.from({length: 15}, (_, at) => at + 1))
  })
})

describe('a family', () => {
  it.each([
    ['an address', ipPort('Address', 'One.', {padded: false, families: [10]}), ipv4],
    ['a padded address', ipPort('Address', 'One.', {padded: true, families: [10]}), `027f000001${'00'.repeat(12)}8235`],
    ['a node', node('Node', 'One.', [10]), `${ipv4}${pk}`],
  ] as const)('of %s that receivers do not act on is a fault of its byte', (_, field, hex) => {
    expect(faults(windowOf({first: of, field}, `0000${hex}`))).toEqual([
      {kind: 'family', field: 'field', range: [2, 3], value: 2},
    ])
  })

  it('is a fault in the second element of a list, and in a struct there', () => {
    const inList = list('List', 'Some.', {of: node('Node', 'One.', [2]), min: 0, max: 2})
    expect(faults(windowOf({inList}, `${ipv4}${pk}${ipv6}${pk}`))).toEqual([
      {kind: 'family', field: 'inList', range: [39, 40], value: 10},
    ])
    const inStruct = list('List', 'Some.', {
      of: struct('Each', 'Two.', {number: of, address: ipPort('Address', 'One.', {padded: false, families: [2]})}),
      min: 0,
      max: 2,
    })
    expect(faults(windowOf({inStruct}, `0001${ipv6}`))).toEqual([
      {kind: 'family', field: 'inStruct', part: 'address', range: [2, 3], value: 10},
    ])
    expect(possibleFaults(typeWith({inStruct})).map(({kind}) => kind)).toEqual(['short', 'long', 'family', 'long'])
  })
})

describe('texts', () => {
  it('that are filled up may hold anything after their end', () => {
    const field = filledText('Text', 'Any.', 4)
    expect(faults(windowOf({field}, '6100ffff'))).toEqual([])
    expect(faults(windowOf({field}, '61ff0000'))).toEqual([{kind: 'text', field: 'field', range: [1, 2], value: 255}])
    expect(faults(windowOf({field}, '616161ff'))).toEqual([{kind: 'text', field: 'field', range: [3, 4], value: 255}])
  })

  it('in elements of a list have faults of their size and of their bytes', () => {
    const named = struct('Each', 'Named.', {
      size: uint('Size', 'Of it.', 1),
      name: text('Name', 'Any.', {min: 1, max: 2, sizedBy: 'size'}),
    })
    const field = list('List', 'Some.', {of: named, min: 0, max: 3})
    expect(faults(windowOf({field}, '016100'))).toEqual([
      {kind: 'short', field: 'field', part: 'name', range: [3, 3], value: 0},
    ])
    expect(faults(windowOf({field}, '0161036161ff'))).toEqual([
      {kind: 'long', field: 'field', part: 'name', range: [3, 6], value: 3},
    ])
    expect(faults(windowOf({field}, '016102c361'))).toEqual([
      {kind: 'text', field: 'field', part: 'name', range: [3, 4], value: 0xc3},
    ])
    expect(possibleFaults(typeWith({field})).map(({kind}) => kind)).toEqual(['short', 'long', 'text', 'long'])
  })
})

describe('a field that is there only with some values of another', () => {
  const fields = {what: uint('What', 'Is there.', 1), field: when('what', [1], uint('Number', 'One.', 2, small))}

  it('has no bytes and no fault where it is absent, and its own faults where it is there', () => {
    expect(sizeBounds(fields.field)).toEqual([0, 2])
    expect(faults(windowOf(fields, '00'))).toEqual([])
    expect(fieldOf(windowOf(fields, '00'), 'field')).toBeNull()
    expect(faults(windowOf(fields, '010003'))).toEqual([])
    expect(faults(windowOf(fields, '010004'))).toEqual([{kind: 'range', field: 'field', range: [1, 3], value: 4}])
    expect(faults(windowOf(fields, '0100'))).toEqual([{kind: 'short', field: 'field', range: [1, 2], value: 1}])
  })
})
