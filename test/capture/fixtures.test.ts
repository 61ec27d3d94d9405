import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import type {End} from '../../src/wire/chunk.js'
import {bytesOf, type Collected, captureFile, fixtures, gapsOf, names, run, type StreamPiece} from './collect.js'

interface TruthLine {
  readonly session: number
  readonly direction: 'c2s' | 's2c'
  readonly stream_offset: number
  readonly frame_len: number
  readonly packet_no: number
}

interface Expectation {
  readonly base: string
  readonly relay_port: number
  readonly expect: {
    readonly all: boolean
    readonly whole_records?: number
    readonly after_gap?: Readonly<Record<string, {gap_stream_bytes: readonly [number, number]}>>
    readonly midstream?: Readonly<Record<string, {first_stream_byte: number}>>
  }
}

const expectationOf = (variant: string): Expectation =>
  JSON.parse(readFileSync(join(fixtures, 'variants', variant, 'expect.json'), 'utf8'))
const directions = ['c2s', 's2c'] as const

/** Streams of a capture as the fixtures have them, or, where they have none, as its undamaged capture gives them. */
function truthStreams(base: string): readonly (readonly [Buffer, Buffer])[] {
  const {connections} = run(captureFile('captures', base)).collector
  return connections.map(({pieces}, i) => {
    if (!['small', 'two_clients', 'synthetic_clients'].includes(base)) return [bytesOf(pieces[0]), bytesOf(pieces[1])]
    const stream = (end: string) => readFileSync(join(fixtures, 'streams', base, `${i}.${end}.bin`))
    return [stream('client'), stream('relay')]
  })
}

/** The packet that brought the byte at an offset of the stream. */
function packetAt(pieces: readonly StreamPiece[], at: number): number | undefined {
  return pieces.find(piece => at < piece.at + (piece.bytes?.length ?? piece.gap ?? 0))?.packet
}

/** Every byte is in the file where its origin says. Valid where a piece came in one packet. */
function expectOrigins(file: Buffer, connections: readonly Collected[]): void {
  for (const {pieces} of connections) {
    for (const {bytes, offset} of pieces.flat())
      if (bytes) expect(bytes.equals(file.subarray(offset, offset! + bytes.length))).toBe(true)
  }
}

describe.each(names('captures'))('captures/%s', name => {
  const file = captureFile('captures', name)
  const {collector, counters, end} = run(file)

  test('gives the true streams, with no gap', () => {
    const truth = truthStreams(name)
    expect(collector.connections).toHaveLength(truth.length)
    for (const [i, {pieces, opened}] of collector.connections.entries()) {
      expect(opened.hasSyn).toBe(true)
      expect(bytesOf(pieces[0]).equals(truth[i]![0])).toBe(true)
      expect(bytesOf(pieces[1]).equals(truth[i]![1])).toBe(true)
    }
    expect(counters).toMatchObject({gaps: 0, bad: 0, cutShort: 0, conflicts: 0, outOfWindow: 0})
    expect(end.cut).toBeUndefined()
  })

  test('every frame ends in the packet that truth names', () => {
    const lines = gunzipSync(readFileSync(join(fixtures, 'captures', name, 'truth.jsonl.gz')))
      .toString()
      .trim()
      .split('\n')
    for (const line of lines) {
      const {session, direction, stream_offset, frame_len, packet_no}: TruthLine = JSON.parse(line)
      const pieces = collector.connections[session]!.pieces[directions.indexOf(direction)]!
      expect(packetAt(pieces, stream_offset + 2 + frame_len - 1)).toBe(packet_no)
    }
  })

  test('every byte is where its origin says, and every end closes once', () => {
    expectOrigins(file, collector.connections)
    for (const {closes} of collector.connections) expect(closes.map(list => list.length)).toEqual([1, 1])
  })
})

/** A variant's run, and its connections with the relay: the other ones are noise, or of scenarios that are not here. */
function variant(name: string) {
  const file = captureFile('variants', name)
  const {collector, counters, end} = run(file)
  const expectation = expectationOf(name)
  const connections = collector.connections.filter(({opened}) =>
    opened.ends.some(({port}) => port === expectation.relay_port),
  )
  return {
    file,
    collector,
    counters,
    end,
    connections,
    expected: expectation.expect,
    truth: truthStreams(expectation.base),
  }
}

test.each(names('variants'))('variants/%s: origins are true, ends close once, nothing is called bad', name => {
  const {file, collector, counters, end} = variant(name)
  expectOrigins(file, collector.connections)
  for (const {closes} of collector.connections) expect(closes.map(list => list.length)).toEqual([1, 1])
  expect(counters.bad).toBe(0)
  expect(counters.conflicts).toBe(0)
  if (name !== 'file_cut_data') expect(end.cut).toBeUndefined()
})

const damaged = ['snaplen96', 'midstream', 'file_cut_data']

test.each(names('variants').filter(name => !damaged.includes(name)))(
  'variants/%s gives the true streams but for what is lost',
  name => {
    const {connections, expected, truth} = variant(name)
    expect(connections).toHaveLength(truth.length)
    for (const [i, {pieces}] of connections.entries()) {
      for (const end of [0, 1] as const) {
        const whole = truth[i]![end]
        const lost = expected.after_gap?.[`${i}/${directions[end]}`]?.gap_stream_bytes
        if (name === 'only_c2s' && end === 1) expect(pieces[end]).toEqual([])
        else if (lost) {
          expect(gapsOf(pieces[end])).toEqual([{at: lost[0], gap: lost[1] - lost[0]}])
          expect(
            bytesOf(pieces[end]).equals(Buffer.concat([whole.subarray(0, lost[0]), whole.subarray(lost[1])])),
          ).toBe(true)
        } else {
          expect(gapsOf(pieces[end])).toEqual([])
          expect(bytesOf(pieces[end]).equals(whole)).toBe(true)
        }
      }
    }
  },
)

test('what the snaplen cut off are gaps of the true size', () => {
  const {connections, counters, truth} = variant('snaplen96')
  for (const [i, {pieces}] of connections.entries()) {
    for (const end of [0, 1] as const) {
      const last = pieces[end].at(-1)!
      expect(last.at + (last.gap ?? last.bytes!.length)).toBe(truth[i]![end].length)
      for (const {at, bytes} of pieces[end])
        if (bytes) expect(bytes.equals(truth[i]![end].subarray(at, at + bytes.length))).toBe(true)
    }
  }
  expect(counters.cutSegments).toBe(233)
})

test('a capture from the middle begins where its first segments do', () => {
  const {connections, expected, truth} = variant('midstream')
  for (const [i, {opened, pieces}] of connections.entries()) {
    expect(opened.hasSyn).toBe(false)
    // End 0 is here who sent data first.
    const client: End = opened.ends[1].port === 34345 ? 0 : 1
    for (const direction of [0, 1] as const) {
      const from = expected.midstream![`${i}/${directions[direction]}`]!.first_stream_byte
      expect(
        bytesOf(pieces[direction === 0 ? client : client === 0 ? 1 : 0]).equals(truth[i]![direction].subarray(from)),
      ).toBe(true)
    }
  }
})

test('a file that is cut off gives all before the cut, and reports where it is', () => {
  const {connections, expected, end, file, truth} = variant('file_cut_data')
  expect(end.packets).toBe(expected.whole_records)
  expect(end.cut).toEqual({offset: 74709, present: file.length - 74709})
  for (const [i, {pieces}] of connections.entries()) {
    for (const side of [0, 1] as const) {
      const bytes = bytesOf(pieces[side])
      expect(bytes.length).toBeGreaterThan(6000)
      expect(bytes.equals(truth[i]![side].subarray(0, bytes.length))).toBe(true)
    }
  }
})

test('what each variant is about was met', () => {
  const counted = (name: string) => run(captureFile('variants', name)).counters
  expect(counted('ipv4_fragments')).toMatchObject({fragments: 275, lostDatagrams: 0})
  expect(counted('keepalive').keepAlives).toBe(34)
  expect(counted('retransmit').retransmissions).toBe(67)
  expect(counted('overlap').retransmissions).toBe(88)
  expect(counted('out_of_order').outOfOrder).toBeGreaterThan(40)
  expect(counted('noise')).toMatchObject({notIp: 83, notTcp: 38, cutShort: 34})
})

test('one 4-tuple used twice makes two connections, ended where the next begins', () => {
  const [first, second] = run(captureFile('variants', 'tuple_reuse')).collector.connections
  expect(first!.opened.ends).toEqual(second!.opened.ends)
  expect(second!.opened.packet).toBe(209)
})

test('times have the digits that their interface has', () => {
  const first = (name: string) => run(captureFile('variants', name)).collector.connections[0]!.opened.time
  expect(first('ng_interfaces')).toEqual({micros: 1_795_399_252_996_747, nanos: 0})
  expect(first('pcap_nano')!.micros).toBe(first('vlan')!.micros)
  const nanos = run(captureFile('variants', 'ng_interfaces')).collector.log.map(line =>
    Number(/\.(\d+) /.exec(line)?.[1] ?? 0),
  )
  expect(nanos.some(value => value > 0)).toBe(true)
})
