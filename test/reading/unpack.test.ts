import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {describe, expect, it} from 'vitest'
import {gunzipped} from '../../src/reading/unpack.js'
import {InputError} from '../../src/wire/input-error.js'

const capture = readFileSync(new URL('../../fixtures/captures/small/capture.pcap', import.meta.url))
const packed = gzipSync(capture)

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** What is unpacked, and the error at its end. */
async function unpacked(bytes: Uint8Array, size: number): Promise<{bytes: Buffer; error: unknown}> {
  const parts: Uint8Array[] = []
  try {
    for await (const part of gunzipped(pieces(bytes, size), () => pieces(bytes, size))) parts.push(part)
  } catch (error) {
    return {bytes: Buffer.concat(parts), error}
  }
  return {bytes: Buffer.concat(parts), error: undefined}
}

function trueBytes(bytes: Uint8Array): Uint8Array {
  const twice = Buffer.concat([capture, capture])
  const wrong = bytes.findIndex((byte, at) => byte !== twice[at])
  return wrong < 0 ? bytes : bytes.subarray(0, wrong)
}

const byGzip = (bytes: Uint8Array): Buffer => spawnSync('gzip', ['-dc'], {input: bytes}).stdout

/** Packed captures with damage at places that are spread over them. */
const damaged: readonly (readonly [string, Uint8Array])[] = [
  ['garbage behind it', Buffer.concat([packed, Buffer.from('garbage')])],
  ['a second member that is no member', Buffer.concat([packed, Buffer.from([0x1f, 0x8b, 1, 2, 3])])],
  ['a second member that is cut off', Buffer.concat([packed, packed.subarray(0, 5000)])],
  ['a wrong check sum', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 1)])],
  ...[0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map(part => {
    const cut = packed.subarray(0, Math.floor(packed.length * part))
    return [`an end after ${part * 100} %`, cut] as const
  }),
  ...[0.05, 0.2, 0.4, 0.6, 0.8, 0.95].map(part => {
    const bytes = Buffer.from(packed)
    bytes.fill(0xff, Math.floor(packed.length * part), Math.floor(packed.length * part) + 40)
    return [`a hole after ${part * 100} %`, bytes] as const
  }),
]

describe('a gzip capture', () => {
  it.each([1000, 65_536])('is unpacked whole from pieces of %i bytes', async size => {
    const twice = Buffer.concat([capture, capture])
    for (const [bytes, whole] of [
      [packed, capture],
      [Buffer.concat([packed, packed]), twice],
      [Buffer.concat([packed, Buffer.alloc(600)]), capture],
    ] as const) {
      const all = await unpacked(bytes, size)
      expect(all.error).toBeUndefined()
      expect(all.bytes.equals(whole)).toBe(true)
    }
  })

  it.each(damaged)('with %s gives at least what gzip -dc gives, and then a sentence', async (_, bytes) => {
    // What gzip makes up behind damage that it does not see is not expected.
    const expected = trueBytes(byGzip(bytes))
    for (const size of [1000, 65_536]) {
      const {bytes: all, error} = await unpacked(bytes, size)
      expect(all.length).toBeGreaterThanOrEqual(expected.length)
      expect(all.subarray(0, expected.length).equals(expected)).toBe(true)
      expect(error).toBeInstanceOf(InputError)
      expect(String(error)).toMatch(/the gzip data is damaged or cut off: \w/)
    }
  })

  it('of zeros, which become a thousand times as many bytes, has few of them in memory at a time', async () => {
    const zeros = 128_000_000
    const bomb = gzipSync(Buffer.alloc(zeros))
    let given = 0
    let most = 0
    const before = process.memoryUsage().arrayBuffers
    for await (const part of gunzipped(pieces(bomb, bomb.length))) {
      if (given === 0) most = process.memoryUsage().arrayBuffers - before
      given += part.length
    }
    expect(given).toBe(zeros)
    expect(most).toBeLessThan(32_000_000)
  })
})
