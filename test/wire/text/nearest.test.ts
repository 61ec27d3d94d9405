import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {distance, nearest} from '../../../src/wire/text/nearest.js'

const words = [
  'oob_send',
  'oob_receive',
  'oob_send.destination_pk',
  'oob_receive.sender_pk',
  'ping_request',
  'pong_response',
  'type',
  'from',
  'frame-too-long',
]

describe('nearest', () => {
  it('finds nothing for no word, however short the words are', () => {
    expect(nearest('', ['a', 'ab', ''])).toEqual([])
  })

  it('finds misspellings, the nearest first', () => {
    expect(nearest('oob_sned', words)).toEqual(['oob_send'])
    expect(nearest('tpye', words)).toEqual(['type'])
    expect(nearest('oob_recieve', words)).toEqual(['oob_receive'])
    expect(nearest('oob_send.destinaton_pk', words)[0]).toBe('oob_send.destination_pk')
  })

  it('looks past case and the kind of dash', () => {
    expect(nearest('Frame_Too_Long', words)).toEqual(['frame-too-long'])
    expect(nearest('PING-REQUEST', words)[0]).toBe('ping_request')
  })

  it('finds words by their beginning or a part', () => {
    expect(nearest('ping', words)).toContain('ping_request')
    expect(nearest('sender_pk', words)).toEqual(['oob_receive.sender_pk'])
    expect(nearest('response', words)).toEqual(['pong_response'])
  })

  it('gives nothing where nothing is near', () => {
    expect(nearest('xyzzy', words)).toEqual([])
    expect(nearest('', words)).toEqual([])
    expect(nearest('q', words)).toEqual([])
  })

  it('gives at most the number asked for, each once', () => {
    expect(nearest('aa', ['ab', 'ac', 'ad', 'ae', 'ab'])).toEqual(['ab', 'ac', 'ad'])
    expect(nearest('aa', ['ab', 'ab'], 5)).toEqual(['ab'])
  })

  it('is bounded for a word of any length', () => {
    expect(nearest('x'.repeat(10_000_000), words)).toEqual([])
  })
})

describe('distance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect(distance('', 'abc')).toBe(3)
    expect(distance('abc', 'abc')).toBe(0)
    expect(distance('abc', 'acb')).toBe(1)
    expect(distance('kitten', 'sitting')).toBe(3)
  })

  it('is symmetric, zero only for equals, and at most the longer length', () => {
    const word = fc.string({maxLength: 12})
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a))
        expect(distance(a, b) === 0).toBe(a === b)
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })
})
