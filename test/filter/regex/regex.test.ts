import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import * as limits from '../../../src/filter/limits.js'
import {compilePattern} from '../../../src/filter/regex/regex.js'
import {PatternMistake} from '../../../src/filter/regex/regex-parse.js'

const has = (pattern: string, subject: string): boolean => compilePattern(pattern)(subject)

/** Patterns of which both engines know every part. */
const {pattern} = fc.letrec<{atom: string; pattern: string}>(tie => ({
  atom: fc.oneof(
    {maxDepth: 2},
    fc.constantFrom(
      'a',
      'b',
      'C',
      '0',
      '.',
      '\\d',
      '\\w',
      '\\S',
      '\\b',
      '\\B',
      '[ab]',
      '[^a]',
      '[a-c0]',
      '[\\d_-]',
      '^',
      '$',
      '\\.',
      '\\x41',
      ' ',
    ),
    tie('pattern').map(inside => `(${inside})`),
    tie('pattern').map(inside => `(?:${inside})`),
  ),
  pattern: fc
    .array(fc.tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?')), {
      maxLength: 3,
    })
    .chain(parts =>
      fc
        .constantFrom('', '|')
        .map(join => parts.map(([atom, times]) => (/^(?:\^|\$|\\[bB])$/.test(atom) ? atom : atom + times)).join(join)),
    ),
}))

describe('compilePattern', () => {
  it('finds what the engine of JavaScript finds', () => {
    const subject = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', 'A', 'C', '0', '9', ' ', '.', '_', '\n'),
      // JavaScript tries every way to part a subject: 12 ways for each character of (((a|.|a)+)+)+, minutes for 12 of them.
      maxLength: 7,
    })
    fc.assert(
      fc.property(pattern, subject, (text, value) => {
        expect(has(text, value)).toBe(new RegExp(text, 'is').test(value))
        expect(has(`(?-i)${text}`, value)).toBe(new RegExp(text, 's').test(value))
      }),
      {numRuns: 3000},
    )
  })

  it('ignores case unless the pattern begins with (?-i)', () => {
    expect(has('FRAME', 'a frame')).toBe(true)
    expect(has('(?-i)FRAME', 'a frame')).toBe(false)
    expect(has('(?i)FRAME', 'a frame')).toBe(true)
    expect(has('[A-Z]É', 'xé')).toBe(true)
    // In bytes only those of ASCII are letters.
    expect(compilePattern('[\\xc0-\\xdf]|B', 'bytes')('\xe9')).toBe(false)
    expect(compilePattern('[\\xc0-\\xdf]|B', 'bytes')('b')).toBe(true)
    // In upper case, `ß` is two letters.
    expect(has('S', 'ß')).toBe(false)
    expect(has('[^A-Z]', 'ß')).toBe(true)
  })

  it('takes no longer for patterns that are slow elsewhere', () => {
    const subject = `${'a'.repeat(limits.subject - 1)}!`
    expect(has('^(a+)+$', subject)).toBe(false)
    expect(has('^(a|a)*$', subject)).toBe(false)
    expect(has('^(a|aa)+$', subject)).toBe(false)
    expect(has('.*.*.*.*=.*', subject)).toBe(false)
    expect(has('(((a*)*)*)*b', subject)).toBe(false)
  })

  it('looks no farther than its bound', () => {
    expect(has('b', `${'a'.repeat(limits.subject - 1)}b`)).toBe(true)
    expect(has('b', `${'a'.repeat(limits.subject)}b`)).toBe(false)
  })

  it.each([
    ['(a', 0],
    ['a)', 1],
    ['[a', 0],
    ['*a', 0],
    ['a|+', 2],
    ['a{3,2}', 1],
    ['^*', 0],
    ['(?=a)', 0],
    ['(?<n>a)', 0],
    ['(a)\\1', 3],
    ['a\\', 1],
    ['\\q', 0],
    ['[b-a]', 0],
    ['(?i)(', 4],
  ])('says where %s is wrong', (text, offset) => {
    expect(() => compilePattern(text)).toThrow(PatternMistake)
    try {
      compilePattern(text)
    } catch (mistake) {
      expect(mistake).toMatchObject({offset})
    }
  })

  it.each([
    'a'.repeat(limits.pattern + 1),
    '(a{1000}){1000}',
    '((){9999}){9999}',
    `${'('.repeat(limits.depth + 1)}${')'.repeat(limits.depth + 1)}`,
    `a${'*'.repeat(limits.depth + 1)}`,
  ])('refuses what would take too much', text => {
    expect(() => compilePattern(text)).toThrow(PatternMistake)
  })

  it('throws nothing but its own mistake, whatever the text', () => {
    const noise = fc.oneof(
      fc.string({maxLength: 30}),
      fc.string({unit: fc.constantFrom(...'ab(|)*+?[]^$\\{},-d1.x:=<'), maxLength: 30}),
    )
    fc.assert(
      fc.property(noise, fc.string({maxLength: 20}), (text, subject) => {
        let matches: (subject: string) => boolean
        try {
          matches = compilePattern(text)
        } catch (mistake) {
          expect(mistake).toBeInstanceOf(PatternMistake)
          return
        }
        expect(matches(subject)).toBeTypeOf('boolean')
      }),
      {numRuns: 2000},
    )
  })
})
