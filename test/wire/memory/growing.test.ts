import {expect, it} from 'vitest'
import {withRoom} from '../../../src/wire/memory/growing.js'

it('leaves an array alone that is long enough', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  expect(withRoom(bytes, 3)).toBe(bytes)
})

it('copies into an array twice as long, or as long as needed', () => {
  expect(withRoom(Uint8Array.of(1, 2, 3), 4)).toEqual(Uint8Array.of(1, 2, 3, 0, 0, 0))
  expect(withRoom(Uint8Array.of(1), 4)).toEqual(Uint8Array.of(1, 0, 0, 0))
})

it('never grows beyond the most', () => {
  expect(withRoom(Uint8Array.of(1, 2, 3), 4, 5)).toHaveLength(5)
})
