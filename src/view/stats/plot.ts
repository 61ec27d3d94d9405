import type {Paint} from '../theme.js'

const blocks = ' ▁▂▃▄▅▆▇█'
/** The same eight heights as well as ASCII can show them. */
const asciiBlocks = ' ...:::##'

/** A row of bars of at most one character's height. A value that is not 0 is always visible. */
export function spark(values: readonly number[], isAscii: boolean, most = Math.max(...values)): string {
  return values.map(value => (isAscii ? asciiBlocks : blocks)[heightOf(value, most, 8)]).join('')
}

function heightOf(value: number, most: number, steps: number): number {
  return value <= 0 || most <= 0 ? 0 : Math.max(1, Math.min(steps, Math.round((value / most) * steps)))
}

/** A horizontal bar. @param width characters of the longest one. */
export function bar(value: number, most: number, width: number, isAscii: boolean): string {
  if (isAscii) return '#'.repeat(heightOf(value, most, width))
  const eighths = heightOf(value, most, width * 8)
  return '█'.repeat(eighths >> 3) + (eighths % 8 > 0 ? '▏▎▍▌▋▊▉'[(eighths % 8) - 1] : '')
}

/** Appearance of a plot of vertical bars. */
export interface PlotStyle {
  /** Rows. */
  readonly height: number
  readonly isAscii: boolean
  /** Colour of the axis and its labels. */
  readonly faint: Paint
  readonly paint: Paint
  /** Columns of the labels on the left. */
  readonly margin: number
}

/**
 * Vertical bars, one for each value.
 * @param most the value that fills the whole height.
 * @param label of that value.
 * @returns lines from the top, without the axis below.
 */
export function plot(
  values: readonly number[],
  most: number,
  label: string,
  {height, isAscii, faint, paint, margin}: PlotStyle,
): string[] {
  const heights = values.map(value => heightOf(value, most, height * 8))
  const shapes = isAscii ? asciiBlocks : blocks
  return Array.from({length: height}, (_, row) => {
    const below = (height - 1 - row) * 8
    const bars = heights
      .map(eighths => shapes[Math.max(0, Math.min(8, eighths - below))])
      .join('')
      .trimEnd()
    const side = (row === 0 ? label : row === height - 1 ? '0' : '').padStart(margin)
    const axis = row === 0 || row === height - 1 ? (isAscii ? '+' : '┤') : isAscii ? '|' : '│'
    return `${faint(`${side} ${axis}`)}${paint(bars)}`.trimEnd()
  })
}

/** The axis below: a line with ticks, and their labels. @param ticks columns from 0, ascending. */
export function axis(
  columns: number,
  ticks: readonly {readonly at: number; readonly label: string}[],
  {isAscii, faint, margin}: PlotStyle,
): string[] {
  const line = new Array<string>(columns).fill(isAscii ? '-' : '─')
  let labels = ''
  for (const {at, label} of ticks) {
    const start = at === 0 ? 0 : at - Math.floor(label.length / 2)
    if (start < labels.length + (labels === '' ? 0 : 1) || start + label.length > columns + 1) continue
    line[at] = isAscii ? '+' : '┬'
    labels = labels.padEnd(start) + label
  }
  const pad = ' '.repeat(margin + 1)
  return [faint(`${pad}${isAscii ? '+' : '└'}${line.join('')}`), faint(`${pad} ${labels}`)]
}

const roundLeads = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]

/** A round number at least as great. */
export function roundUp(value: number, leads: readonly number[] = roundLeads): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * (leads.find(lead => lead >= value / power) ?? 10)
}
