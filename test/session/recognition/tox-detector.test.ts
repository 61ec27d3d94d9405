import {describe, expect, it} from 'vitest'
import {ToxDetector} from '../../../src/session/recognition/tox-detector.js'
import type {Chunk} from '../../../src/wire/chunk.js'

const noise = (size: number, seed: number): Uint8Array =>
  Uint8Array.from({length: size}, (_, i) => ((i + seed) * 167 + 0x95) & 0xff)
const frames = (count: number): Uint8Array =>
  Buffer.concat(Array.from({length: count}, (_, i) => Buffer.concat([Buffer.from([0, 25]), noise(25, i)])))
const chunk = (end: 0 | 1, part: Partial<Chunk>): Chunk => ({connection: 0, end, time: null, ...part})

/** The verdict on chunks of a connection whose opening was captured. */
function verdictOf(chunks: readonly Chunk[]): string {
  const recogniser = new ToxDetector(() => ({hasSyn: true, isTox: false, relayEnd: undefined}))
  for (const each of chunks) {
    const verdict = recogniser.push(each)
    if (verdict) return verdict.kind
  }
  return recogniser.end().kind
}

describe('a connection whose server is heard before what it answers', () => {
  const answer = chunk(1, {bytes: noise(96, 7), isAhead: true})

  it('is Tox where frames follow', () => {
    expect(verdictOf([answer, chunk(0, {gap: 128}), chunk(0, {bytes: frames(2)})])).toBe('tox')
    expect(
      verdictOf([answer, chunk(0, {gap: 128}), chunk(0, {bytes: frames(1)}), chunk(1, {close: 'capture_end'})]),
    ).toBe('tox')
  })

  it('is not where none do, whatever the sizes', () => {
    expect(
      verdictOf([
        answer,
        chunk(0, {gap: 128}),
        chunk(0, {bytes: noise(700, 3)}),
        chunk(1, {bytes: noise(400, 5)}),
        chunk(0, {close: 'rst'}),
      ]),
    ).toBe('other')
    expect(verdictOf([answer, chunk(0, {bytes: noise(517, 1)}), chunk(0, {close: 'rst'})])).toBe('other')
  })
})

it('a server that speaks first is not Tox', () => {
  expect(
    verdictOf([chunk(1, {bytes: noise(96, 7)}), chunk(0, {bytes: noise(128, 1)}), chunk(0, {bytes: frames(4)})]),
  ).toBe('other')
})
