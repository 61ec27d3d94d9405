import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {CaptureEnd, Packet} from '../../src/capture/packet.js'
import {CaptureReader, isGzip} from '../../src/capture/reader.js'
import {captureFile, names, packetsOf, run} from './collect.js'
import {makeBlock, makeEnhanced, makeInterface, makeOption, makePcap, makeSection, number} from './make-pcap.js'

interface Read {
  readonly packets: (Packet & {data: string})[]
  readonly secrets: [number, string][]
  readonly end: CaptureEnd
}

function read(file: Uint8Array, size = file.length): Read {
  const packets: (Packet & {data: string})[] = []
  const secrets: [number, string][] = []
  const reader = new CaptureReader()
  for (let at = 0; at < file.length; at += size) {
    for (const item of reader.read(file.subarray(at, at + size))) {
      if (item.kind === 'secrets') secrets.push([item.type, Buffer.from(item.data).toString()])
      else packets.push({...item, data: Buffer.from(item.bytes.subarray(item.start, item.end)).toString('hex')})
    }
  }
  return {packets, secrets, end: reader.end()}
}

/** A matcher for the error, whatever its hint. */
const inputError = (message: string) => expect.objectContaining({name: 'InputError', message})

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const records = [
  {seconds: 1_700_000_000, fraction: 123_456, bytes: bytes('0102030405')},
  {seconds: 4_294_967_295, fraction: 999_999, bytes: bytes(''), originalLength: 60},
]

describe('pcap', () => {
  test.each([
    ['micro', 0xa1b2c3d4, 123_456, 0],
    ['nano', 0xa1b23c4d, 123, 456],
    ['modified', 0xa1b2cd34, 123_456, 0],
  ] as const)('%s, in both byte orders', (_, magic, micros, nanos) => {
    for (const little of [true, false]) {
      const file = makePcap({little, magic, linkType: 276}, records)
      const {packets, end} = read(file)
      const header = magic === 0xa1b2cd34 ? 24 : 16
      expect(packets[0]).toMatchObject({
        number: 1,
        linkType: 276,
        data: '0102030405',
        originalLength: 5,
        offset: 24 + header,
        interfaceId: 0,
      })
      expect(packets[0]!.time).toEqual({micros: 1_700_000_000_000_000 + micros, nanos})
      expect(packets[1]).toMatchObject({number: 2, data: '', originalLength: 60, offset: file.length})
      expect(end).toEqual({packets: 2, bytes: file.length})
    }
  })

  test('the lengths of old files are swapped back', () => {
    const old = {little: true, magic: 0xa1b2c3d4, minor: 2}
    const swapped = {seconds: 0, fraction: 0, bytes: bytes('aabbcc'), originalLength: 3}
    expect(read(makePcap(old, [swapped])).packets[0]).toMatchObject({data: 'aabbcc', originalLength: 3})
  })

  test('a length that no packet has is an error with its place, after all before was delivered', () => {
    const file = makePcap({little: true, magic: 0xa1b2c3d4}, [records[0]!, records[0]!])
    file.writeUInt32LE(262_145, 24 + 16 + 5 + 8)
    const seen: number[] = []
    const reader = new CaptureReader()
    expect(() => {
      for (const item of reader.read(file)) if (item.kind === 'packet') seen.push(item.number)
    }).toThrow(inputError('the record at byte 45 of the capture claims 262145 bytes, and no packet has over 262144'))
    expect(seen).toEqual([1])
  })
})

describe('pcapng', () => {
  const tsresol = (value: number) => makeOption(true, 9, Uint8Array.of(value))
  const time = (options: readonly Uint8Array[], ticks: bigint) =>
    read(
      Buffer.concat([
        makeSection(true),
        makeInterface(true, 1, 0, ...options),
        makeEnhanced(true, 0, ticks, bytes('00')),
      ]),
    ).packets[0]!.time

  test.each([
    ['none', [], 1_700_000_000_123_456n, 1_700_000_000_123_456, 0],
    ['10^-9', [tsresol(9)], 1_700_000_000_123_456_789n, 1_700_000_000_123_456, 789],
    ['10^-3', [tsresol(3)], 1_700_000_000_123n, 1_700_000_000_123_000, 0],
    ['10^0', [tsresol(0)], 1_700_000_000n, 1_700_000_000_000_000, 0],
    ['10^-12', [tsresol(12)], 1_700_000_123_456_789_999n, 1_700_000_123_456, 789],
    ['2^-20', [tsresol(0x94)], (1_700_000_000n << 20n) + 1n, 1_700_000_000_000_000, 953],
    ['2^-127', [tsresol(0xff)], 1n, 0, 0],
    ['the largest', [], 0xffff_ffff_ffff_ffffn, Number.MAX_SAFE_INTEGER, 0],
  ] as const)('time with a resolution of %s', (_, options, ticks, micros, nanos) => {
    expect(time(options, ticks)).toEqual({micros, nanos})
  })

  test('if_tsoffset is added, also a negative one', () => {
    const offset = (seconds: bigint) => {
      const value = Buffer.alloc(8)
      value.writeBigInt64LE(seconds)
      return makeOption(true, 14, value)
    }
    expect(time([tsresol(3), offset(1_700_000_000n)], 5n)).toEqual({micros: 1_700_000_000_005_000, nanos: 0})
    expect(time([offset(-10n)], 11_000_000n)).toEqual({micros: 1_000_000, nanos: 0})
    expect(time([offset(-(2n ** 63n))], 11_000_000n)).toEqual({micros: 0, nanos: 0})
  })

  test.each([true, false])('every kind of block, little-endian: %s', little => {
    const u32 = (value: number) => number(value, 4, little)
    const comment = makeOption(little, 1, Buffer.from('hello'))
    const file = Buffer.concat([
      makeSection(little),
      makeBlock(little, 4, u32(0)),
      makeInterface(little, 1, 4, comment),
      makeInterface(little, 101),
      makeBlock(little, 10, u32(0x544f5831), u32(5), Buffer.from('keys\n')),
      makeEnhanced(little, 1, 7n, bytes('aabbcc'), 9),
      makeBlock(little, 5, u32(0), u32(0), u32(0)),
      makeBlock(little, 0xbad, u32(32473), bytes('0102')),
      makeBlock(little, 3, u32(6), bytes('01020304')),
      makeBlock(little, 2, number(1, 2, little), number(0, 2, little), u32(0), u32(8), u32(2), u32(2), bytes('ddee')),
      makeEnhanced(little, 7, 1n, bytes('ff')),
      makeSection(!little),
      makeInterface(!little, 113),
      makeEnhanced(!little, 0, 9n, bytes('1234')),
    ])
    for (const size of [file.length, 1, 13]) {
      const {packets, secrets, end} = read(file, size)
      expect(
        packets.map(packet => [
          packet.number,
          packet.interfaceId,
          packet.linkType,
          packet.data,
          packet.originalLength,
          packet.time?.micros,
        ]),
      ).toEqual([
        [1, 1, 101, 'aabbcc', 9, 7],
        [2, 0, 1, '01020304', 6, undefined],
        [3, 1, 101, 'ddee', 2, 8],
        [4, 7, -1, 'ff', 1, 1],
        [5, 0, 113, '1234', 2, 9],
      ])
      for (const packet of packets)
        expect(file.subarray(packet.offset, packet.offset + packet.data.length / 2).toString('hex')).toBe(packet.data)
      expect(secrets).toEqual([[0x544f5831, 'keys\n']])
      expect(end).toEqual({packets: 5, bytes: file.length})
    }
  })

  test.each([
    [
      'too short',
      (file: Buffer) => file.writeUInt32LE(8, 32),
      'the block at byte 28 of the capture claims 8 bytes, fewer than any block has',
    ],
    [
      'too long',
      (file: Buffer) => file.writeUInt32LE(0x7ffffffc, 32),
      'the block at byte 28 of the capture claims 2147483644 bytes, over the limit of 16777216',
    ],
    [
      'two lengths',
      (file: Buffer) => file.writeUInt32LE(24, file.length - 4),
      'the block at byte 28 of the capture has length 20 at its start but 24 at its end',
    ],
    [
      'no byte order',
      (file: Buffer) => file.writeUInt32LE(5, 8),
      'the section at byte 0 of the capture has no byte order: 5000000',
    ],
  ])('a block length that is %s is an error with its place', (_, damage, message) => {
    const file = Buffer.concat([makeSection(true), makeInterface(true, 1)])
    damage(file)
    expect(() => read(file)).toThrow(inputError(message))
  })

  test('a block length without its padding is rounded up', () => {
    const packet = makeEnhanced(true, 0, 1n, Buffer.from('abc'))
    packet.writeUInt32LE(packet.length - 1, 4)
    packet.writeUInt32LE(packet.length - 1, packet.length - 4)
    const file = Buffer.concat([makeSection(true), makeInterface(true, 1), packet, makeEnhanced(true, 0, 2n, packet)])
    expect(read(file).packets.map(({start, end}) => end - start)).toEqual([3, packet.length])
  })

  test('the bytes of a packet whose length is damaged are not read as options', () => {
    const packet = makeEnhanced(true, 0, 1n, makeOption(true, 1, Buffer.from('not a comment')))
    packet.writeUInt32LE(0xffff_ffff, 20)
    const [found] = read(Buffer.concat([makeSection(true), makeInterface(true, 1), packet])).packets
    expect(found).toMatchObject({options: [], end: found!.start + 20})
  })

  test('another major version is an error', () => {
    const section = makeSection(false)
    section.writeUInt16BE(2, 12)
    expect(() => read(section)).toThrow('the section at byte 0 of the capture has version 2.0, and 1 is read')
  })

  test('a block that nobody wants may be longer than any that is kept', () => {
    const head = Buffer.concat([makeSection(true), number(99, 4, true), number(0x40000000, 4, true)])
    const reader = new CaptureReader()
    expect([...reader.read(head), ...reader.read(new Uint8Array(1000))]).toEqual([])
    expect(reader.end()).toMatchObject({cut: {offset: head.length + 1000}})
  })

  test('more interfaces than the bound are unknown links', () => {
    const one = makeInterface(true, 1)
    const file = Buffer.concat([
      makeSection(true),
      ...new Array<Buffer>(4097).fill(one),
      makeEnhanced(true, 4095, 0n, bytes('00')),
      makeEnhanced(true, 4096, 0n, bytes('00')),
    ])
    expect(read(file).packets.map(packet => packet.linkType)).toEqual([1, -1])
  })
})

describe('a file that is not a capture', () => {
  test.each([
    ['', 'the capture is empty'],
    ['0a0d', 'this is not a capture file: it starts with 0a0d (pcap: a1b2c3d4 or similar, pcapng: 0a0d0d0a)'],
    ['48656c6c6f', 'this is not a capture file: it starts with 48656c6c (pcap: a1b2c3d4 or similar, pcapng: 0a0d0d0a)'],
    ['28b52ffd00', 'the capture is packed with zstd'],
    ['1f8b0800', 'the capture is packed with gzip'],
    [
      'd4c3b2a103000000000000000000000000000400010000000',
      'this is a pcap file of version 3, and only version 2 is known',
    ],
  ])('%s', (hex, message) => {
    expect(() => read(bytes(hex.padEnd(hex.length > 20 ? 48 : hex.length, '0')))).toThrow(inputError(message))
  })

  test.each([
    ['# keys', /--keylog/],
    ['a1b2', /--keylog/],
    ['\x7fELF', /editcap/],
  ])('is one to convert, or a text for another flag or command: %j', (text, hint) => {
    expect(() => read(Buffer.from(text))).toThrow(expect.objectContaining({hint: expect.stringMatching(hint)}))
  })

  test('gzip is recognised by two bytes', () => {
    expect(isGzip(bytes('1f8b'))).toBe(true)
    expect(isGzip(bytes('1f'))).toBe(false)
    expect(isGzip(bytes('d4c3b2a1'))).toBe(false)
  })
})

describe('pushed in pieces', () => {
  const small = captureFile('captures', 'small').subarray(0, 6000)

  test('every packet is there as soon as its last byte is', () => {
    for (const file of [small, captureFile('variants', 'ng_interfaces').subarray(0, 6000)]) {
      const ends = packetsOf(file).map(packet => packet.offset + packet.end - packet.start)
      let pushed = 0
      let seen = 0
      const reader = new CaptureReader()
      for (const byte of file) {
        for (const item of reader.read(Uint8Array.of(byte))) if (item.kind === 'packet') seen++
        pushed++
        // A block of pcapng is whole with its second length, at most 3 bytes of padding and some options later.
        expect(seen).toBeLessThanOrEqual(ends.filter(end => end <= pushed).length)
        if (file === small) expect(seen).toBe(ends.filter(end => end <= pushed).length)
      }
      expect(seen).toBe(ends.length)
    }
  })

  test('a record that a piece holds whole is not copied', () => {
    expect([...new Set(packetsOf(small).map(packet => packet.bytes))]).toEqual([small])
  })

  test('a delivered packet keeps its bytes after the packets that follow it', () => {
    const file = makePcap({little: false, magic: 0xa1b2c3d4}, [...records, ...records])
    const kept: {view: Uint8Array; hex: string}[] = []
    const reader = new CaptureReader()
    for (let at = 0; at < file.length; at += 7) {
      for (const item of reader.read(file.slice(at, at + 7))) {
        if (item.kind !== 'packet') continue
        const view = item.bytes.subarray(item.start, item.end)
        kept.push({view, hex: Buffer.from(view).toString('hex')})
      }
    }
    expect(kept.map(({view}) => Buffer.from(view).toString('hex'))).toEqual(kept.map(({hex}) => hex))
    expect(kept).toHaveLength(4)
  })

  test('a cut is reported wherever it is', () => {
    const file = makePcap({little: false, magic: 0xa1b2c3d4}, records)
    const starts = [24, 24 + 21, file.length]
    for (let length = 4; length <= file.length; length++) {
      const {end, packets} = read(file.subarray(0, length))
      const whole = starts.filter(start => start <= length)
      expect(packets).toHaveLength(Math.max(0, whole.length - 1))
      const start = whole.at(-1) ?? 0
      expect(end.cut).toEqual(start === length ? undefined : {offset: start, present: length - start})
    }
  })

  test.each(names('variants').filter(name => name !== 'merged'))('variants/%s: any cut gives the same events', name => {
    const file = captureFile('variants', name)
    const whole = run(file)
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), {maxLength: 60}), cuts => {
        const cut = run(
          file,
          [...cuts].sort((a, b) => a - b),
        )
        expect(cut.collector.log).toEqual(whole.collector.log)
        expect(cut.counters).toEqual(whole.counters)
        expect(cut.end).toEqual(whole.end)
      }),
      {numRuns: 6, seed: 1},
    )
  })

  test('byte by byte gives the same events', () => {
    for (const name of ['ng_sections', 'file_cut_data', 'ipv4_fragments']) {
      const file = captureFile('variants', name)
      const cuts = Array.from({length: file.length}, (_, i) => i)
      expect(run(file, cuts).collector.log).toEqual(run(file).collector.log)
    }
  })
})
