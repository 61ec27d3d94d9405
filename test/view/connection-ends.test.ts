import {expect, test} from 'vitest'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {charactersBeforeEnd, recordsBeforeEnd} from '../../src/view/limits.js'
import {ConnectionEnds} from '../../src/view/why/connection-ends.js'

const frame = (connection: number): SessionRecord => ({...blankRecord, kind: 'frame', connection})
const end = (connection: number): SessionRecord => ({...blankRecord, kind: 'end', close: 'fin', connection})

test('over charactersBeforeEnd, the last records of the connection silent for longest are dropped and counted', () => {
  const ends = new ConnectionEnds(() => 'x'.repeat(charactersBeforeEnd / 8))
  for (const connection of [0, 1, 2]) ends.take(frame(connection))
  for (let n = 0; n < recordsBeforeEnd; n++) ends.take(frame(0))
  expect(ends.dropped).toBe(0)
  ends.take(frame(3))
  ends.take(frame(3))
  expect(ends.dropped).toBe(1)
  expect([1, 2, 0].map(connection => ends.take(end(connection))?.before.length)).toEqual([0, 1, recordsBeforeEnd])
  // What has ended does not count any more.
  for (const connection of [4, 5, 6]) ends.take(frame(connection))
  expect(ends.dropped).toBe(1)
  expect(ends.take(end(3))?.before.length).toBe(2)
})
