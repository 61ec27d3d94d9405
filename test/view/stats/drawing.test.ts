import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {axis, bar, plot, roundUp, spark} from '../../../src/view/stats/plot.js'
import {rateText, shareText, sinceText, sizeText, spanText} from '../../../src/view/stats/quantities.js'
import {type Column, tableOf} from '../../../src/view/stats/table.js'
import {theme} from '../../../src/view/theme.js'

const asIs = (text: string): string => text
const shape = {height: 2, isAscii: false, faint: asIs, paint: asIs, margin: 5}

describe('plots', () => {
  it('stand on their axis, each value as high as it is', () => {
    expect(plot([0, 1, 8, 16], 16, '16', shape)).toEqual(['   16 ┤   █', '    0 ┤ ▁██'])
    expect(plot([0, 1, 8, 16], 16, '16', {...shape, isAscii: true})).toEqual(['   16 +   #', '    0 + .##'])
  })

  it('have ticks whose labels do not touch', () => {
    const ticks = [
      {at: 0, label: '0'},
      {at: 6, label: '10 s'},
      {at: 8, label: '20 s'},
      {at: 14, label: '30 s'},
    ]
    expect(axis(17, ticks, shape)).toEqual(['      └┬─────┬───────┬──', '       0   10 s    30 s'])
  })

  it('are horizontal bars and sparks, and show every value that is not 0', () => {
    expect(bar(100, 100, 4, false)).toBe('████')
    expect(bar(1, 1000, 4, false)).toBe('▏')
    expect(bar(0, 100, 4, false)).toBe('')
    expect(bar(50, 100, 4, true)).toBe('##')
    expect(spark([0, 1, 100, 50], false)).toBe(' ▁█▄')
    expect(spark([0, 0], false)).toBe('  ')
  })

  it('end at round numbers', () => {
    expect([1, 1.2, 155, 200, 801, 0.003].map(value => roundUp(value))).toEqual([1, 1.5, 200, 200, 1000, 0.003])
    fc.assert(
      fc.property(
        fc.double({min: 1e-9, max: 1e15, noNaN: true}),
        value => roundUp(value) >= value * (1 - 1e-12) && roundUp(value) <= value * 2.5,
      ),
    )
  })
})

describe('quantities', () => {
  it('have three digits and a unit', () => {
    expect([0, 999, 1000, 9995, 12_345, 999_499, 999_500, 3e9, 1e20].map(sizeText)).toEqual([
      ...['0 B', '999 B', '1.00 kB', '10.0 kB', '12.3 kB', '999 kB', '1.00 MB', '3.00 GB', '100000 PB'],
    ])
    expect(rateText(1500)).toBe('1.50 kB/s')
    expect([0, 999, 1000, 20_055, 999_499, 999_500, 9_129_427, 99_949_999].map(spanText)).toEqual([
      ...['0 us', '999 us', '1.00 ms', '20.1 ms', '999 ms', '1.00 s', '9.13 s', '99.9 s'],
    ])
    expect([99_950_000, 750e6, 3_599_400_000, 3600e6, 86_399e6, 86_400e6 * 3.2].map(spanText)).toEqual([
      ...['1 min 40 s', '12 min 30 s', '59 min 59 s', '1 h 00 min', '23 h 59 min', '3 d 04 h'],
    ])
    expect([shareText(1, 3), shareText(0, 0), sinceText(5_123_456, 1_000_000), sinceText(null, 0)]).toEqual([
      '33.3 %',
      '-',
      '4.123',
      '-',
    ])
  })
})

interface Row {
  readonly name: string
  readonly size: number
}

const columns: readonly Column<Row>[] = [
  {head: 'NAME', text: ({name}) => name, least: 6},
  {head: 'SIZE', isRight: true, text: ({size}) => String(size)},
  {head: 'TWICE', isRight: true, text: ({size}) => String(size * 2), drop: 1},
  {head: 'HEXADECIMAL', text: ({size}) => size.toString(16), drop: 2},
]
const style = {width: 80, isAscii: false, theme: theme(0)}
const few: readonly Row[] = [
  {name: 'short', size: 1},
  {name: 'very long name', size: 255},
]

describe('tables', () => {
  it('are as wide as what is in them', () => {
    expect(tableOf(columns, few, () => 1, style)).toEqual({
      text: `${[
        'NAME            SIZE  TWICE  HEXADECIMAL',
        '──────────────  ────  ─────  ───────────',
        'short              1      2  1',
        'very long name   255    510  ff',
      ].join('\n')}\n`,
      hidden: 0,
      hiddenAre: '',
    })
  })

  it('leave out columns, then cut texts, where there is no room', () => {
    const lines = (width: number, isAscii = false): string[] =>
      tableOf(columns, few, () => 1, {...style, width, isAscii}).text.split('\n')
    expect(lines(30)[3]).toBe('very long name   255    510')
    expect(lines(20)[3]).toBe('very l…   255    510')
    expect(lines(18)[3]).toBe('very long n…   255')
    expect(lines(12, true).slice(0, 2)).toEqual(['NAME    SIZE', '------  ----'])
    expect(lines(12, true)[3]).toBe('very..   255')
  })

  it('show the rows with most weight in their order, and count the others by kind', () => {
    const many = Array.from(
      {length: 300},
      (_, index): Row => ({name: `row ${index}`, size: index % 10 === 5 ? index : 0}),
    )
    const {text, hidden, hiddenAre} = tableOf(
      columns,
      many,
      ({size}) => size,
      style,
      ({size}) => (size === 0 ? 'empty' : 'full'),
    )
    const names = text.split('\n').flatMap(line => /^row \d+/.exec(line)?.[0] ?? [])
    expect(names).toEqual(many.filter(({size}) => size > 0).map(({name}) => name))
    expect([hidden, hiddenAre]).toEqual([270, '270 empty'])
  })

  it('have at most fifty rows', () => {
    const many = Array.from({length: 10_000}, (_, index): Row => ({name: `row ${index}`, size: index + 1}))
    const {text, hidden} = tableOf(columns, many, ({size}) => size, style)
    expect([text.split('\n').length, hidden]).toEqual([53, 9950])
    expect(text).not.toContain('row 9949 ')
    expect(text).toContain('row 9950 ')
  })
})
