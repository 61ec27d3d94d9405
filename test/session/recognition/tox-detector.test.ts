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

describe('a dialogue with a proxy of which bytes are missing', () => {
  const greeting = Uint8Array.of(5, 1, 0)
  const request = Uint8Array.of(5, 1, 0, 1, 10, 0, 0, 5, 0x82, 0x35)
  const granted = Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)
  const client = [greeting, request, noise(128, 1), frames(3)].map(bytes => chunk(0, {bytes}))
  const ahead = client.map(each => ({...each, isAhead: true}))
  const many = [...client, chunk(0, {bytes: frames(20)})]

  it.each([
    ['the greeting', [chunk(0, {gap: 3}), ...client.slice(1), chunk(1, {bytes: Uint8Array.of(5, 0)})]],
    ['what the proxy says', [...many, chunk(1, {gap: 2}), chunk(1, {bytes: granted}), chunk(1, {bytes: noise(96, 7)})]],
    ['what the proxy says, so far', [client[0]!, ...ahead.slice(1), chunk(0, {bytes: frames(20), isAhead: true})]],
    ['the first of what the proxy says', [...many, chunk(1, {bytes: granted, isFirstUnknown: true})]],
  ] as const)('is not taken for a handshake: %s', (_, chunks) => {
    const recogniser = new ToxDetector(() => ({hasSyn: true, isTox: true, relayEnd: 1}))
    const verdict = chunks.map(each => recogniser.push(each)).find(each => each) ?? recogniser.end()
    expect(verdict).toMatchObject({kind: 'tox', begin: [expect.stringContaining('middle'), expect.anything()]})
  })

  it('leaves a handshake that is a segment of its own, whatever is missing of the other side', () => {
    const recogniser = new ToxDetector(() => ({hasSyn: true, isTox: true, relayEnd: 1}))
    const chunks = [chunk(0, {bytes: noise(128, 1)}), chunk(1, {gap: 96}), chunk(1, {bytes: frames(2)})]
    const verdict = chunks.map(each => recogniser.push(each)).find(each => each)
    expect(verdict).toMatchObject({kind: 'tox', begin: [{handshake: 128}, {handshake: 96}]})
  })
})

it('a server that speaks first is not Tox', () => {
  expect(
    verdictOf([chunk(1, {bytes: noise(96, 7)}), chunk(0, {bytes: noise(128, 1)}), chunk(0, {bytes: frames(4)})]),
  ).toBe('other')
})
