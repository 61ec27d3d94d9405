import fc from 'fast-check'
import {expect, test} from 'vitest'
import {concatBytes} from '../../../src/wire/bytes.js'
import {ByteSpace} from '../../../src/wire/memory/byte-space.js'

const parts = fc.array(fc.uint8Array({maxLength: 50}), {maxLength: 20})

test('a space gives back the parts that were added, however many bytes were expected, and is empty then', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), parts, parts, (first, expected, before, after) => {
      const space = new ByteSpace(first)
      for (const each of [before, after]) {
        space.expect(expected)
        for (const part of each) space.add(part)
        expect(Buffer.compare(space.take(), concatBytes(each))).toBe(0)
      }
      expect(space.take()).toHaveLength(0)
    }),
  )
})

test('what was taken stays as it is while the space is filled again', () => {
  const space = new ByteSpace(8)
  space.add(Uint8Array.of(1, 2, 3))
  const taken = space.take()
  space.add(Uint8Array.of(9, 9, 9))
  expect([...taken]).toEqual([1, 2, 3])
})
