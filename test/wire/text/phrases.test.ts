import {expect, it} from 'vitest'
import {alternatives, countText, groupedCount, groupedText, rangeText} from '../../../src/wire/text/phrases.js'

it('a number has its noun in the singular only for one', () => {
  expect([0, 1, 2, 1000].map(count => countText(count, 'byte'))).toEqual(['0 bytes', '1 byte', '2 bytes', '1000 bytes'])
  expect([0, 1, 2, 1234].map(count => groupedCount(count, 'byte'))).toEqual([
    '0 bytes',
    '1 byte',
    '2 bytes',
    '1,234 bytes',
  ])
  expect([1n, 2n].map(count => groupedCount(count, 'reply', 'replies'))).toEqual(['1 reply', '2 replies'])
  expect(groupedText(12_345_678)).toBe('12,345,678')
})

it('a range names its last number, which a half-open one does not have', () => {
  expect(rangeText([0, 9])).toBe('0-8')
  expect(rangeText([3, 5])).toBe('3-4')
  expect(rangeText([3, 4])).toBe('3')
  expect(rangeText([3, 3])).toBe('at 3')
  expect(rangeText([3, 2])).toBe('at 3')
})

it('words to choose from have an "or" before the last', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(alternatives)).toEqual(['', 'a', 'a or b', 'a, b or c'])
})
