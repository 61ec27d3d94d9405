import {expect, test} from 'vitest'
import {Fifo} from '../../../src/wire/memory/fifo.js'

test('a queue gives back what was put in, through cuts', () => {
  const fifo = new Fifo<number>()
  let [put, taken] = [0, 0]
  for (let round = 0; round < 100; round++) {
    for (let i = 0; i < 100; i++) fifo.push(put++)
    for (let i = 0; i < (round < 50 ? 40 : 160); i++) {
      expect(fifo.head).toBe(taken < put ? taken : undefined)
      expect(fifo.shift()).toBe(taken < put ? taken++ : undefined)
    }
    expect(fifo.length).toBe(put - taken)
  }
  fifo.clear()
  expect(fifo.length).toBe(0)
})
