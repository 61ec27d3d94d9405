import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {limits} from '../../../src/capture/limits.js'
import {PacketTracker} from '../../../src/capture/packet-tracker.js'
import {hasWrongSum} from '../../../src/wire/internet/checksum.js'
import {packetsOf} from '../collect.js'
import {frameOf, type Sent, v6, Wire} from '../wire.js'

/** Offset of the checksum in an Ethernet frame with IPv4 and TCP; IPv6 has 20 bytes more. */
const fieldAt = 14 + 20 + 16

/** The frame with another checksum. */
function withSum(sent: Sent, change: (field: number) => number): Uint8Array {
  const frame = Uint8Array.from(frameOf(sent))
  const view = new DataView(frame.buffer)
  view.setUint16(fieldAt, change(view.getUint16(fieldAt)))
  return frame
}

const wrong = (sent: Sent): Uint8Array => withSum(sent, field => field ^ 1)

/** Packets whose bytes are damaged, as the chunks of a capture say. */
function damagedPackets(frames: readonly Uint8Array[], capturedBytes = Number.POSITIVE_INFINITY): number[] {
  const tracker = new PacketTracker()
  return frames.flatMap((bytes, index) => {
    const end = Math.min(bytes.length, capturedBytes)
    const fields = {linkType: 1, bytes, start: 0, end, originalLength: bytes.length, offset: 0, interfaceId: 0}
    const time = {micros: 1000 * index, nanos: 0}
    const packet = {kind: 'packet' as const, number: index + 1, time, source: null, options: [], ...fields}
    return tracker.add(packet).events.flatMap(event => {
      if (event.kind !== 'chunk' || !event.chunk.bytes) return []
      return hasWrongSum(event.chunk.sum!, event.chunk.bytes) ? [event.chunk.origin!.packet] : []
    })
  })
}

const syn = frameOf({from: 0, seq: 1000, flags: 'S'})
const data = {from: 0, seq: 1001, data: 'abcdefg'} as const

describe('the checksum of a segment', () => {
  test('is wrong where its bytes are other ones', () => {
    const damaged = Uint8Array.from(frameOf(data))
    damaged[damaged.length - 1]! ^= 1
    expect(damagedPackets([syn, damaged])).toEqual([2])
    expect(damagedPackets([syn, frameOf(data)])).toEqual([])
  })

  test('is wrong in IPv6, too', () => {
    const opened = frameOf({from: 0, seq: 1000, flags: 'S'}, v6)
    const damaged = Uint8Array.from(frameOf(data, v6))
    damaged[damaged.length - 1]! ^= 1
    expect(damagedPackets([opened, damaged])).toEqual([2])
    expect(damagedPackets([opened, frameOf(data, v6)])).toEqual([])
  })

  test('means nothing in a direction where none was right yet', () => {
    expect(damagedPackets([wrong({from: 0, seq: 1000, flags: 'S'}), wrong(data)])).toEqual([])
    const answer = {from: 1, seq: 5000, ack: 1001, flags: 'SA'} as const
    expect(damagedPackets([wrong({from: 0, seq: 1000, flags: 'S'}), frameOf(answer), wrong(data)])).toEqual([])
  })

  test('is not looked at any more where none of checkedSegments was right', () => {
    const wrongOnes = (count: number) =>
      Array.from({length: count}, (_, n) => wrong({from: 0, seq: 1001 + n, data: 'x'}))
    const then = (count: number) => [
      frameOf({from: 0, seq: 1001 + count, data: 'x'}),
      wrong({...data, seq: 1002 + count}),
    ]
    const last = limits.checkedSegments - 1
    expect(damagedPackets([...wrongOnes(last), ...then(last)])).toEqual([last + 2])
    const over = limits.checkedSegments
    expect(damagedPackets([...wrongOnes(over), ...then(over)])).toEqual([])
  })

  test.each([
    ['the sum of the ends and the length', (length: number) => length],
    ['the sum of the ends', () => 0],
  ])('is not wrong where the network card was to compute it, and has %s', (_, lengthOf) => {
    const words = [0x0a00, 0x0001, 0x0a00, 0x0002, 6, lengthOf(20 + data.data.length)]
    const sum = words.reduce((total, word) => total + word, 0)
    expect(damagedPackets([syn, withSum(data, () => sum)])).toEqual([])
    expect(damagedPackets([syn, withSum(data, () => 0)])).toEqual([])
    expect(damagedPackets([syn, withSum(data, () => sum + 1)])).toEqual([2])
  })

  test('is wrong of all fragments of a datagram in one of which a byte is another one', () => {
    const whole = packetsOf(readFileSync('fixtures/variants/ipv4_fragments/capture.pcap')).map(({bytes, start, end}) =>
      Uint8Array.from(bytes.subarray(start, end)),
    )
    expect(damagedPackets(whole)).toEqual([])
    const isLast = (frame: Uint8Array) => (frame[20]! & 0x20) === 0 && (((frame[20]! & 0x1f) << 8) | frame[21]!) > 0
    const last = whole.findIndex(isLast)
    const damaged = Uint8Array.from(whole[last]!)
    damaged[damaged.length - 1]! ^= 1
    const found = damagedPackets(whole.with(last, damaged))
    expect(found).toContain(last + 1)
    expect(found.length).toBeGreaterThan(1)
    expect(damagedPackets(whole.with(last, damaged), damaged.length - 1)).toEqual([])
  })

  test('is not known where the capture cut off some bytes', () => {
    const damaged = wrong(data)
    expect(damagedPackets([syn, damaged], damaged.length - 1)).toEqual([])
  })
})

describe('bytes that come again', () => {
  test('with the right checksum replace damaged ones that wait', () => {
    const wire = new Wire().open()
    wire.packet(wrong({from: 0, seq: 1005, data: 'eXXh'}))
    wire.send({from: 0, seq: 1006, data: 'fg'}).send({from: 0, seq: 1001, data: 'abcd'})
    expect(wire.text(0)).toBe('abcdefgh')
    expect(wire.collector.conflicts).toEqual([])
  })

  test('do not replace the same ones, which keep their packet', () => {
    const wire = new Wire().open()
    wire.packet(wrong({from: 0, seq: 1005, data: 'efgh'}))
    wire.send({from: 0, seq: 1005, data: 'efgh'}).send({from: 0, seq: 1001, data: 'abcd'})
    expect(wire.connections[0]!.pieces[0].map(({packet}) => packet)).toEqual([6, 4])
  })

  test.each([
    ['the first', true, false, 4],
    ['the second', false, true, 5],
    ['both', true, true, 4],
    ['neither', false, false, undefined],
  ])('with other bytes say which packet was damaged: %s', (_, isFirstWrong, isSecondWrong, damaged) => {
    for (const start of [1001, 1002]) {
      const wire = new Wire().open()
      const packet = (isWrong: boolean, text: string) =>
        wire.packet((isWrong ? wrong : frameOf)({from: 0, seq: start, data: text}))
      packet(isFirstWrong, 'abXd')
      packet(isSecondWrong, 'abcd')
      // Those that wait for the byte before them are replaced.
      const isReplaced = start > 1001 && isFirstWrong && !isSecondWrong
      expect(wire.collector.conflicts.map(each => each.damaged)).toEqual(isReplaced ? [] : [damaged])
    }
  })

  test('are compared with the checksums of the last historySegments', () => {
    const damagedAfter = (segments: number) => {
      const wire = new Wire().open()
      wire.packet(wrong({from: 0, seq: 1001, data: 'abXd'}))
      for (let n = 0; n < segments; n++) wire.send({from: 0, seq: 1005 + n, data: 'x'})
      wire.send({from: 0, seq: 1001, data: 'abcd'})
      return wire.collector.conflicts.map(({damaged}) => damaged)
    }
    expect(damagedAfter(limits.historySegments - 1)).toEqual([4])
    expect(damagedAfter(limits.historySegments)).toEqual([undefined])
  })
})
