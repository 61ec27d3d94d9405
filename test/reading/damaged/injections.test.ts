import {describe, expect, it} from 'vitest'
import {amount} from '../../amount.js'
import {captures, type JsonRecord, runRead, wholeRun} from '../capture-files.js'
import {type CapturedSegment, captureOf, seeded, segmentsOf} from './edited-captures.js'
import {forgeries, likeSegment, nextSeq} from './forgeries.js'

const relayPorts = {small: 34345, relay_only: 33795} as const

/** What was opened, by connection and side. */
const opened = (records: readonly JsonRecord[]): string[] =>
  records
    .filter(({kind, state}) => kind === 'frame' && state === 'open')
    .map(({client, from, index, plaintext}) => `${client} ${from} ${index} ${plaintext}`)
    .sort()

/** Severities and codes of findings that blame somebody. */
const accusations = (records: readonly JsonRecord[]): string[] =>
  records.flatMap(({findings}) =>
    findings.filter(({severity}) => severity === 'error' || severity === 'warn').map(({code}) => code),
  )

const sizes = {client: 128, relay: 96}

/** Bytes that are captured before those of a segment, for the same place. */
const forgery = (before: CapturedSegment, size: number, random: () => number) =>
  likeSegment(before, {
    seq: nextSeq(before),
    flags: 0x18,
    payload: Uint8Array.from({length: size}, () => random() * 256),
  })

/** Random bytes before the handshakes of one side or of both: as many as the handshake has, or fewer. */
const injected =
  (injectedSides: readonly (keyof typeof sizes)[], size?: number) =>
  (segments: readonly CapturedSegment[], random: () => number): CapturedSegment[] =>
    segments.flatMap((segment, at) => {
      const isFirst = !segments
        .slice(0, at)
        .some(({client, isClient, size}) => client === segment.client && isClient === segment.isClient && size > 0)
      const side = segment.isClient ? 'client' : 'relay'
      if (!isFirst || segment.size !== sizes[side] || !injectedSides.includes(side)) return [segment]
      const before = segments
        .slice(0, at)
        .findLast(({client, isClient}) => client === segment.client && isClient === segment.isClient)!
      return [forgery(before, size ?? 1 + Math.floor(random() * segment.size), random), segment]
    })

/** Bytes behind every FIN, of the side that has closed. */
const behindFin = (segments: readonly CapturedSegment[], random: () => number): CapturedSegment[] =>
  segments.flatMap(segment => {
    const isFin = (segment.bytes[14 + (segment.bytes[14]! & 15) * 4 + 13]! & 1) !== 0
    return isFin ? [segment, ...forgeries['bytes injected first']!(segment, {...segment, size: 40}, random)] : [segment]
  })

const overlapping = (segments: readonly CapturedSegment[], random: () => number): CapturedSegment[] =>
  segments.flatMap(segment =>
    random() < 0.4
      ? [segment, ...forgeries['other bytes in the place of earlier ones']!(segment, segment, random)]
      : [segment],
  )

/**
 * Damaged copies before the segments that are sent again for them: cut in two, of which the second comes first. Only
 * after a frame of the side has opened.
 */
const damagedPieces = (segments: readonly CapturedSegment[], random: () => number): CapturedSegment[] => {
  const sent = new Map<string, number>()
  return segments.flatMap(segment => {
    const {bytes, size, client, isClient} = segment
    const side = `${client} ${isClient}`
    const before = sent.get(side) ?? 0
    if (size > 0) sent.set(side, before + 1)
    const hasFin = (bytes[14 + (bytes[14]! & 15) * 4 + 13]! & 1) !== 0
    // The handshake and the first frame; and what ends the side, of which nothing comes again.
    if (before < 2 || hasFin || size < 20 || random() > 0.3) return [segment]
    const payload = Uint8Array.from(bytes.subarray(bytes.length - size))
    const cut = 4 + Math.floor(random() * (size - 8))
    payload[2 + Math.floor(random() * (cut - 2))]! ^= 1
    const seq = nextSeq(segment) - size
    const piece = (start: number, end?: number) =>
      likeSegment(segment, {seq: seq + start, flags: 0x18, payload: payload.subarray(start, end)})
    return [piece(cut), piece(0, cut), segment]
  })
}

describe.each(Object.keys(relayPorts) as (keyof typeof relayPorts)[])('in %s', name => {
  const whole = captures.find(each => each.name === name)!
  const segments = segmentsOf(whole, relayPorts[name])

  it.each([
    ['a handshake of the client that somebody else injects', injected(['client'])],
    ['a handshake of the relay that somebody else injects', injected(['relay'])],
    ['handshakes of both that somebody else injects', injected(['client', 'relay'])],
    ['bytes behind a FIN', behindFin],
    ['other bytes in the place of earlier ones', overlapping],
  ])('%s opens nothing false and accuses nobody', async (_, disturbed) => {
    const known = new Set(opened((await wholeRun(whole)).records))
    for (let seed = 0; seed < amount(4, 2); seed++) {
      const forged = disturbed(segments, seeded(seed))
      expect(forged.length).toBeGreaterThan(segments.length)
      for (const keylogs of [whole.keylogs, []]) {
        const {records} = await runRead([captureOf(forged)], keylogs)
        expect(
          opened(records).filter(frame => !known.has(frame)),
          `seed ${seed}`,
        ).toEqual([])
        expect(accusations(records), `seed ${seed}`).toEqual([])
      }
    }
  })

  it('damaged copies in pieces, captured in any order, accuse nobody, and all that was sent again opens', async () => {
    const expected = opened((await wholeRun(whole)).records)
    for (let seed = 0; seed < amount(10, 3); seed++) {
      const {records} = await runRead([captureOf(damagedPieces(segments, seeded(seed)))], whole.keylogs)
      expect(accusations(records), `seed ${seed}`).toEqual([])
      expect(opened(records), `seed ${seed}`).toEqual(expected)
    }
  })

  it('a copy whose length is damaged before the first frame of a client is not taken for one that counts itself', async () => {
    const {records: known} = await wholeRun(whole)
    const at = segments.findIndex(({isClient, size}) => isClient && size === 27)
    const frame = segments[at]!
    const payload = Uint8Array.from(frame.bytes.subarray(frame.bytes.length - frame.size))
    payload[1]! += 2
    const damaged = likeSegment(frame, {seq: nextSeq(frame) - frame.size, flags: 0x18, payload})
    const path = captureOf(segments.toSpliced(at, 0, damaged))
    const {records} = await runRead([path], whole.keylogs)
    expect(accusations(records)).toEqual([])
    expect(opened(records)).toEqual(opened(known))
  })

  it("the relay's handshake opens where another one was injected before it, and so does all that follows", async () => {
    const all = opened((await wholeRun(whole)).records)
    const forged = injected(['relay'], sizes.relay)(segments, seeded(1))
    const {records} = await runRead([captureOf(forged)], whole.keylogs)
    expect(opened(records)).toEqual(all)
    expect(records.filter(({findings}) => findings.some(({code}) => code === 'bytes-conflict')).length).toBeGreaterThan(
      0,
    )
  })
})
