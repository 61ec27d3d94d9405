import {expect, test} from 'vitest'
import {Oldest} from '../../../src/wire/memory/oldest.js'

test('the oldest entry of a set is found as a new iterator finds it, while entries come, go and move to the end', () => {
  const entries = new Set<number>()
  const oldest = new Oldest(entries)
  const most = 50
  let next = 0
  for (let step = 0; step < 5000; step++) {
    entries.add(next++)
    if (step % 7 === 0) entries.delete(next - 3 - (step % 11))
    if (entries.size <= most) {
      oldest.rest()
      continue
    }
    const [first] = entries
    const found = oldest.next()
    expect(found).toBe(first)
    entries.delete(first!)
    if (step % 5 === 0) entries.add(first!)
  }
  expect(entries.size).toBeGreaterThan(most)
})

test('nothing is the oldest of an empty map', () => {
  expect(new Oldest(new Map()).next()).toBeUndefined()
})
