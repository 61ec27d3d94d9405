import {groupedCount, groupedText, leftOut} from '../../wire/text/phrases.js'
import {inSigns} from '../escape.js'
import {cutToWidth} from '../text-width.js'
import type {Theme} from '../theme.js'
import type {Comparison, ConnectionComparison, SideComparison, Step} from './comparison.js'

/** Steps without a difference that are shown around one. */
const context = 3
/** Characters of a value that are shown. */
const shownValue = 32

const isSame = ({a, b, differences}: Step): boolean => a !== undefined && b !== undefined && differences.length === 0

/** Whether nothing differs. */
export const isEqual = ({pairs, onlyA, onlyB}: Comparison): boolean =>
  onlyA.length === 0 && onlyB.length === 0 && pairs.every(({sides}) => sides.every(({steps}) => steps.every(isSame)))

/** How differences are printed. */
export interface DiffStyle {
  readonly theme: Theme
  /** Columns that rows are cut to. */
  readonly width: number
  readonly isAscii: boolean
}

/** The differences in the unified form of diff, in rows of at most a width; empty: there are none. */
export function diffText(
  comparison: Comparison,
  names: readonly [string, string],
  {theme, width, isAscii}: DiffStyle,
): string {
  const {pairs, onlyA, onlyB} = comparison
  const rows: string[] = [
    ...pairs.flatMap(pair => pair.sides.flatMap(side => sideRows(pair, side, names))),
    ...onlyA.map(connection => `-connection ${connection}, only in ${names[0]}`),
    ...onlyB.map(connection => `+connection ${connection}, only in ${names[1]}`),
  ]
  const mark = inSigns(leftOut, isAscii)
  return rows.map(row => `${painted(cutToWidth(inSigns(row, isAscii), width, mark), theme)}\n`).join('')
}

function painted(row: string, theme: Theme): string {
  if (/^(?:---|\+\+\+) /.test(row)) return theme.head(row)
  if (row.startsWith('@@')) return theme.faint(row)
  return row.startsWith('-') ? theme.error(row) : row.startsWith('+') ? theme.key(row) : row
}

/** One line: records alike, those that differ or are on one side alone, and connections without a counterpart. */
export function diffSummary({pairs, onlyA, onlyB}: Comparison): string {
  const steps = pairs.flatMap(({sides}) => sides.flatMap(side => side.steps))
  const count = (isOne: (step: Step) => boolean): string => groupedText(steps.filter(isOne).length)
  const records = [
    `${groupedCount(steps.filter(isSame).length, 'record')} the same`,
    `${count(({differences}) => differences.length > 0)} different`,
    `${count(({b}) => b === undefined)} only in the first`,
    `${count(({a}) => a === undefined)} only in the second`,
  ].join(', ')
  const alone = onlyA.length + onlyB.length
  return alone === 0 ? records : `${records}; ${groupedCount(alone, 'connection')} without a counterpart`
}

function sideRows(
  {a, b}: ConnectionComparison,
  {side, steps}: SideComparison,
  names: readonly [string, string],
): string[] {
  const hunks = hunksOf(steps)
  if (hunks.length === 0) return []
  const head = [`--- ${names[0]} connection ${a}, ${side}`, `+++ ${names[1]} connection ${b}, ${side}`]
  return [...head, ...hunks.flatMap(([start, end]) => hunkRows(steps, start, end))]
}

/** Ranges of steps that are shown, half-open. */
function hunksOf(steps: readonly Step[]): [number, number][] {
  const hunks: [number, number][] = []
  for (const [at, step] of steps.entries()) {
    if (isSame(step)) continue
    const last = hunks.at(-1)
    const [start, end] = [Math.max(0, at - context), Math.min(steps.length, at + context + 1)]
    if (last && start <= last[1]) last[1] = end
    else hunks.push([start, end])
  }
  return hunks
}

function hunkRows(steps: readonly Step[], start: number, end: number): string[] {
  const count = (of: 'a' | 'b', from: number, to: number): number =>
    steps.slice(from, to).filter(step => step[of] !== undefined).length
  const range = (of: 'a' | 'b'): string => `${count(of, 0, start) + 1},${count(of, start, end)}`
  return [`@@ -${range('a')} +${range('b')} @@`, ...steps.slice(start, end).flatMap(stepRows)]
}

function stepRows(step: Step): string[] {
  const {a, b, differences} = step
  if (isSame(step)) return [` ${a!.text}`]
  const facts = (of: 'a' | 'b'): string => {
    const values = differences.flatMap(each => (each[of] === null ? [] : [`${each.name} ${shortened(each[of])}`]))
    return values.length === 0 ? '' : `  {${values.join(', ')}}`
  }
  return [...(a ? [`-${a.text}${facts('a')}`] : []), ...(b ? [`+${b.text}${facts('b')}`] : [])]
}

const shortened = (value: string): string =>
  value.length > shownValue
    ? `${value.slice(0, shownValue)}${leftOut} (${value.length / 2} bytes)`
    : value === ''
      ? 'none'
      : value

/** The differences as one JSON object. Numbers are those of records. */
export function diffJson({pairs, onlyA, onlyB}: Comparison, files: readonly [string, string]): object {
  return {
    files,
    is_equal: isEqual({pairs, onlyA, onlyB}),
    connections: pairs.map(({a, b, sides}) => ({
      a,
      b,
      sides: Object.fromEntries(sides.map(({side, steps}) => [side, stepsJson(steps)])),
    })),
    only_a: onlyA,
    only_b: onlyB,
  }
}

const stepsJson = (steps: readonly Step[]): object => ({
  same: steps.filter(isSame).length,
  differs: steps
    .filter(({differences}) => differences.length > 0)
    .map(({a, b, differences}) => ({a: a!.number, b: b!.number, what: a!.text, fields: differences})),
  only_a: steps.flatMap(({a, b}) => (a && !b ? [{number: a.number, what: a.text}] : [])),
  only_b: steps.flatMap(({a, b}) => (b && !a ? [{number: b.number, what: b.text}] : [])),
})
