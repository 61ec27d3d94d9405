import {describe, expect, it} from 'vitest'
import {limits} from '../../../src/protocol/limits.js'
import {amount} from '../../amount.js'
import {captures, type JsonRecord, runRead} from '../capture-files.js'
import {damagedAt, joined, payloadOf, withRightSum, withWrongSum} from './checksums.js'
import {type CapturedSegment, captureOf, seeded, segmentsOf} from './edited-captures.js'
import {formOf, plainEngine} from './engines.js'
import {likeSegment, nextSeq} from './forgeries.js'

const whole = captures.find(({name}) => name === 'small')!
const segments = segmentsOf(whole, 34345).map(withRightSum)

/** What was opened, by connection and side. */
const opened = (records: readonly JsonRecord[]): string[] =>
  records
    .filter(({kind, state}) => (kind === 'frame' || kind === 'handshake') && state === 'open')
    .map(({client, from, kind, index, plaintext}) => `${client} ${from} ${kind} ${index} ${plaintext}`)
    .sort()

const codes = (records: readonly JsonRecord[]): string[] =>
  records.flatMap(({findings}) => findings.map(({code}) => code))

/** What blames somebody, or is said of a difference of which it is not known who made it. */
const accusations = (records: readonly JsonRecord[]): string[] => [
  ...records.flatMap(({findings}) =>
    findings.filter(({severity}) => severity === 'error' || severity === 'warn').map(({code}) => code),
  ),
  ...codes(records).filter(code => code === 'bytes-conflict'),
]

const read = async (edited: readonly CapturedSegment[], keylogs = whole.keylogs) =>
  (await runRead([captureOf(edited)], keylogs)).records

const isSameSide = (one: CapturedSegment, other: CapturedSegment): boolean =>
  one.client === other.client && one.isClient === other.isClient

/** Indexes of segments with payload, by their place among those of their side. */
const placed = segments.flatMap((segment, index) => {
  const before = segments.slice(0, index).filter(each => isSameSide(each, segment) && each.size > 0)
  return segment.size > 0 && !segment.isSyn ? [{index, place: before.length, segment}] : []
})

/** The segment is damaged, and sent again after `flight` more segments of its side, if they come before an answer. */
const damagedAndSentAgain = (index: number, offsets: readonly number[], flight: number): CapturedSegment[] => {
  const segment = segments[index]!
  let at = index + 1
  for (let passed = 0; at < segments.length && passed < flight; at++) {
    const next = segments[at]!
    if (next.client === segment.client && next.isClient !== segment.isClient && next.size > 0) break
    if (isSameSide(next, segment) && next.size > 0) passed++
  }
  const again = {...segment, micros: segments[at - 1]!.micros + 1}
  return segments.with(index, damagedAt(segment, offsets)).toSpliced(at, 0, again)
}

const random = seeded(3)
const some = <T>(list: readonly T[], most: number): T[] =>
  list.length <= most ? [...list] : Array.from({length: most}, () => list[Math.floor(random() * list.length)]!)

describe('a segment that was damaged on the way, and sent again', () => {
  const handshakes = placed.filter(({place}) => place === 0)
  const frames = placed.filter(({place}) => place > 0)
  it.each([
    ['in a handshake', some(handshakes, 8), (size: number) => [size - 1]],
    ['in its first bytes, the length of a frame', some(frames, amount(24, 8)), () => [0]],
    ['in the low byte of a length', some(frames, amount(24, 8)), () => [1]],
    ['in its last bytes', some(frames, amount(24, 8)), (size: number) => [size - 1]],
    ['in many places', some(frames, amount(24, 8)), (size: number) => [0, 1, size >> 1, size - 1]],
  ] as const)('%s, loses nothing, and nobody is accused', async (_, places, offsetsOf) => {
    const expected = opened(await read(segments))
    for (const {index, segment} of places)
      for (const flight of [0, 1, 3]) {
        const records = await read(damagedAndSentAgain(index, offsetsOf(segment.size), flight))
        const which = `segment ${index}, after ${flight}`
        expect(accusations(records), which).toEqual([])
        expect(opened(records), which).toEqual(expected)
      }
  })

  it('is named with its packet, and with that which was sent again', async () => {
    const {index} = frames.find(({segment, place}) => segment.isClient && place > 2)!
    const records = await read(damagedAndSentAgain(index, [5], 0))
    const messages = records.flatMap(({findings}) =>
      findings.filter(({code}) => code === 'segment-damaged').map(({message}) => message),
    )
    expect(messages).toEqual([
      `packet ${index + 1} has a wrong TCP checksum: the bytes of packet ${index + 2} are used in its place`,
    ])
  })

  /** The first segment of a client that more of its own follow, damaged, and what follows it up to its retransmission. */
  const late = (between: (next: CapturedSegment) => CapturedSegment[], seconds: number): CapturedSegment[] => {
    const index = segments.findIndex((segment, at) => {
      const next = segments.slice(at + 1).find(each => each.client === segment.client && each.size > 0)
      const isFirst = placed.some(each => each.index === at && each.place > 2)
      return isFirst && segment.isClient && next?.isClient && next.size > 300
    })
    const segment = segments[index]!
    const nextAt = segments.findIndex((each, at) => at > index && isSameSide(each, segment) && each.size > 0)
    const later = segments.slice(index + 1).map(each => ({...each, micros: each.micros + seconds * 1_000_000}))
    const next = later[nextAt - index - 1]!
    const cut = between(next)
    const again = {...segment, micros: next.micros}
    const damaged = damagedAt(segment, [segment.size - 1])
    return [
      ...segments.slice(0, index),
      damaged,
      ...later.slice(0, nextAt - index - 1),
      ...cut,
      again,
      ...later.slice(nextAt - index - 1),
    ]
  }

  it('is waited for up to damageSeconds', async () => {
    const expected = opened(await read(segments))
    expect(opened(await read(late(next => [next], limits.damageSeconds - 1)))).toEqual(expected)
    const records = await read(late(next => [next], limits.damageSeconds + 1))
    expect(opened(records).length).toBeLessThan(expected.length)
    expect(accusations(records)).toEqual([])
  })

  it('is waited for up to rivalBytes, of which each segment after it takes chunkBytes', async () => {
    const expected = opened(await read(segments))
    const most = Math.floor(limits.rivalBytes / limits.chunkBytes)
    const pieces = (count: number) => (next: CapturedSegment) =>
      Array.from({length: count}, (_, n) => {
        const seq = nextSeq(next) - next.size + n
        return withRightSum(likeSegment(next, {seq, flags: 0x10, payload: payloadOf(next).subarray(n, n + 1)}))
      })
    expect(opened(await read(late(pieces(most - 10), 0)))).toEqual(expected)
    const records = await read(late(pieces(most + 1), 0))
    expect(opened(records).length).toBeLessThan(expected.length)
    // It came so much later that nobody knows its checksum any more.
    expect(new Set(accusations(records))).toEqual(new Set(['bytes-conflict']))
  })

  it('accuses nobody without a key either', async () => {
    for (const {index, segment} of some(frames, amount(24, 8))) {
      const records = await read(damagedAndSentAgain(index, [0, 1, segment.size - 1], 1), [])
      expect(accusations(records), `segment ${index}`).toEqual([])
    }
  })

  it('reads the same with any number of threads, from a file and from a pipe', async () => {
    let named = 0
    for (const {index} of some(frames, amount(12, 3))) {
      const input = {path: captureOf(damagedAndSentAgain(index, [1, 9], 2)), keylogs: whole.keylogs}
      for (const isPipe of [false, true]) {
        const expected = await formOf('json', input, {...plainEngine, isPipe})
        if (expected.includes('segment-damaged')) named++
        for (const threads of [0, 1, 2])
          expect(await formOf('json', input, {threads, isPipe, blockSize: () => 1000})).toBe(expected)
      }
    }
    expect(named).toBeGreaterThan(0)
  })
})

describe('a segment that was damaged where it was captured', () => {
  const frames = placed.filter(({place}) => place > 0)
  /** Frames of 40 bytes and more that a wrong length may cover. */
  const mostCovered = Math.ceil(limits.frame / 40)
  it.each([
    ['a length', () => [1]],
    ['a frame', (size: number) => [size - 1]],
    ['all', (size: number) => [0, 1, 2, size - 1]],
  ] as const)('in %s, is named in the place of its sender, and what follows opens', async (_, offsetsOf) => {
    const whole = opened(await read(segments))
    for (const {index, segment} of some(frames, amount(24, 8))) {
      const records = await read(segments.with(index, damagedAt(segment, offsetsOf(segment.size))))
      const which = `segment ${index}`
      expect(accusations(records), which).toEqual([])
      // Where its length reaches beyond the end of the stream, it is not whole.
      expect(codes(records), which).toContain(
        codes(records).includes('frame-cut-off') ? 'frame-cut-off' : 'segment-damaged',
      )
      const lost = new Set(opened(records).length < whole.length ? whole : [])
      for (const line of opened(records)) lost.delete(line)
      // Those of the segment; where its length reads as another possible one, those that this one covers.
      expect(
        [...lost].every(line => line.includes(segment.isClient ? ' client ' : ' relay ')),
        which,
      ).toBe(true)
      expect(lost.size, which).toBeLessThanOrEqual(mostCovered)
    }
  })
})

describe('wrong checksums on right bytes', () => {
  it('change nothing, whichever packets have them', async () => {
    const expected = await read(segments)
    const seeds = amount(12, 4)
    for (let seed = 0; seed < seeds; seed++) {
      const chance = seeded(seed)
      const edited = segments.map(segment => (chance() < seed / seeds ? withWrongSum(segment) : segment))
      expect(await read(edited), `seed ${seed}`).toEqual(expected)
    }
  })

  it('of segments that a network card joined lose nothing, and are not mentioned', async () => {
    const expected = opened(await read(segments))
    const edited: CapturedSegment[] = []
    for (const segment of segments) {
      const last = edited.at(-1)
      const isNext = last && isSameSide(last, segment) && last.size > 0 && segment.size > 0
      if (isNext) edited[edited.length - 1] = joined(last, segment)
      else edited.push(segment)
    }
    expect(edited.length).toBeLessThan(segments.length)
    const records = await read(edited)
    expect(opened(records)).toEqual(expected)
    expect(codes(records)).not.toContain('segment-damaged')
  })

  it("say nothing in a direction where none is right: there, wrong bytes are the sender's", async () => {
    const {index, segment} = placed.find(each => each.segment.isClient && each.place > 2)!
    const offloaded = segments.map(each => (each.isClient ? withWrongSum(each) : each))
    const records = await read(offloaded.with(index, damagedAt(offloaded[index]!, [segment.size - 1])))
    expect(codes(records)).toContain('frame-mac')
    expect(codes(records)).not.toContain('segment-damaged')
  })
})
