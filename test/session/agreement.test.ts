import {describe, expect, test} from 'vitest'
import {parseFollow} from '../../src/capture/follow/follow.js'
import type {KeyItem} from '../../src/crypto/key-item.js'
import {effectsOf} from '../../src/expert/finding.js'
import {receiversOf} from '../../src/expert/peers.js'
import type {Receiver} from '../../src/expert/rule.js'
import {fromDump} from '../../src/library/stream-source.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {type BehaviourCase, type CaseSession, casesOf, dumpOf} from './cases.js'
import {bytesOf, plaintextOf, recordsOf, ringOf, ringOfLog, secretKey} from './recorded.js'

const otherConnection = 'another connection did it'
const silence = 'a silence that the dump does not record'
const close = 'a close that the dump does not record'

/** What the bytes and times of one connection cannot tell. */
const undecidable: ReadonlyMap<string, string> = new Map([
  ['dup_client_key c_toxcore_relay', otherConnection],
  ['dup_client_key tox_rs_relay', otherConnection],
  ['dup_client_key_unconfirmed tox_rs_relay', otherConnection],
  ['hs_wrong_relay_key c_toxcore_relay', close],
  ['hs_wrong_relay_key tox_rs_relay', close],
  ['c_hs_never c_toxcore_client', silence],
  ['c_ping_answered_wrong c_toxcore_client', silence],
])

/**
 * Cases whose first frame does not open. A dump does not say who closed, and a logged key that has opened nothing may be
 * wrong itself.
 */
const undecidedByLog: readonly string[] = ['hs_replayed']

/** The recorded keys as bare secret keys. */
const bySecretKeys = ({relay_sk, client_sk, client_session_sk, relay_session_sk}: CaseSession) =>
  ringOf(
    [relay_sk, client_sk, client_session_sk, relay_session_sk].flatMap((hex): KeyItem[] =>
      hex ? [secretKey(hex)] : [],
    ),
  )

/** The same as a key log: a line of the session, and the relay's key, without which a handshake cannot be judged. */
function byKeyLog({c2s_hex, s2c_hex, relay_sk, shared_key, client_base_nonce, relay_base_nonce}: CaseSession) {
  const relayPair = `TOX_SECRET_KEY - ${relay_sk}`
  const nonces = [c2s_hex.slice(64, 112), s2c_hex.slice(0, 48)].map(nonce => (nonce.length === 48 ? nonce : '-'))
  const session =
    shared_key &&
    ['TOX_TCP_SESSION', ...nonces, shared_key, client_base_nonce ?? '-', relay_base_nonce ?? '-'].join(' ')
  return ringOfLog([relayPair, session ?? ''].join('\n'))
}

interface Hit {
  readonly record: SessionRecord
  readonly code: string
}

const closesOf = (records: readonly SessionRecord[], receiver: Receiver): Hit[] =>
  records.flatMap(record =>
    receiversOf(record.from).includes(receiver)
      ? record.findings.filter(found => effectsOf(found)[receiver] === 'closes').map(({code}) => ({record, code}))
      : [],
  )

/** What the other side was sent last, before it closed or was probed. */
const culprit = ({receiver, probes}: BehaviourCase, records: readonly SessionRecord[]): SessionRecord | undefined =>
  records.findLast(
    record =>
      record.from === (receiver === 'relay' ? 'client' : 'relay') &&
      (record.kind === 'frame' || record.kind === 'handshake') &&
      !probes.includes(plaintextOf(record)),
  )

interface Row {
  readonly name: string
  readonly receiver: Receiver
  readonly expected: string
  readonly got: string
  readonly codes: string
  readonly reason: string | undefined
}

function rowsOf(each: BehaviourCase): Row[] {
  const {setup, chunks} = fromDump(parseFollow(dumpOf(each.primary)), false)
  const [records, logged] = [bySecretKeys, byKeyLog].map(ring => recordsOf(ring(each.primary), setup, chunks))
  return (['c_toxcore', 'tox_rs'] as const).flatMap((implementation): Row[] => {
    const expected = each.outcomes[implementation]
    if (expected === null) return []
    const receiver: Receiver = `${implementation}_${each.receiver}`
    const hits = closesOf(records!, receiver)
    expect(
      closesOf(logged!, receiver).map(({code}) => code),
      `${each.name} with a key log`,
    ).toEqual(undecidedByLog.includes(each.name) ? [] : hits.map(({code}) => code))
    // The recording is of c-toxcore: tox-rs may have closed before the last packet.
    if (implementation === 'c_toxcore' && hits.length > 0)
      expect(new Set(hits.map(({record}) => record)), each.name).toEqual(new Set([culprit(each, records!)]))
    const got = hits.length > 0 ? 'dropped' : 'kept'
    const codes = [...new Set(hits.map(({code}) => code))].join(' ')
    return [
      {
        name: each.name,
        receiver,
        expected: expected === 'dropped' ? 'dropped' : 'kept',
        got,
        codes,
        reason: undecidable.get(`${each.name} ${receiver}`),
      },
    ]
  })
}

const shown = ({name, receiver, expected, got, codes, reason}: Row): string =>
  `${expected === got ? ' ' : '!'} ${name.padEnd(34)} ${receiver.padEnd(16)} ${expected.padEnd(8)} ${got.padEnd(8)} ${codes}${expected === got ? '' : `(${reason})`}`

describe('findings agree with what real peers did', () => {
  test.each(['relay', 'client'] as const)('%s', receiver => {
    const rows = casesOf(receiver).flatMap(rowsOf)
    const agreed = rows.filter(({expected, got}) => expected === got)
    console.log(
      [
        '  case, receiver, what it did, what the findings say',
        ...rows.map(shown),
        `${agreed.length} of ${rows.length} agree`,
      ].join('\n'),
    )
    const astray = rows.filter(({expected, got, reason}) => expected !== got && reason === undefined)
    expect(astray).toEqual([])
    expect(rows.filter(({expected, got, reason}) => expected === got && reason !== undefined)).toEqual([])
  })

  test('the connections of a case together tell of a client key used twice', () => {
    const both = casesOf('relay').filter(({name}) => name.startsWith('dup_client_key'))
    expect(both.map(({name}) => name).toSorted()).toEqual(['dup_client_key', 'dup_client_key_unconfirmed'])
    for (const {name, sessions} of both) {
      const steps = sessions
        .flatMap(({timeline}, connection) => timeline.map(step => ({...step, connection})))
        .toSorted((a, b) => a.t - b.t)
      const codes = codesOverAll(sessions, steps)
      expect(codes).toContain('client-key-again')
      expect(codes.includes('client-key-confirmed-again')).toBe(name === 'dup_client_key')
    }
  })
})

function codesOverAll(
  sessions: readonly CaseSession[],
  steps: readonly {t: number; dir: string; hex?: string; connection: number}[],
): string[] {
  const ring = ringOf(
    sessions.flatMap(({relay_sk, client_session_sk}) => [secretKey(relay_sk), secretKey(client_session_sk!)]),
  )
  const records: SessionRecord[] = []
  const session = new Session(ring, record => records.push(record))
  const ends = {client: null, relay: {ip: '::1', port: 33445}}
  for (const id of sessions.keys()) session.open(id, {clientEnd: 0, ends}, null)
  for (const {t, dir, hex, connection} of steps) {
    if (hex !== undefined)
      session.feed({connection, end: dir === 'c2s' ? 0 : 1, time: {micros: t * 1000, nanos: 0}, bytes: bytesOf(hex)})
  }
  session.end()
  return records.flatMap(({findings}) => findings.map(({code}) => code))
}
