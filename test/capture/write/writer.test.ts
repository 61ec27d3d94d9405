import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {CaptureReader} from '../../../src/capture/reader.js'
import {TcpWriter} from '../../../src/capture/write/tcp-writer.js'
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../src/capture/write/writer.js'
import {bytesOf, run} from '../collect.js'
import {FrameList} from '../frame-list.js'
import {v4, v6} from '../wire.js'

describe('pcapng blocks', () => {
  test('are read back', () => {
    const times = [
      {micros: 1_795_399_252_996_747, nanos: 0},
      {micros: 1_795_399_252_996_748, nanos: 999},
    ]
    const file = Buffer.concat([
      sectionHeader({comment: 'a comment', application: 'toxtcp'}),
      interfaceDescription({linkType: 1, snaplen: 65535, name: 'proxy'}),
      interfaceDescription({linkType: 101, resolution: 9}),
      decryptionSecrets(0x544f584b, Buffer.from('five!')),
      enhancedPacket({time: times[0]!, bytes: Uint8Array.of(1, 2, 3), originalLength: 90, comment: 'ünï'}),
      enhancedPacket({interfaceId: 1, time: times[1]!, bytes: Uint8Array.of(4), resolution: 9}),
    ])
    const seen: unknown[] = []
    const reader = new CaptureReader()
    for (const item of reader.read(file)) {
      if (item.kind === 'secrets') seen.push([item.type, Buffer.from(item.data).toString()])
      else {
        const {time, linkType, bytes, start, end, originalLength, interfaceId} = item
        seen.push([time, linkType, [...bytes.subarray(start, end)], originalLength, interfaceId])
      }
    }
    expect(reader.end()).toEqual({packets: 2, bytes: file.length})
    expect(seen).toEqual([
      [0x544f584b, 'five!'],
      [times[0], 1, [1, 2, 3], 90, 0],
      [times[1], 101, [4], 1, 1],
    ])
  })
})

describe('TCP frames', () => {
  /** A pcapng of the frames. */
  const fileOf = (frames: readonly Uint8Array[]) =>
    Buffer.concat([
      sectionHeader(),
      interfaceDescription({linkType: 1}),
      ...frames.map((bytes, i) => enhancedPacket({time: {micros: i, nanos: 0}, bytes})),
    ])

  test.each([
    ['IPv4', v4],
    ['IPv6', v6],
  ] as const)('over %s carry what was given, whatever its size', (_, ends) => {
    const write = fc.tuple(fc.constantFrom(0 as const, 1 as const), fc.uint8Array({maxLength: 5000}))
    fc.assert(
      fc.property(
        fc.array(write, {maxLength: 8}),
        fc.integer({min: 1, max: 2000}),
        fc.nat(0xffffffff),
        (writes, mss, initial) => {
          const frames = new FrameList()
          const writer = new TcpWriter(ends, frames, {mss, initialSequence: [initial, 5]})
          writer.open()
          for (const [from, bytes] of writes) writer.data(from, bytes)
          writer.fin(0)
          writer.fin(1)
          const {collector, counters} = run(fileOf(frames.all))
          const [connection] = collector.connections
          expect(connection!.opened).toMatchObject({ends, hasSyn: true})
          expect(connection!.closes).toEqual([['fin'], ['fin']])
          for (const end of [0, 1] as const) {
            expect(
              bytesOf(connection!.pieces[end]).equals(
                Buffer.concat(writes.filter(([from]) => from === end).map(([, bytes]) => bytes)),
              ),
            ).toBe(true)
          }
          expect(counters).toMatchObject({gaps: 0, retransmissions: 0, bad: 0})
        },
      ),
      {numRuns: 40},
    )
  })

  test('a reset is one', () => {
    const frames = new FrameList()
    const writer = new TcpWriter(v4, frames)
    writer.open()
    writer.rst(1)
    expect(run(fileOf(frames.all)).collector.connections[0]!.closes).toEqual([['capture_end'], ['rst']])
  })

  test.each([
    ['::ffff:10.0.0.1', '::ffff:10.0.0.2', '10.0.0.1', '10.0.0.2'],
    ['10.0.0.1', '2001:db8::2', '::ffff:10.0.0.1', '2001:db8::2'],
    ['fe80::1%eth0', 'fe80::2%eth0', 'fe80::1', 'fe80::2'],
  ])('between %s and %s', (a, b, seenA, seenB) => {
    const frames = new FrameList()
    const ends = [
      {ip: a, port: 1},
      {ip: b, port: 2},
    ] as const
    new TcpWriter(ends, frames).open()
    expect(run(fileOf(frames.all)).collector.connections[0]!.opened.ends.map(end => end.ip)).toEqual([seenA, seenB])
  })

  test('a name is not an address', () => {
    expect(() => new TcpWriter([{ip: 'localhost', port: 1}, v4[1]], new FrameList())).toThrow(RangeError)
  })
})
