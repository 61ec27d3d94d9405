import {expect, test} from 'vitest'
import {limits} from '../../../src/protocol/limits.js'
import {Deframer} from '../../../src/session/connection/deframer.js'

/** Kinds and sizes of the pieces of a stream of frames that comes in chunks. */
function piecesOf(chunks: readonly Uint8Array[]): string[] {
  const deframer = new Deframer('frames')
  const found: string[] = []
  for (const bytes of chunks) {
    const pieces = deframer.cut({connection: 0, end: 0, time: null, bytes})
    for (let piece = pieces.next(); piece; piece = pieces.next()) {
      const {length} = 'start' in piece ? piece.bytes.subarray(piece.start, piece.end) : []
      found.push(`${piece.kind} ${length}`)
    }
  }
  return found
}

/** A frame of that many bytes with its prefix, and one of 30 bytes. */
function framesWith(size: number): Uint8Array {
  const frames = Buffer.alloc(size + 30)
  frames.writeUInt16BE(size - limits.frameLengthPrefix, 0)
  frames.writeUInt16BE(28, size)
  return frames
}

test.each([1, 2, 3, 1000, limits.frame - 1, limits.frame])(
  'the longest frame is one piece, where its first %i bytes come apart from the others',
  first => {
    const frames = framesWith(limits.frame)
    const expected = [`frame ${limits.frame}`, 'frame 30']
    expect(piecesOf([frames])).toEqual(expected)
    expect(piecesOf([frames.subarray(0, first), frames.subarray(first)])).toEqual(expected)
  },
)

test.each([1, 2, 3, 1000])('a frame of a byte more is too long, where its first %i bytes come apart', first => {
  const frames = framesWith(limits.frame + 1)
  const whole = piecesOf([frames])
  expect(whole[0]).toMatch(/^oversize/)
  expect(whole.slice(1)).toEqual(['frame 30'])
  const kinds = piecesOf([frames.subarray(0, first), frames.subarray(first)]).map(piece => piece.split(' ')[0])
  expect(kinds).toEqual(['oversize', 'frame'])
})
