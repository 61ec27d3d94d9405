import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {comparisons, type Expression, type Operand, type Slice} from '../../src/filter/expression.js'
import * as limits from '../../src/filter/limits.js'
import {parseFilter} from '../../src/filter/parse.js'
import {InputError} from '../../src/wire/input-error.js'
import {filterText} from './print.js'

/** An expression without its places, which differ by how it was written. */
const bare = (text: string): unknown => withoutPlaces(parseFilter(text))
const withoutPlaces = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'at' || key === 'end' ? undefined : part)))

const mistakeOf = (text: string): InputError => {
  try {
    parseFilter(text)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error(`no mistake in ${text}`)
}

const slice: fc.Arbitrary<Slice> = fc.oneof(
  fc.integer({min: -99, max: 99}).map(start => ({start, length: 1})),
  fc.tuple(fc.integer({min: -99, max: 99}), fc.integer({min: 1, max: 99})).map(([start, length]) => ({start, length})),
  fc.tuple(fc.nat(99), fc.nat(99)).map(([start, more]) => ({start, last: start + more})),
  fc.integer({min: -99, max: 99}).map(start => ({start})),
)
const slices = fc.array(fc.array(slice, {minLength: 1, maxLength: 3}), {maxLength: 2})
const words = fc.constantFrom(
  'type',
  'oob_send.destination_pk',
  'frame.time',
  '127.0.0.1/8',
  '00:11:22',
  '0x10',
  '-5',
  'frame-too-long',
  'not_a_name',
  '::1',
)
const operand: fc.Arbitrary<Operand> = fc.oneof(
  fc.record({kind: fc.constant('word' as const), text: words, slices, at: fc.constant(0), end: fc.constant(0)}),
  fc.record({
    kind: fc.constant('string' as const),
    text: fc.string({unit: fc.constantFrom('a', ' ', '\\"', '\\\\', '\n', '}', 'é')}),
    slices,
    at: fc.constant(0),
    end: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('raw' as const),
    text: fc.string({unit: fc.constantFrom('a', '\\', '.', '(')}),
    slices,
    at: fc.constant(0),
    end: fc.constant(0),
  }),
)
const field = operand.filter(({kind}) => kind === 'word')
const every = fc.boolean()
const {expression} = fc.letrec<{test: Expression; expression: Expression}>(tie => ({
  test: fc.oneof(
    fc.record({kind: fc.constant('present' as const), left: field}),
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom(...comparisons),
      left: field,
      right: operand,
      every,
    }),
    fc.record({kind: fc.constantFrom('contains' as const, 'matches' as const), left: field, right: operand, every}),
    fc.record({
      kind: fc.constant('in' as const),
      left: field,
      every,
      members: fc.array(fc.oneof(fc.tuple(operand), fc.tuple(operand, operand)), {minLength: 1, maxLength: 3}),
    }),
  ) as fc.Arbitrary<Expression>,
  expression: fc.oneof(
    {depthSize: 'small', withCrossShrink: true},
    tie('test'),
    fc.record({
      kind: fc.constantFrom('or' as const, 'xor' as const, 'and' as const),
      parts: fc.array(tie('expression'), {minLength: 2, maxLength: 3}),
    }),
    fc.record({kind: fc.constant('not' as const), part: tie('expression')}),
  ) as fc.Arbitrary<Expression>,
}))

describe('parseFilter', () => {
  it('reads what it is printed as', () => {
    fc.assert(
      fc.property(expression, tree => {
        expect(bare(filterText(tree))).toEqual(withoutPlaces(tree))
      }),
    )
  })

  it('binds as Wireshark does: or, xor, and, not, comparison', () => {
    expect(bare('a || b ^^ c && !d == 1')).toEqual(bare('a || (b ^^ (c && (!(d == 1))))'))
    expect(bare('a && b || c')).toEqual(bare('(a && b) || c'))
    expect(bare('not a and b')).toEqual(bare('(not a) and b'))
  })

  it('knows the words for every sign', () => {
    const pairs = [
      ['a == 1', 'a eq 1'],
      ['a == 1', 'a any_eq 1'],
      ['a != 1', 'a ne 1'],
      ['a != 1', 'a all_ne 1'],
      ['a === 1', 'a all_eq 1'],
      ['a !== 1', 'a any_ne 1'],
      ['a !== 1', 'a ~= 1'],
      ['a > 1', 'a gt 1'],
      ['a < 1', 'a lt 1'],
      ['a >= 1', 'a ge 1'],
      ['a <= 1', 'a le 1'],
      ['a ~ "1"', 'a matches "1"'],
      ['!a', 'not a'],
      ['a && b', 'a and b'],
      ['a || b', 'a or b'],
      ['a ^^ b', 'a xor b'],
      ['!(a in {1})', 'a not in {1}'],
      ['all a == 1', 'a === 1'],
      ['any a != 1', 'a !== 1'],
      ['all a != 1', 'a != 1'],
    ]
    for (const [sign, word] of pairs) expect(bare(word!), word).toEqual(bare(sign!))
  })

  it('needs no blanks where signs part the words', () => {
    expect(bare('(a==1&&b<=2)||!c')).toEqual(bare('( a == 1 && b <= 2 ) || ! c'))
    expect(bare('a in{1,2..3}')).toEqual(bare('a in { 1 , 2 .. 3 }'))
    expect(bare('a in{1000..2000}')).toEqual(bare('a in { 1000 .. 2000 }'))
    expect(bare('a in{1000..200000,100000..20000000}')).toEqual(bare('a in { 1000 .. 200000, 100000 .. 20000000 }'))
    expect(bare('a\tand\n b')).toEqual(bare('a and b'))
  })

  it('distinguishes a slice from an address in brackets', () => {
    expect(bare('a[0:2] == 1')).toMatchObject({left: {text: 'a', slices: [[{start: 0, length: 2}]]}})
    expect(bare('a[-1]')).toMatchObject({left: {slices: [[{start: -1, length: 1}]]}})
    expect(bare('a[:3]')).toMatchObject({left: {slices: [[{start: 0, length: 3}]]}})
    expect(bare('a[3:]')).toMatchObject({left: {slices: [[{start: 3}]]}})
    expect(bare('a[1-2, 4]')).toMatchObject({
      left: {
        slices: [
          [
            {start: 1, last: 2},
            {start: 4, length: 1},
          ],
        ],
      },
    })
    expect(bare('relay eq [::1]:33445')).toMatchObject({right: {text: '[::1]:33445', slices: []}})
  })

  it.each([
    ['', 0],
    ['a ==', 4],
    ['a = 1', 2],
    ['a == 1 b', 7],
    ['a & b', 2],
    ['(a', 0],
    ['a)', 1],
    ['a == "x', 5],
    ['a in 5', 5],
    ['a in {', 6],
    ['a in {1', 5],
    ['a in {1 2}', 8],
    ['a[x]', 1],
    ['a[1:0]', 1],
    ['a[3-1]', 1],
    ['a[1', 1],
    ['[a', 0],
    ['a == 1 == 2', 7],
    ['&& a', 0],
    ['all a', 4 + 1],
    ['a contians "x"', 2],
  ])('puts the caret in "%s" under the place', (text, at) => {
    const {message, hint} = mistakeOf(text)
    const [shown, carets] = hint!.split('\n')
    expect(message).not.toMatch(/\.$/)
    expect(shown).toBe(text)
    expect(carets).toMatch(new RegExp(`^ {${at}}\\^+$`))
  })

  it('names the operator that was meant', () => {
    expect(mistakeOf('a contians "x"').hint).toContain('did you mean "contains"?')
    expect(mistakeOf('a = 1').hint).toContain('did you mean "=="?')
  })

  it('keeps the picture narrow, and on one line', () => {
    const long = `${'a && '.repeat(500)} )\u001b ${'&& a'.repeat(500)}`
    const lines = mistakeOf(long).hint!.split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(limits.hintColumns)
    expect(lines[0]![lines[1]!.indexOf('^')]).toBe(')')
    expect(mistakeOf('a\n==\u001b[0m').hint!.split('\n')[0]).not.toMatch(/\p{Cc}/u)
  })

  it.each([
    ['(', limits.depth + 1],
    ['!', limits.depth + 1],
    ['not ', 100_000 / 10],
    ['a || ', limits.tests + 1],
    ['a in {', 1],
  ])('bounds what it takes: "%s" many times', (text, times) => {
    expect(() => parseFilter(text.repeat(times))).toThrow(InputError)
    expect(() => parseFilter(`a in {${'1,'.repeat(limits.members + 1)}1}`)).toThrow(InputError)
    expect(() => parseFilter('a'.repeat(limits.expression + 1))).toThrow(InputError)
    expect(() => parseFilter(`a${'[1]'.repeat(limits.slices + 1)}`)).toThrow(InputError)
  })

  it('throws nothing but InputError, whatever the text', () => {
    const tokens = fc.array(
      fc.constantFrom(
        'type',
        'frame.len',
        '==',
        '!=',
        '&&',
        'or',
        'not',
        '!',
        '(',
        ')',
        '{',
        '}',
        ',',
        '..',
        '[0]',
        '[',
        ']',
        '"a"',
        'r"b"',
        '"',
        '5',
        'in',
        'all',
        '~',
      ),
      {maxLength: 12},
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tokens.map(list => list.join(' ')),
          tokens.map(list => list.join('')),
        ),
        text => {
          try {
            parseFilter(text)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
          }
        },
      ),
      {numRuns: 3000},
    )
  })
})
