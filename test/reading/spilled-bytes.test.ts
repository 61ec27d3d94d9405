import {afterEach, describe, expect, it} from 'vitest'
import {SpilledBytes} from '../../src/library/store/spilled-bytes.js'

const spilled = new SpilledBytes()
afterEach(() => spilled.close())

const piece = (number: number, length = 64 * 1024): Uint8Array => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

describe('pieces outside of memory', () => {
  it('stay within a bound on the disk while old ones are forgotten, and the others can be read', () => {
    const kept: number[] = []
    let most = 0
    for (let number = 0; number < 1200; number++) {
      kept.push(spilled.add(piece(number)))
      if (kept.length > 100) spilled.forget(kept[kept.length - 100]!)
      most = Math.max(most, spilled.fileBytes)
    }
    // 6.5 MB are asked for, in files of 16 MiB.
    expect(most).toBeLessThan(48 * 1024 * 1024)
    for (const [at, place] of kept.slice(-100).entries())
      expect(spilled.at(place)).toEqual(Buffer.from(piece(1100 + at)))
  })

  it('can be longer than what is written at a time', () => {
    const long = piece(7, 1_000_000)
    expect(spilled.at(spilled.add(long))).toEqual(Buffer.from(long))
  })
})
