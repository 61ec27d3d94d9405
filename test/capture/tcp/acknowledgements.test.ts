import {describe, expect, it} from 'vitest'
import {limits} from '../../../src/capture/limits.js'
import {Acknowledgements} from '../../../src/capture/tcp/acknowledgements.js'

/** Acknowledgements of these numbers, one after another, while the next byte to deliver is number 100. */
function having(...acks: readonly number[]): Acknowledgements {
  const acknowledgements = new Acknowledgements()
  for (const ack of acks) acknowledgements.add(ack, 100, 0)
  return acknowledgements
}

describe('acknowledgements past the next byte', () => {
  it.each([
    ['of the next byte', 101, 1],
    ['of a full window', 100 + limits.windowBytes, limits.windowBytes],
    ['of a byte more than a window', 101 + limits.windowBytes, 0],
    ['of nothing new', 100, 0],
    ['of earlier bytes', 99, 0],
  ])('%s', (_, ack, past) => {
    expect(having(ack).past(100)).toBe(past)
    expect(having(ack).count).toBe(past > 0 ? 1 : 0)
  })

  it('count as the smaller of the last two', () => {
    expect(having(110, 120).past(100)).toBe(10)
    expect(having(120, 110).past(100)).toBe(10)
    expect(having(110, 120, 130).past(100)).toBe(20)
  })

  it('begin anew after one that is not past it', () => {
    expect(having(110, 120, 100).count).toBe(0)
    expect(having(110, 120, 100, 130).past(100)).toBe(30)
  })
})
