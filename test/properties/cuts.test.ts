import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Keyring} from '../../src/crypto/keyring/keyring.js'
import type {StreamStart} from '../../src/session/connection/deframer.js'
import {fromHandshakes} from '../../src/session/connection-setup.js'
import {type Half, interleave} from '../../src/session/recognition/interleave.js'
import type {SessionRecord} from '../../src/session/record.js'
import type {Chunk, End} from '../../src/wire/chunk.js'
import {hexOf, plaintextOf, ringOf} from '../session/recorded.js'
import {bytesChunk, type CaptureName, halvesOf, read, ringOfSecrets, ringOfSessions} from '../session/streams.js'

/** All that a record says, as a value. */
const told = (record: SessionRecord) => {
  const {
    number,
    connection,
    from,
    time,
    kind,
    index,
    length,
    packets,
    state,
    window,
    opened,
    wire,
    findings,
    inferred,
    close,
    causes,
  } = record
  return {
    ...{
      number,
      connection,
      from,
      time,
      kind,
      index,
      length,
      packets: [...packets],
      state,
      findings,
      inferred,
      close,
      causes,
    },
    window: window && [window.type.name, plaintextOf(record), window.shift],
    opened: opened.map(({bytes, start, end}) => hexOf(bytes, start, end)),
    wire: wire && hexOf(wire),
  }
}

/** Chunks of the same bytes in the same order, cut elsewhere. */
const recut = (chunks: readonly Chunk[]): fc.Arbitrary<Chunk[]> =>
  fc.tuple(fc.infiniteStream(fc.oneof(fc.nat(3), fc.nat(40), fc.nat(4000))), fc.boolean()).map(([sizes, joins]) => {
    const out: Chunk[] = []
    for (const chunk of joins ? joined(chunks) : chunks) {
      if (!chunk.bytes) out.push(chunk)
      for (let at = 0; chunk.bytes && at < chunk.bytes.length; ) {
        const size = 1 + sizes.next().value!
        out.push({...chunk, bytes: chunk.bytes.subarray(at, at + size)})
        at += size
      }
    }
    return out
  })

/** Neighbours of one side in one piece. */
function joined(chunks: readonly Chunk[]): Chunk[] {
  const out: Chunk[] = []
  for (const chunk of chunks) {
    const last = out.at(-1)
    if (last?.bytes && chunk.bytes && last.end === chunk.end)
      out[out.length - 1] = bytesChunk(chunk.end, Buffer.concat([last.bytes, chunk.bytes]))
    else out.push(chunk)
  }
  return out
}

type Change = (chunks: Chunk[]) => Chunk[]

/** A side's bytes from..to of all its bytes, changed in place in the order of the chunks. */
function at(end: End, from: number, to: number, change: (bytes: Uint8Array) => Chunk[]): Change {
  return chunks => {
    let passed = 0
    return chunks.flatMap(chunk => {
      if (chunk.end !== end || !chunk.bytes) return [chunk]
      const [start, stop] = [Math.max(0, from - passed), Math.min(chunk.bytes.length, to - passed)]
      passed += chunk.bytes.length
      if (start >= stop) return [chunk]
      const [before, behind] = [chunk.bytes.subarray(0, start), chunk.bytes.subarray(stop)]
      return [bytesChunk(end, before), ...change(chunk.bytes.subarray(start, stop)), bytesChunk(end, behind)].filter(
        ({bytes}) => bytes?.length !== 0,
      )
    })
  }
}

const damaged = (end: End, place: number): Change =>
  at(end, place, place + 1, ([byte]) => [bytesChunk(end, Uint8Array.of(byte! ^ 0x10))])
const lost = (end: End, from: number, to: number): Change => at(end, from, to, () => [])
const missing = (end: End, from: number, to: number): Change =>
  at(end, from, to, bytes => [{connection: 0, end, time: null, gap: bytes.length}])

const changes: readonly (readonly [string, Change])[] = [
  ['as it was', chunks => chunks],
  ['a body damaged', damaged(0, 900)],
  ['a length damaged', damaged(1, 97)],
  ['a handshake damaged', damaged(0, 100)],
  ['bytes lost', lost(0, 1000, 1234)],
  ['a gap', missing(0, 1000, 1234)],
  ['a gap over the handshake', missing(1, 0, 96)],
  ['a gap in the handshake', missing(0, 50, 300)],
  ['gaps on both sides', chunks => missing(1, 2000, 2010)(missing(0, 1500, 4000)(chunks))],
  ['bytes lost at the start of both sides', chunks => lost(1, 0, 500)(lost(0, 0, 700)(chunks))],
]

const rings: readonly (readonly [string, (name: CaptureName) => Keyring])[] = [
  ['session lines', ringOfSessions],
  ['secret keys', ringOfSecrets],
  ['no keys', () => ringOf([])],
]

describe.each(rings)('cut anywhere, a stream gives the same records: %s', (_, ringFor) => {
  test.each(changes)('%s', (what, change) => {
    const isMiddle = what.includes('at the start')
    const begin: readonly [StreamStart, StreamStart] = isMiddle ? ['middle', 'middle'] : fromHandshakes
    const halves = halvesOf('small', 0).map(half => half.subarray(0, 9000)) as [Uint8Array, Uint8Array]
    const half = (side: End): Half => ({bytes: halves[side], holes: [], begin: fromHandshakes[side]})
    const ordered = interleave([half(0), half(1)], ringOfSessions('small'))
    const chunks = change(ordered.map(({side, start, end}) => bytesChunk(side, halves[side].subarray(start, end))))
    const keyring = ringFor('small')
    const expected = read(keyring, chunks, begin).map(told)
    expect(expected.length).toBeGreaterThan(10)
    fc.assert(
      fc.property(recut(chunks), pieces => {
        expect(read(keyring, pieces, begin).map(told)).toEqual(expected)
      }),
      {numRuns: isMiddle ? 3 : 12},
    )
  })
})
