import {describe, expect, test} from 'vitest'
import type {TcpSessionItem} from '../../src/crypto/key-item.js'
import {PartMarker} from '../../src/library/capture/part-marker.js'
import {UsedKeys} from '../../src/library/capture/used-keys.js'
import {
  earlyConnections,
  embeddedInnerKeys,
  embeddedSessions,
  markedConnections,
  unchosenPlaces,
} from '../../src/library/limits.js'
import type {InnerKeyItem} from '../../src/session/inner/opening/passage.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {NumberSet} from '../../src/wire/memory/number-set.js'

const ends = {client: {ip: '10.0.0.1', port: 40_000}, relay: {ip: '10.0.0.2', port: 33_445}}
const record = (connection: number, more: Partial<SessionRecord>): SessionRecord => ({
  ...blankRecord,
  ...{kind: 'frame', from: 'client', index: 3, connection, ends, packets: [connection + 1]},
  ...more,
})

/** The connections that a filter chose, up to a number. */
function chosenTo(most: number): NumberSet {
  const chosen = new NumberSet()
  for (let connection = 0; connection <= most; connection++) chosen.add(connection)
  return chosen
}

describe('the marks of a part', () => {
  test('over markedConnections, further connections get none and are counted', () => {
    const marker = new PartMarker()
    for (let connection = 0; connection <= markedConnections; connection++) marker.add(record(connection, {}), true)
    expect(marker.comments.size).toBe(markedConnections)
    expect(marker.notes).toEqual(['1 connection over the bound have no note on what their part lacks'])
  })

  test('are not needed for connections with both handshakes in the part, however many there are', () => {
    const marker = new PartMarker()
    for (let connection = 0; connection <= markedConnections; connection++)
      for (const from of ['client', 'relay'] as const) marker.add(record(connection, {kind: 'handshake', from}), true)
    marker.add(record(markedConnections + 1, {}), true)
    expect([...marker.comments.keys()]).toEqual([markedConnections + 2])
    expect(marker.notes).toEqual([])
  })

  test('are on the first packet of a connection, which is forgotten over earlyConnections', () => {
    const marker = new PartMarker()
    for (let connection = 0; connection <= earlyConnections; connection++) marker.packet(connection, connection)
    for (const connection of [1, earlyConnections]) marker.add(record(connection, {}), true)
    expect([...marker.comments.keys()]).toEqual([1, earlyConnections + 1])
  })
})

describe('the keys that a copy is given', () => {
  const session: TcpSessionItem = {
    ...{kind: 'tcp_session', sharedKey: new Uint8Array(32)},
    ...{clientNonce: null, relayNonce: null, clientBaseNonce: null, relayBaseNonce: null},
  }
  const inner = (n: number): InnerKeyItem => {
    const key = new Uint8Array(32)
    new DataView(key.buffer).setUint32(0, n)
    return {kind: 'pair_key', publicKeyA: key, publicKeyB: key, sharedKey: key}
  }

  test('over embeddedSessions, those of further connections are left out and counted', () => {
    const used = new UsedKeys(chosenTo(embeddedSessions))
    for (let connection = 0; connection <= embeddedSessions; connection++) used.session(connection, session)
    expect(used.of().sessions.length).toBe(embeddedSessions)
    expect(used.notes).toEqual(['the keys of 1 connection were over the bound and left out'])
  })

  test('leave room for another connection once one is over of which nothing was chosen', () => {
    const chosen = new NumberSet()
    const used = new UsedKeys(chosen)
    for (let connection = 0; connection < embeddedSessions; connection++) used.session(connection, session)
    used.end(record(0, {kind: 'end', close: 'rst'}))
    chosen.add(embeddedSessions)
    used.session(embeddedSessions, session)
    expect([used.of().sessions.length, used.notes]).toEqual([1, []])
  })

  test('over embeddedInnerKeys, further keys of boxes inside packets are left out and counted', () => {
    const used = new UsedKeys(chosenTo(0))
    for (let n = 0; n <= embeddedInnerKeys; n++) used.inner(0, inner(n))
    expect(used.of().inner.length).toBe(embeddedInnerKeys)
    expect(used.notes).toEqual(['1 key of boxes inside packets were over the bound and left out'])
  })

  test('over unchosenPlaces, a key is not remembered for further connections until one of it is chosen', () => {
    const chosen = new NumberSet()
    const used = new UsedKeys(chosen)
    for (let connection = 0; connection <= unchosenPlaces; connection++) used.inner(connection, inner(0))
    chosen.add(unchosenPlaces)
    expect([used.of().inner, used.notes.length]).toEqual([[], 1])
    used.inner(unchosenPlaces, inner(0))
    expect(used.of().inner.length).toBe(1)
  })
})
