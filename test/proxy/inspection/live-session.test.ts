import {describe, expect, test} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {LiveSession} from '../../../src/proxy/inspection/live-session.js'
import type {ProxyEvent} from '../../../src/proxy/inspection/proxy-event.js'
import {InterceptAnnotations} from '../../../src/proxy/intercept/annotations.js'
import {annotatedFrames} from '../../../src/proxy/limits.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {begun, bytes, client, closed, now} from '../events.js'

const noise = (connection: number, end: 0 | 1, length: number) =>
  bytes(connection, end, new Uint8Array(length).fill(0xaa))
const frame = (connection: number, end: 0 | 1, length: number): ProxyEvent => {
  const all = new Uint8Array(length).fill(0xbb)
  new DataView(all.buffer).setUint16(0, length - 2)
  return {kind: 'chunk', chunk: {connection, end, time: now(), bytes: all}}
}
/** A session fed with events. */
const fed = (events: readonly ProxyEvent[]) => {
  const records: SessionRecord[] = []
  const notes: string[] = []
  const session = new LiveSession({
    keyring: new Keyring(),
    isTox: true,
    emit: record => records.push(record),
    note: sentence => notes.push(sentence),
  })
  for (const event of events) session.observe(event)
  session.end()
  return {records, notes, counts: session.counts}
}
const brief = (records: readonly SessionRecord[]) =>
  records.map(({kind, connection, from, findings}) =>
    [kind, connection, from, ...findings.map(({code}) => code)].join(' '),
  )

describe('bytes that were forwarded and not looked at', () => {
  const events = () => [
    ...begun(0),
    noise(0, 0, 128),
    noise(0, 1, 96),
    frame(0, 0, 300),
    {kind: 'chunk', chunk: {connection: 0, end: 0, time: now(), gap: 900}} satisfies ProxyEvent,
    ...Array.from({length: 5}, () => frame(0, 0, 300)),
    closed(0),
  ]

  test('are a gap, which says whose fault it is', () => {
    const {records, counts} = fed(events())
    expect(brief(records).slice(3, 6)).toEqual([
      'frame 0 client frame-sealed',
      'gap 0 client bytes-missing bytes-not-inspected',
      'frame 0 client frame-sealed',
    ])
    expect(counts).toMatchObject({unseen: 900, frames: 6, tox: 1})
  })
})

test('connections are numbered as they turn out to be Tox, and those that say nothing are none', () => {
  const {records, counts, notes} = fed([
    ...begun(0),
    ...begun(1),
    noise(1, 0, 128),
    noise(0, 0, 128),
    ...begun(2),
    {
      kind: 'closed',
      connection: 2,
      time: now(),
      cause: 'dial_refused',
      detail: 'refused',
      bytes: {client: 0, relay: 0},
    },
    {kind: 'turned_away', time: now(), client, reason: 'connections'},
    {kind: 'turned_away', time: now(), client, reason: 'connections'},
    closed(1),
  ])
  expect(
    records.filter(({kind}) => kind === 'start').map(({connection, ends}) => [connection, ends!.client!.port]),
  ).toEqual([
    [0, 40_001],
    [1, 40_000],
  ])
  expect(counts).toMatchObject({connections: 3, tox: 2, turnedAway: 2, open: 1})
  expect(notes).toEqual([
    'the connection from 127.0.0.1:40002: its destination refused the connection (refused)',
    '127.0.0.1:40000 was turned away: the maximum number of connections is open',
  ])
})

test('annotations of frames that are never read are forgotten', () => {
  const annotations = new InterceptAnnotations()
  const plain = new Uint8Array(1)
  for (let index = 0; index <= annotatedFrames; index++)
    annotations.add({kind: 'injected', to: 'client', plain, index, as: 'injected'})
  const record = {kind: 'frame', from: 'relay'} as SessionRecord
  expect(annotations.take({...record, index: 0}).findings).toEqual([])
  expect(annotations.take({...record, index: annotatedFrames}).findings).toMatchObject([{code: 'packet-injected'}])
  expect(annotations.take({...record, index: annotatedFrames}).findings).toEqual([])
})
