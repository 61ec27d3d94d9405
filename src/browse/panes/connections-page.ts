import type {Severity} from '../../expert/rule.js'
import {hostPort} from '../../protocol/text.js'
import {isLastEnd, type SessionRecord, severityIn} from '../../session/record.js'
import {summaryOf} from '../../tree/headline.js'
import {escapeText} from '../../view/escape.js'
import {sizeText} from '../../view/stats/quantities.js'
import {Times} from '../../view/time.js'
import type {BrowserState} from '../state.js'
import type {TextPage} from './text-page.js'

/** Records that are looked at between two looks at the clock. */
const step = 64

/** Most connections that are listed. */
const mostConnections = 100_000

/** What the page shows of one connection. */
interface Connection {
  readonly number: number
  readonly start: SessionRecord
  ends: SessionRecord['ends']
  packets: [number, number]
  bytes: number
  open: number
  sealed: number
  readonly findings: Map<Severity, number>
  end: string
}

const shownSeverities: readonly Severity[] = ['error', 'warn', 'note']

function add(connection: Connection, record: SessionRecord): void {
  const {kind, from, state, length, findings} = record
  connection.ends = record.ends
  if (kind === 'frame' || kind === 'handshake') {
    connection.packets[from === 'relay' ? 1 : 0]++
    connection.bytes += length ?? 0
    if (kind === 'frame') {
      if (state === 'open') connection.open++
      else if (state !== 'plain') connection.sealed++
    }
  }
  for (const found of findings) {
    const severity = severityIn(record, found)
    connection.findings.set(severity, (connection.findings.get(severity) ?? 0) + 1)
  }
  if (kind === 'end' && (connection.end === '' || isLastEnd(record)))
    connection.end = connection.end === '' ? summaryOf(record) : connection.end
}

const openedText = ({open, sealed}: Connection): string =>
  open + sealed === 0 ? '-' : sealed === 0 ? 'decrypted' : open === 0 ? 'sealed' : `${sealed} sealed`

const findingsText = ({findings}: Connection): string =>
  shownSeverities
    .filter(severity => findings.has(severity))
    .map(severity => `${findings.get(severity)} ${severity[0]!.toUpperCase()}`)
    .join(' ')

interface Column {
  readonly head: string
  readonly isRight?: boolean
  /** The columns with the highest number are left out first, where the ends would not fit; 0: never left out. */
  readonly rank: number
  text(connection: Connection): string
}

/** Most columns that are kept free for how connections ended. */
const endWidth = 40

/** Connections whose texts decide how wide the columns are. */
const measuredConnections = 1000

function columnsOf(times: Times): readonly Column[] {
  return [
    {head: 'C', isRight: true, rank: 0, text: ({number}) => String(number)},
    {head: 'START', isRight: true, rank: 5, text: ({start}) => times.text(start)},
    {head: 'CLIENT', rank: 0, text: ({ends}) => (ends?.client ? hostPort(ends.client) : '?')},
    {head: 'RELAY', rank: 4, text: ({ends}) => (ends?.relay ? hostPort(ends.relay) : '?')},
    {head: '> PACKETS', isRight: true, rank: 3, text: ({packets}) => String(packets[0])},
    {head: '< PACKETS', isRight: true, rank: 3, text: ({packets}) => String(packets[1])},
    {head: 'BYTES', isRight: true, rank: 2, text: ({bytes}) => sizeText(bytes)},
    {head: 'STATE', rank: 1, text: openedText},
    {head: 'FINDINGS', rank: 0, text: findingsText},
  ]
}

const endText = ({end}: Connection): string => (end === '' ? 'still open' : escapeText(end))

/** Lines of a table as wide as its texts. */
class Table {
  readonly #columns: readonly (Column & {readonly width: number})[]
  readonly #end: number

  constructor(columns: readonly Column[], rows: readonly Connection[]) {
    const widest = (text: (connection: Connection) => string, least: number): number =>
      rows.reduce((most, row) => Math.max(most, text(row).length), least)
    this.#columns = columns.map(column => ({...column, width: widest(column.text, column.head.length)}))
    this.#end = Math.min(endWidth, widest(endText, 0))
  }

  /** @param row undefined: the heads. */
  line(row: Connection | undefined, width: number): string {
    let shown = this.#columns
    const isTooWide = () => shown.reduce((sum, column) => sum + column.width + 1, this.#end) > width
    for (let rank = Math.max(...shown.map(column => column.rank)); rank > 0 && isTooWide(); rank--)
      shown = shown.filter(column => column.rank !== rank)
    const cells = shown.map(column => {
      const text = row ? column.text(row) : column.head
      return column.isRight ? text.padStart(column.width) : text.padEnd(column.width)
    })
    return [...cells, row ? endText(row) : 'END'].join(' ')
  }
}

/** The connections: who, when, what opened, findings, how they ended and why. Enter shows the records of one. */
export function connectionsPage(browser: BrowserState): TextPage {
  const {source, timeForm, options, theme} = browser
  const connections = new Map<number, Connection>()
  let rows: Connection[] = []
  let looked = source.first
  const columns = columnsOf(new Times(timeForm, options.timeZone))
  let table = new Table(columns, rows)
  return {
    title: 'Connections',
    head: 1,
    count: () => 1 + rows.length,
    line: (at, width) => (at === 0 ? theme.faint(table.line(undefined, width)) : table.line(rows[at - 1]!, width)),
    choose(line) {
      const connection = rows[line]
      if (!connection) return
      browser.filter(`connection == ${connection.number}`)
      browser.choose(0)
    },
    work(isOver) {
      const before = looked
      looked = Math.max(looked, source.first)
      while (looked < source.count && !isOver()) {
        for (const end = Math.min(source.count, looked + step); looked < end; looked++) {
          const record = source.record(looked, false)
          const {connection: number} = record
          if (number === null) continue
          const known = connections.get(number)
          if (known) add(known, record)
          else if (connections.size < mostConnections) {
            const made: Connection = {
              ...{number, start: record, ends: record.ends, packets: [0, 0], bytes: 0, open: 0, sealed: 0, end: ''},
              findings: new Map(),
            }
            add(made, record)
            connections.set(number, made)
          }
        }
      }
      if (looked !== before) {
        rows = [...connections.values()].sort((a, b) => a.number - b.number)
        table = new Table(columns, rows.slice(0, measuredConnections))
      }
      return looked < source.count
    },
  }
}
