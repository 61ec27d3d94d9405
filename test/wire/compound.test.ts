import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {list, node, struct, text, uint, uint64, when, zeros} from '../../src/wire/field.js'
import {fromHex, toHex} from '../../src/wire/hex/hex-bytes.js'
import {faults} from '../../src/wire/layout-faults.js'
import {type PacketType, packet} from '../../src/wire/packet.js'
import {invalidAt, textBytes, textOf} from '../../src/wire/text/utf8.js'
import {fieldsOf, noShift, restRange, Window} from '../../src/wire/window.js'
import {encodePartial} from '../../src/wire/write.js'

const declared = {layer: 'packet', sentBy: [], about: '', source: '', summary: () => ''} as const
const peer = struct('Peer', 'One.', {
  number: uint('Number', 'Of the peer.', 2),
  size: uint('Size', 'Of the name.', 1),
  name: text('Name', 'Of the peer.', {min: 0, max: 4, sizedBy: 'size'}),
})
const peers = packet({
  ...declared,
  name: 'peers',
  id: 1,
  title: 'Peers',
  fields: {
    padding: zeros('Padding', 'Before all.', 7),
    peers: list('Peers', 'All.', {of: peer, min: 1, max: 3}),
  },
})
const seek = packet({
  ...declared,
  name: 'seek',
  id: 2,
  title: 'Seek',
  fields: {what: uint('What', 'Is done.', 1), position: when('what', [3], uint64('Position', 'In the file.'))},
})
const nodes = packet({
  ...declared,
  name: 'nodes',
  id: 3,
  title: 'Nodes',
  fields: {
    count: uint('Count', 'Of nodes.', 1),
    nodes: list('Nodes', 'All.', {of: node('Node', 'One.', [2, 10]), min: 0, max: 4, countedBy: 'count'}),
  },
})

const windowOf = (type: PacketType, hex: string): Window => {
  const bytes = fromHex(hex)
  return new Window(type, bytes, 0, bytes.length, noShift)
}

describe('a list of structs', () => {
  it('reads whole elements, and leaves what is not one as the rest', () => {
    const window = windowOf(peers, '01000000010268690000')
    expect(fieldsOf(window)).toEqual({padding: 3, peers: []})
    expect(restRange(window)).toEqual([4, 10])
  })

  it('takes the size of each text from the number before it', () => {
    const window = windowOf(peers, '0101050268690102007f')
    expect(fieldsOf(window)).toEqual({
      padding: 0,
      peers: [
        {number: 0x0105, size: 2, name: 'hi'},
        {number: 0x0102, size: 0, name: ''},
      ],
    })
    expect(restRange(window)).toEqual([9, 10])
    expect(faults(window)).toEqual([{kind: 'long', field: '', range: [9, 10], value: 10}])
  })

  it('has a fault of its number of elements, and of text that is not UTF-8', () => {
    expect(faults(windowOf(peers, '01'))).toMatchObject([{kind: 'short', field: 'peers'}])
    expect(faults(windowOf(peers, '01010001ff'))).toEqual([
      {kind: 'text', part: 'name', field: 'peers', range: [4, 5], value: 0xff},
    ])
  })
})

describe('a field that another one announces', () => {
  it('is absent, or has all its bytes', () => {
    expect(fieldsOf(windowOf(seek, '0200'))).toEqual({what: 0, position: null})
    expect(fieldsOf(windowOf(seek, '02030000000000000007'))).toEqual({what: 3, position: 7n})
    expect(faults(windowOf(seek, '020300'))).toEqual([{kind: 'short', field: 'position', range: [2, 3], value: 1}])
    expect(faults(windowOf(seek, '020100'))).toEqual([{kind: 'long', field: '', range: [2, 3], value: 3}])
  })

  it('is written only where it is there', () => {
    expect(toHex(encodePartial(seek, {what: 1, position: null}))).toBe('0201')
    expect(toHex(encodePartial(seek, {what: 3, position: 1n}))).toBe('02030000000000000001')
  })
})

it('counts elements by an earlier number, and names the family that is not one', () => {
  const one = `0a${'00'.repeat(16)}0001${'11'.repeat(32)}`
  expect(faults(windowOf(nodes, `0301${one}`))).toEqual([])
  expect(faults(windowOf(nodes, `0302${one}`))).toMatchObject([{kind: 'short', field: 'nodes'}])
  expect(faults(windowOf(nodes, `0301ff${one.slice(2)}`))).toEqual([
    {kind: 'family', field: 'nodes', range: [2, 3], value: 255},
  ])
})

describe('text', () => {
  it.each([
    ['6869', 'hi'],
    ['efbbbf41', '\ufeffA'],
    ['d090ff41', '\u0410\\xffA'],
    ['5c786666', '\\x5cxff'],
    ['5c7831', '\\x1'],
    ['eda080', '\\xed\\xa0\\x80'],
    ['c080', '\\xc0\\x80'],
    ['f09f9880', '\u{1f600}'],
  ])('%s is %j', (hex, expected) => {
    const bytes = fromHex(hex)
    expect(textOf(bytes, 0, bytes.length)).toBe(expected)
    expect(toHex(textBytes(expected))).toBe(hex)
  })

  it('gives the same bytes back, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string().map(textBytes)), bytes => {
        expect(textBytes(textOf(bytes, 0, bytes.length))).toEqual(bytes)
      }),
    )
  })

  it('is invalid where the decoder of the platform refuses it', () => {
    const decoder = new TextDecoder('utf-8', {fatal: true})
    const refuses = (bytes: Uint8Array): boolean => {
      try {
        decoder.decode(bytes)
        return false
      } catch {
        return true
      }
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0x41, 0x80, 0x90, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4)), values => {
        const bytes = Uint8Array.from(values)
        expect(invalidAt(bytes, 0, bytes.length) >= 0).toBe(refuses(bytes))
      }),
    )
  })
})
