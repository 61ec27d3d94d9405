import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {SessionRecord} from '../../src/session/record.js'
import type {Node} from '../../src/tree/node.js'
import {recordTree} from '../../src/tree/record-tree.js'
import {hex, lonePacket, smallRecords} from '../view/records.js'
import {damagedScene} from '../view/scene.js'

/** A node and all below it. */
const flat = (node: Node): Node[] => [node, ...node.children().flatMap(flat)]
const find = (record: SessionRecord, title: string): Node =>
  flat(recordTree(record)).find(node => node.title === title)!
const codes = (record: SessionRecord) =>
  flat(recordTree(record)).flatMap(node => node.findings.map(({code}) => `${node.title}: ${code}`))

/** Every finding stands once. */
function expectAllFindings(record: SessionRecord): void {
  const shown = flat(recordTree(record)).flatMap(node => node.findings)
  expect(new Set(shown)).toEqual(new Set(record.findings))
  expect(shown.length).toBe(record.findings.length)
}

/** Leaves, id bytes and nothing else cover the packet, each byte once. */
function expectTiled(record: SessionRecord): void {
  const {window} = record
  if (!window || record.opened.length > 0) return
  const level = recordTree(record)
    .children()
    .find(node => node.title === window.type.title)!
  const ranges = flat(level)
    .flatMap(node => (node.children().length === 0 ? [node.range!] : node.own ? [node.own] : []))
    .filter(([start, end]) => end > start)
  let at = 0
  for (const [start, end] of ranges) {
    expect(start).toBe(at)
    at = end
  }
  expect(at).toBe(window.end - window.start)
}

describe('recordTree', () => {
  it('shows the type of a packet, and what it carries below it', () => {
    const record = lonePacket(
      hex(`06 ${'9f'.repeat(32)} 18 ${'aa'.repeat(32)} ${'bb'.repeat(24)} ${'cc'.repeat(88)}`),
      'client',
    )
    const root = recordTree(record)
    expect([root.title, root.text]).toEqual(['OobSend', 'to 9f9f…9f9f, 145 bytes'])
    expect(flat(root).map(({title, range}) => [title, range])).toEqual([
      ['OobSend', undefined],
      ['OobSend', [0, 178]],
      ['Destination', [1, 33]],
      ['Data', [33, 178]],
      ['CookieRequest', [33, 178]],
      ['DHT key', [34, 66]],
      ['Nonce', [66, 90]],
      ['Payload', [90, 178]],
    ])
  })

  it('puts each finding at the innermost node whose bytes it names', () => {
    expect(codes(lonePacket(hex('04 0102030405060708 ff'), 'client'))).toEqual(['Rest: packet-too-long'])
    expect(codes(lonePacket(hex('01 10 ab'), 'relay'))).toEqual(['Peer: packet-too-short'])
    expect(codes(lonePacket(hex(`12 1a ${'00'.repeat(20)}`), 'client'))).toEqual(['Cookie: data-payload-length'])
    expect(codes(lonePacket(hex('0a 02 01020304 82a5 00'), 'client'))).toEqual([
      'ForwardRequest: forward-request-tox-rs',
    ])
    expect(codes(lonePacket(hex('10'), 'relay'))).toEqual(['Data: data-empty-from-relay'])
  })

  it('shows a field that is cut short as far as it goes', () => {
    const cut = lonePacket(hex('01 10 abcd'), 'relay')
    expect(recordTree(cut).text).toBe('cut short, 4 bytes')
    expect(find(cut, 'Peer').text).toBe('cut short, 2 of 32 bytes: abcd')
    expect(find(lonePacket(hex('04'), 'client'), 'Ping id').text).toBe('missing')
  })

  it('shows an opened box in place of the box, where its sealed bytes are', async () => {
    const records = await smallRecords()
    expect(flat(recordTree(records[1]!)).map(({title, range}) => [title, range])).toEqual([
      ['ClientHandshake', undefined],
      ['ClientHandshake', [0, 128]],
      ['Client key', [0, 32]],
      ['Nonce', [32, 56]],
      ['Session key', [72, 104]],
      ['Base nonce', [104, 128]],
    ])
  })

  it('marks what is worked out', async () => {
    const records = await smallRecords()
    const pong = records.find(({inferred}) => inferred?.roundTrip)!
    const inferred = flat(recordTree(pong)).filter(node => node.inferred)
    expect(inferred.map(({title, text}) => [title, text])).toEqual([
      ['Round trip', '12.345 ms, answers the ping in frame +0'],
    ])
  })

  it('shows the state of a frame', async () => {
    const records = await damagedScene()
    const heads = records
      .filter(({kind}) => kind === 'frame')
      .map(record => `${recordTree(record).title} ${recordTree(record).text}`)
    expect(heads).toEqual(['Frame empty', 'Frame does not open', 'Frame sealed', 'OnionResponse 121 bytes'])
  })

  it('shows every finding once and covers every byte, whatever the bytes are', async () => {
    for (const record of [...(await smallRecords()), ...(await damagedScene())]) {
      expectAllFindings(record)
      expectTiled(record)
    }
    fc.assert(
      fc.property(
        fc.uint8Array({minLength: 1, maxLength: 300}),
        fc.constantFrom('client' as const, 'relay' as const, null),
        (bytes, from) => {
          const record = lonePacket(bytes, from)
          expectAllFindings(record)
          expectTiled(record)
        },
      ),
      {numRuns: 500},
    )
  })
})
