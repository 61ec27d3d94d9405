import {type TimeForm, timeWidths} from '../time.js'
import {type Column, columnNamed, listColumns, namedColumns} from './columns.js'

/**
 * Fewest columns beside the time of a list that has a column for the length, and room for large numbers and times: in
 * fewer, more than half of the summary would have no room.
 */
const narrow = 62
/** Columns of a date with its time to the second, and of the sign that the rest is left out. */
const leastDate = 20
/** Columns of a summary that no finding takes. */
export const leastSummary = 8
/** Columns of the shortest form of findings: `E+2`. */
const leastFindings = 3
/** Columns that findings begin before the end of a row, where the summary leaves them free. */
const findingsColumns = 24
/** Columns of a summary, and of findings, with another column after them. */
const [innerSummary, innerFindings] = [30, 24]

/** A column and its place, if no cell before it is too long. */
export interface Place {
  readonly column: Column
  readonly start: number
  /** Columns that are its own. */
  readonly least: number
}

/** What the usual columns of a list depend on. */
interface ListShape {
  readonly width: number
  readonly timeForm: TimeForm
  readonly hasConnections: boolean
}

/** The columns of a list for which none were asked. */
export function usualColumns({width, timeForm, hasConnections}: ListShape): Column[] {
  const isNarrow = width - timeWidths[timeForm] < narrow
  return listColumns
    .filter(name => (name !== 'connection' || hasConnections) && (name !== 'length' || !isNarrow))
    .map(name => columnNamed(name, timeForm))
    .map(column => (column.name === 'time' ? {...column, floor: leastDate} : column))
    .map(column => (isNarrow ? {...column, widths: [column.widths[0] - (column.spare ?? 0), 0]} : column))
}

/** Places of columns side by side. Where they do not fit, the widest give up what is too much. */
export function placesOf(columns: readonly Column[], width: number, isWide: boolean): Place[] {
  const last = columns.length - 1
  const isFlexible = (index: number): boolean =>
    index === last || (index === last - 1 && columns[index]!.name === 'summary' && columns[last]!.name === 'findings')
  const usual = columns.map(({name, widths}, index) => {
    if (name === 'summary') return isFlexible(index) ? 0 : innerSummary
    if (name === 'findings') return isFlexible(index) ? 0 : innerFindings
    return widths[isWide ? 1 : 0]
  })
  const gaps = columns.slice(1).reduce((sum, {before}) => sum + before, 0)
  // A summary without columns of its own, and the worst severity with the number of findings.
  const free = usual.reduce(
    (sum, least, at) => sum + (least > 0 ? 0 : columns[at]!.name === 'summary' ? leastSummary : leastFindings),
    0,
  )
  const widths = fitted(
    usual,
    columns.map(({floor = 0}) => floor),
    width - gaps - free,
  )
  let at = 0
  return columns.map((column, index) => {
    const start = at + (index === 0 ? 0 : column.before)
    const least = widths[index]!
    at = start + least
    const afterSummary = index === last && column.name === 'findings' && columns[index - 1]?.name === 'summary'
    return {column, start: afterSummary ? findingsStart(start, width, isWide) : start, least}
  })
}

/** Where findings begin if the summary before them leaves the place free. @param start of the summary's end, empty. */
function findingsStart(start: number, width: number, isWide: boolean): number {
  const furthest = start + namedColumns.find(({name}) => name === 'summary')!.widths[1]
  return isWide ? furthest : Math.min(furthest, Math.max(start + leastSummary, width - findingsColumns))
}

/** Widths of which the largest are reduced to one that makes all fit, but to no less than their floors. */
function fitted(widths: readonly number[], floors: readonly number[], room: number): number[] {
  const reduced = (most: number): number[] => widths.map((each, at) => Math.min(each, Math.max(most, floors[at]!)))
  let most = Math.max(...widths)
  while (most > 1 && reduced(most).reduce((total, each) => total + each, 0) > room) most--
  return reduced(most)
}
