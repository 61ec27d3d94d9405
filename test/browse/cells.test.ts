import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {Cells, styles} from '../../src/browse/cells.js'
import {textWidth} from '../../src/view/text-width.js'
import {codePoint} from '../properties/code-point.js'

describe('widths of characters', () => {
  it.each([
    ['abc', 3],
    ['漢字', 4],
    ['カナ', 4],
    ['ｶﾅ', 2],
    ['한글', 4],
    ['😀', 2],
    ['e\u0301', 1],
    ['Ａ！', 4],
    ['שלום', 4],
    ['─▾', 2],
  ])('%s: %i', (text, width) => {
    expect(textWidth(text)).toBe(width)
  })
})

describe('cells', () => {
  it('hold nothing that a terminal obeys, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({unit: codePoint, maxLength: 60}), text => {
        const cells = new Cells(80, 1)
        cells.write(0, 0, text)
        expect(cells.chars.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it.each([
    ['\x1b[2J', '\\x1b[2J'],
    ['\x1b]52;c;eA==\x07', '\\x1b]52;c;eA==\\x07'],
    ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['\u202eabc', '\\u{202e}abc'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['\x9b31m', '\\x9b31m'],
  ])('show %j as %s', (text, shown) => {
    const cells = new Cells(40, 1)
    cells.write(0, 0, text)
    expect(cells.row(0).trimEnd()).toBe(shown)
  })

  it('cut a text where it does not fit, also in the middle of a wide character, and show that it was cut', () => {
    const cells = new Cells(6, 1)
    expect(cells.write(1, 0, '漢字漢', 5)).toBe(5)
    expect(cells.chars).toEqual([' ', '漢', '', '字', '', '…'])
    cells.write(0, 0, '漢字漢字', 6)
    expect(cells.row(0)).toBe('漢字 …')
    cells.write(0, 0, 'abcdef  \x1b[1m ', 6)
    expect(cells.row(0)).toBe('abcdef')
    const plain = new Cells(6, 1, true)
    plain.write(0, 0, 'abcdefg')
    expect(plain.row(0)).toBe('abcd..')
  })

  it('keep few combining marks', () => {
    const cells = new Cells(4, 1)
    cells.write(0, 0, `a${'\u0301'.repeat(1000)}b`)
    expect(cells.chars[0]!.length).toBeLessThan(8)
    expect(cells.chars[1]).toBe('b')
  })

  it('mix the styles of a text with that of its line', () => {
    const cells = new Cells(4, 1)
    cells.write(0, 0, '\x1b[31ma\x1b[39m\x1b[7mb\x1b[27m', 4, styles.inverse)
    expect([...cells.styles]).toEqual([31 | styles.inverse, 0, 0, 0])
  })

  it('are ASCII alone where that is asked for', () => {
    const cells = new Cells(6, 1, true)
    cells.write(0, 0, 'a漢é\u0301b')
    expect(cells.row(0)).toBe('a??b  ')
  })
})
