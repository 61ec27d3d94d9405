import {expect, it} from 'vitest'
import {addToList} from '../../../src/wire/memory/lists.js'
import {NumberSet} from '../../../src/wire/memory/number-set.js'

it('a set of numbers has each once, in ascending order, however large they are', () => {
  const set = new NumberSet()
  const numbers = [9, 0, 8, 7, 100_000, 9, 15, 16]
  for (const number of numbers) set.add(number)
  expect([...set]).toEqual([0, 7, 8, 9, 15, 16, 100_000])
  expect(set.size).toBe(7)
  for (const number of [0, 7, 9, 100_000]) expect(set.has(number)).toBe(true)
  for (const number of [1, 6, 10, 17, 99_999, 100_001, 5_000_000]) expect(set.has(number)).toBe(false)
})

it('a list of a key has its items in the order in which they were added', () => {
  const lists = new Map<string, number[]>()
  for (const [key, item] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    addToList(lists, key, item)
  expect([...lists]).toEqual([
    ['a', [1, 3]],
    ['b', [2]],
  ])
})
