import type {KindCount, Pair, Statistics} from '../../statistics/statistics.js'
import {wider} from '../../statistics/timeline.js'
import {wrap} from '../wrap.js'
import {axis, bar, type PlotStyle, plot, roundUp} from './plot.js'
import {rateText, shareText, sizeText, spanText} from './quantities.js'
import {type Column, type TableStyle, tableText} from './table.js'

const sum = ([client, relay]: Pair): number => client + relay

interface KindRow {
  readonly title: string
  readonly kind: KindCount
}

/** Packets by type and direction. @param all of which shares are shown; undefined: none, as packets hold each other. */
export function kindsText(
  kinds: readonly KindCount[],
  style: TableStyle,
  all?: Pick<Statistics, 'packets' | 'bytes'>,
): string {
  const rows: KindRow[] = kinds.flatMap(kind => [
    {title: kind.title, kind},
    ...kind.inner.map(inner => ({title: `  ${inner.isType ? '' : 'carrying '}${inner.title}`, kind: inner})),
  ])
  const most = Math.max(...kinds.map(kind => sum(kind.bytes)))
  const barWidth = Math.max(6, Math.min(24, style.width - 74))
  const {theme, isAscii} = style
  const isInner = ({title}: KindRow): boolean => title.startsWith(' ')
  const count = (
    head: string,
    of: (kind: KindCount) => number,
    asText: (value: number) => string,
  ): Column<KindRow> => ({
    ...{head, isRight: true},
    text: ({kind}) => (of(kind) === 0 ? '-' : asText(of(kind))),
    paint: row => (isInner(row) ? theme.faint : text => text),
  })
  const shares = ({packets, bytes}: Pick<Statistics, 'packets' | 'bytes'>): Column<KindRow>[] => [
    {
      ...count(
        'OF COUNT',
        kind => sum(kind.packets),
        value => shareText(value, sum(packets)),
      ),
      drop: 3,
    },
    {
      ...count(
        'OF BYTES',
        kind => sum(kind.bytes),
        value => shareText(value, sum(bytes)),
      ),
      drop: 1,
    },
  ]
  const columns: Column<KindRow>[] = [
    {
      ...{head: 'TYPE', text: ({title}) => title},
      paint: row =>
        isInner(row)
          ? theme.faint
          : row.kind.isType
            ? theme.title
            : row.kind.name === 'failed'
              ? theme.broken
              : theme.sealed,
    },
    count('> COUNT', kind => kind.packets[0], String),
    count('> BYTES', kind => kind.bytes[0], sizeText),
    count('< COUNT', kind => kind.packets[1], String),
    count('< BYTES', kind => kind.bytes[1], sizeText),
    ...(all ? shares(all) : []),
    {
      ...{head: '', text: row => (isInner(row) ? '' : bar(sum(row.kind.bytes), most, barWidth, isAscii)), drop: 2},
      paint: () => theme.time,
    },
  ]
  return tableText(columns, rows, style)
}

/** Columns before the plot: a rate and the axis. */
const margin = 9

/** Throughput over time: a plot of each side, on the same scale. */
export function throughputText({timeline, bytes}: Statistics, style: TableStyle): string {
  if (timeline.count === 0) return ''
  const {theme, isAscii, width} = style
  const columns = Math.max(10, Math.min(160, width - margin - 3))
  const seconds = (timeline.count * timeline.width) / 1_000_000
  const series = ([0, 1] as const).map(side =>
    resample(timeline, side, columns).map(value => value / (seconds / columns)),
  )
  const top = roundUp(Math.max(1, ...series[0]!, ...series[1]!))
  const lines = series.flatMap((values, side) => {
    const paint = side === 0 ? theme.client : theme.relay
    const shape: PlotStyle = {height: width >= 120 ? 6 : 4, isAscii, faint: theme.faint, paint, margin}
    const direction = side === 0 ? 'client > relay' : 'relay > client'
    const rates = `mean ${rateText(bytes[side as 0 | 1] / seconds)}, peak ${peakText(timeline, side as 0 | 1)}`
    const room = width - margin - 2
    const isOneLine = direction.length + 2 + rates.length <= room
    const captions = isOneLine ? [`${direction}  ${rates}`] : [direction, ...wrap(rates, room, room)]
    return [
      ...captions.map(caption => `${' '.repeat(margin + 2)}${theme.faint(caption)}`),
      ...plot(values, top, rateText(top), shape),
    ]
  })
  const shape: PlotStyle = {height: 1, isAscii, faint: theme.faint, paint: theme.faint, margin}
  return [...lines, ...axis(columns, ticks(timeline.count * timeline.width, columns), shape)]
    .map(line => `${line}\n`)
    .join('')
}

/** A peak's interval is at least this share of the capture. */
const peakShare = 100

/** The highest rate of a side, with the interval in which it was reached: neither depends on the width of the page. */
function peakText(timeline: Statistics['timeline'], side: 0 | 1): string {
  let interval = timeline.width
  while (interval * peakShare < timeline.count * timeline.width) interval = wider(interval)
  const size = interval / timeline.width
  let sum = 0
  let most = 0
  for (let bucket = 0; bucket < timeline.count; bucket++) {
    sum += timeline.bytes[bucket * 2 + side]!
    if (bucket >= size) sum -= timeline.bytes[(bucket - size) * 2 + side]!
    most = Math.max(most, sum)
  }
  return `${rateText(most / (interval / 1_000_000))} over ${spanText(interval).replace(/\.0+ /, ' ')}`
}

/** Sums of `count` intervals of equal length; a bucket across two is divided. */
function resample(timeline: Statistics['timeline'], side: 0 | 1, columns: number): number[] {
  const values = new Array<number>(columns).fill(0)
  const perBucket = columns / timeline.count
  for (let bucket = 0; bucket < timeline.count; bucket++) {
    const value = timeline.bytes[bucket * 2 + side]!
    if (value === 0) continue
    const [from, to] = [bucket * perBucket, (bucket + 1) * perBucket]
    for (let column = Math.floor(from); column < to && column < columns; column++) {
      values[column]! += (value * (Math.min(to, column + 1) - Math.max(from, column))) / perBucket
    }
  }
  return values
}

/** Units in which times on the axis are round. */
const roundSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

function ticks(micros: number, columns: number): {at: number; label: string}[] {
  const wanted = micros / 1_000_000 / Math.max(2, Math.floor(columns / 14))
  const days = 86_400
  const step =
    wanted < 1
      ? roundUp(wanted, [1, 2, 5])
      : (roundSeconds.find(round => round >= wanted) ?? roundUp(wanted / days, [1, 2, 5]) * days)
  const count = Math.floor(micros / 1_000_000 / step)
  return Array.from({length: count + 1}, (_, index) => {
    const at = Math.round((index * step * columns) / (micros / 1_000_000))
    return {at: Math.min(at, columns - 1), label: index === 0 ? '0' : tickText(index * step)}
  })
}

/** A round time. */
function tickText(seconds: number): string {
  if (seconds < 1) return spanText(Math.round(seconds * 1_000_000)).replace(/\.0+(?= )|(?<=\.\d*?)0+(?= )/, '')
  if (seconds < 60) return `${Number(seconds.toFixed(3))} s`
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  if (seconds < 3600)
    return rest === 0 ? `${minutes} min` : `${minutes}:${String(Math.round(rest)).padStart(2, '0')} min`
  return spanText(seconds * 1_000_000).replace(/ 00 (min|h)$/, '')
}
