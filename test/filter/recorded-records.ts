import type {SessionRecord} from '../../src/session/record.js'
import {type CaseSession, casesOf} from '../session/cases.js'
import {bytesOf, recordsOf, ringOf, secretKey} from '../session/recorded.js'

const secrets = ['relay_sk', 'client_sk', 'client_session_sk', 'relay_session_sk'] as const

function recordsIn(session: CaseSession): SessionRecord[] {
  const ring = ringOf(secrets.flatMap(name => (session[name] ? [secretKey(session[name])] : [])))
  const chunks = session.timeline.flatMap(({t, dir, hex}) =>
    hex === undefined
      ? []
      : [
          {
            connection: 0,
            end: dir === 'c2s' ? (0 as const) : (1 as const),
            time: {micros: t * 1000, nanos: 0},
            bytes: bytesOf(hex),
          },
        ],
  )
  return recordsOf(ring, {clientEnd: 0, ends: {client: null, relay: null}}, chunks)
}

/** All records of the recorded cases, in which real peers were sent whatever is wrong. */
export const recordedRecords = (): SessionRecord[] =>
  [...casesOf('relay'), ...casesOf('client')].flatMap(({sessions}) => sessions.flatMap(recordsIn))
