import {hostPort} from '../../../src/protocol/text.js'
import {endOf, type SessionEndKind} from '../../../src/session/inner/tracking/session-log.js'
import {type KeptRecord, type SessionRecord, severityIn} from '../../../src/session/record.js'
import type {Endpoint} from '../../../src/wire/chunk.js'

type Ends = ReadonlyMap<string, readonly SessionEndKind[]>

/** What is said of a capture that may accuse somebody. */
export interface Told {
  /** Codes of findings of severity error, with the place of their records. */
  readonly errors: ReadonlySet<string>
  /** Codes of the causes of each end, by its place. */
  readonly causes: ReadonlyMap<string, readonly string[]>
  /** How the net_crypto sessions of two known peers ended, at the end of a connection or of the capture, by the peers. */
  readonly sessions: Ends
}

function sessionEndsIn(records: readonly KeptRecord[]): Ends {
  const now = records.at(-1)?.time?.micros ?? null
  const logs = new Set(records.flatMap(({inferred}) => inferred?.session?.log ?? []))
  const ends = [...logs].map(log => [log, endOf(log, now).how] as const)
  for (const {inferred} of records) for (const {log, end} of inferred?.sessions ?? []) ends.push([log, end.how])
  const known = ends.filter(([{peers}]) => peers.every(({pk}) => pk !== null))
  const byPeers = new Map<string, SessionEndKind[]>()
  for (const [{peers}, how] of known) {
    const key = peers.map(({pk}) => pk).join(' ')
    byPeers.set(key, [...(byPeers.get(key) ?? []), how])
  }
  return byPeers
}

const hostOf = (end: Endpoint | null | undefined): string => (end ? hostPort(end) : '?')

/** The same for the same record, also where packets are missing before it. */
const placeOf = ({time, ends, from, kind}: SessionRecord): string =>
  [time?.micros, hostOf(ends?.client), hostOf(ends?.relay), from, kind].join(' ')

export function toldBy(records: readonly KeptRecord[]): Told {
  const errors = records.flatMap(record =>
    record.findings
      .filter(found => severityIn(record, found) === 'error')
      .map(({code}) => `${code} at ${placeOf(record)}`),
  )
  const ends = records.filter(({kind, isSecond}) => kind === 'end' && !isSecond)
  const causes = ends.map(end => [placeOf(end), end.causes.map(({finding}) => finding.code)] as const)
  return {errors: new Set(errors), causes: new Map(causes), sessions: sessionEndsIn(records)}
}

/** Whether the whole capture shows the end of a session, or one of which this one says less. */
const isShown = (how: SessionEndKind, known: readonly SessionEndKind[]): boolean =>
  ['open', 'unknown', ...known].includes(how) ||
  (how === 'killed-after-unseen' && known.some(each => each.startsWith('killed')))

/** What is told where less was seen, and is not told where all was. */
export function inventedOf(all: Told, less: Told): string[] {
  const errors = [...less.errors].filter(error => !all.errors.has(error))
  const causes = [...less.causes].flatMap(([place, codes]) => {
    const known = all.causes.get(place) ?? []
    const isSame = codes.every(code => known.includes(code)) && (codes.length === 0 || codes[0] === known[0])
    return isSame ? [] : [`caused by ${codes.join(', ')}, and not ${known.join(', ')}, at ${place}`]
  })
  const sessions = [...less.sessions].flatMap(([peers, ends]) => {
    const known = all.sessions.get(peers) ?? []
    return ends.filter(how => !isShown(how, known)).map(how => `session ${how}, and not ${known.join(', ')}`)
  })
  return [...errors, ...causes, ...sessions]
}
