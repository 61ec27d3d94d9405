import {hostPort} from '../../../src/protocol/text.js'
import {type KeptRecord, type SessionRecord, severityIn} from '../../../src/session/record.js'
import type {Endpoint} from '../../../src/wire/chunk.js'

/** What is said of a capture that may accuse somebody. */
export interface Told {
  /** Codes of findings of severity error, with the place of their records. */
  readonly errors: ReadonlySet<string>
  /** Codes of the causes of each end, by its place. */
  readonly causes: ReadonlyMap<string, readonly string[]>
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
  return {errors: new Set(errors), causes: new Map(causes)}
}

/** What is told where less was seen, and is not told where all was. */
export function inventedOf(all: Told, less: Told): string[] {
  const errors = [...less.errors].filter(error => !all.errors.has(error))
  const causes = [...less.causes].flatMap(([place, codes]) => {
    const known = all.causes.get(place) ?? []
    const isSame = codes.every(code => known.includes(code)) && (codes.length === 0 || codes[0] === known[0])
    return isSame ? [] : [`caused by ${codes.join(', ')}, and not ${known.join(', ')}, at ${place}`]
  })
  return [...errors, ...causes]
}
