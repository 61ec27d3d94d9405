import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {rawHalves, streamRecords} from '../../src/library/stream-source.js'
import {holesIn} from '../../src/session/recognition/holes.js'
import {severityIn} from '../../src/session/record.js'
import type {End} from '../../src/wire/chunk.js'
import {type CaptureName, halvesOf, ringOfSessions} from '../session/streams.js'

const names = ['stream.client', 'stream.relay']

/** Of each frame that opened: its side, its index and its packet. */
function framesOf(
  name: CaptureName,
  halves: readonly [Uint8Array, Uint8Array],
): {
  frames: string[]
  codes: string[]
  errors: string[]
} {
  const keyring = ringOfSessions(name)
  const frames: string[] = []
  const codes: string[] = []
  const errors: string[] = []
  for (const record of streamRecords(rawHalves(names, halves, keyring, false, false), keyring, undefined)) {
    codes.push(...record.findings.map(({code}) => code))
    errors.push(...record.findings.filter(found => severityIn(record, found) === 'error').map(({code}) => code))
    if (record.kind === 'frame' && record.state === 'open')
      frames.push(`${record.from} ${record.index} ${record.window?.type.name}`)
  }
  return {frames: frames.sort(), codes, errors}
}

describe('zeros in the place of lost bytes of a raw half', () => {
  const whole = framesOf('small', halvesOf('small', 0) as [Uint8Array, Uint8Array])

  test('are a gap: all frames open that do not touch it, and no frame is wrong', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<End>(0, 1),
        fc.double({min: 0, max: 1, noNaN: true}),
        fc.integer({min: 27, max: 3000}),
        (side, part, size) => {
          const halves = halvesOf('small', 0).map(half => half.slice()) as [Uint8Array, Uint8Array]
          const half = halves[side]
          const from = 128 + Math.floor(part * Math.max(0, half.length - 128 - size))
          half.fill(0, from, from + size)
          const {frames, codes, errors} = framesOf('small', halves)
          expect(frames.filter(frame => !whole.frames.includes(frame))).toEqual([])
          // Frames that the zeros touch, and one before or behind whose own zeros join them.
          expect(whole.frames.length - frames.length).toBeLessThanOrEqual(Math.ceil(size / 20) + 3)
          expect(errors).toEqual([])
          expect(codes).toContain('bytes-missing')
        },
      ),
      {numRuns: 60},
    )
  })

  test('are not those of a handshake, nor a few empty frames', () => {
    expect(holesIn(new Uint8Array(128), 128)).toEqual([])
    expect(
      holesIn(
        Uint8Array.from({length: 160}, (_, at) => (at >= 130 && at < 150 ? 0 : 7)),
        128,
      ),
    ).toEqual([])
    expect(
      holesIn(
        Uint8Array.from({length: 160}, (_, at) => (at >= 130 && at < 155 ? 0 : 7)),
        128,
      ),
    ).toEqual([{start: 130, end: 154}])
  })
})
