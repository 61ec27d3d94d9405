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
  readonly width: number
  readonly isRight?: boolean
  /** Fewest columns of a page that shows it. */
  readonly from: number
  text(connection: Connection): string
}

const addressWidth = 22

function columnsOf(times: Times): readonly Column[] {
  return [
    {head: 'C', width: 5, isRight: true, from: 0, text: ({number}) => String(number)},
    {head: 'START', width: 12, isRight: true, from: 130, text: ({start}) => times.text(start)},
    {head: 'CLIENT', width: addressWidth, from: 0, text: ({ends}) => (ends?.client ? hostPort(ends.client) : '?')},
    {head: 'RELAY', width: addressWidth, from: 120, text: ({ends}) => (ends?.relay ? hostPort(ends.relay) : '?')},
    {head: '> PACKETS', width: 9, isRight: true, from: 110, text: ({packets}) => String(packets[0])},
    {head: '< PACKETS', width: 9, isRight: true, from: 110, text: ({packets}) => String(packets[1])},
    {head: 'BYTES', width: 9, isRight: true, from: 90, text: ({bytes}) => sizeText(bytes)},
    {head: 'STATE', width: 10, from: 0, text: openedText},
    {head: 'FINDINGS', width: 14, from: 0, text: findingsText},
    {head: 'END', width: 0, from: 0, text: ({end}) => (end === '' ? 'still open' : escapeText(end))},
  ]
}

/** The connections: who, when, what opened, findings, how they ended and why. Enter shows the records of one. */
export function connectionsPage(browser: BrowserState): TextPage {
  const {source, timeForm, options, theme} = browser
  const connections = new Map<number, Connection>()
  let rows: Connection[] = []
  let looked = source.first
  const columns = columnsOf(new Times(timeForm, options.timeZone))
  const lineOf = (width: number, cell: (column: Column) => string): string =>
    columns
      .filter(({from}) => width >= from)
      .map(column => {
        const text = cell(column)
        return column.isRight ? text.padStart(column.width) : text.padEnd(column.width)
      })
      .join(' ')
  return {
    title: 'Connections',
    head: 1,
    count: () => 1 + rows.length,
    line: (at, width) =>
      at === 0 ? theme.faint(lineOf(width, ({head}) => head)) : lineOf(width, ({text}) => text(rows[at - 1]!)),
    choose(line) {
      const connection = rows[line]
      if (!connection) return
      browser.filter(`connection == ${connection.number}`)
      browser.choose(0)
    },
    work(isOver) {
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
      rows = [...connections.values()].sort((a, b) => a.number - b.number)
      return looked < source.count
    },
  }
}
