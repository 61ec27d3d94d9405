import {expect, test} from 'vitest'
import {openStream} from '../../src/library/open-stream.js'
import {limits} from '../../src/protocol/limits.js'

/** The client's half of a stream: a handshake, then the shortest frames. */
function clientHalf(frames: number): Uint8Array {
  const frame = 2 + limits.sealedFrameMin
  const bytes = new Uint8Array(limits.clientHandshake + frames * frame).fill(0xa5)
  for (let at = limits.clientHandshake; at < bytes.length; at += frame) bytes.set([0, limits.sealedFrameMin], at)
  return bytes
}

test('refuses a stream of more frames than the limit, and names the command that reads any number', async () => {
  const records = openStream({client: clientHalf(limits.streamPieces + 1)})
  await expect(records.next()).rejects.toMatchObject({
    code: 'file-too-long',
    message: `the stream has over ${limits.streamPieces} frames or segments`,
    hint: expect.stringContaining('toxtcp read'),
  })
})
