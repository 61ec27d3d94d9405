import {describe, expect, it} from 'vitest'
import {textWidth} from '../../src/view/text-width.js'
import {paragraph, wrap} from '../../src/view/wrap.js'

describe('wrap', () => {
  it('breaks between words, and cuts a word that is wider than a line', () => {
    expect(wrap('one two three', 8, 8)).toEqual(['one two', 'three'])
    expect(wrap('a abcdefghij b', 4, 4)).toEqual(['a', 'abcd', 'efgh', 'ij b'])
    expect(wrap('', 4, 4)).toEqual([''])
  })

  it('keeps blanks before the first word, and of a text of blanks alone', () => {
    expect(wrap('  one two three', 10, 10)).toEqual(['  one two', 'three'])
    expect(wrap('  one two ', Number.POSITIVE_INFINITY, 8)).toEqual(['  one two '])
    expect(['', ' ', '   '].map(text => wrap(text, 8, 8))).toEqual([[''], [' '], ['   ']])
  })

  it('leaves the first line empty where it has too little room, or none, for the first word', () => {
    expect(wrap('word', 2, 8)).toEqual(['', 'word'])
    expect(wrap('word', -3, 8)).toEqual(['', 'word'])
  })

  it('counts the columns of a terminal, not characters', () => {
    const lines = wrap('日本語 のパケット ⏰⏰⏰⏰⏰⏰ e\u0301e\u0301e\u0301', 6, 6)
    expect(lines.every(line => textWidth(line) <= 6)).toBe(true)
    expect(lines.join('').replaceAll(' ', '')).toBe('日本語のパケット⏰⏰⏰⏰⏰⏰e\u0301e\u0301e\u0301')
    expect(wrap('日本', 1, 1)).toEqual(['日', '本'])
  })

  it('takes time that grows with the length of a word, not with its square', () => {
    expect(wrap('x'.repeat(1_000_000), 80, 80).length).toBe(12_500)
    expect(wrap('語'.repeat(1_000_000), 80, 80).length).toBe(25_000)
  })

  it('gives a paragraph whose lines are painted each for itself, or one line where the width is not known', () => {
    expect(paragraph('one two three', 8, text => `<${text}>`)).toBe('<one two>\n<three>\n')
    expect(paragraph('one two three', Number.POSITIVE_INFINITY)).toBe('one two three\n')
  })
})
