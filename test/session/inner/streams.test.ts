import {expect, test} from 'vitest'
import {rawHalves} from '../../../src/library/stream-source.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {bytesOf, captureFile, run} from '../../capture/collect.js'
import {fixtureText, hexOf, recordsOf, ringOfLog} from '../recorded.js'
import {boxCounts, deepCaptures, type Outcome, openBoxes, outcomesOf} from './deep.js'

/** Records of each connection of a capture, as `stream` reads its two halves alone. */
function* streamsOf(name: string): Generator<readonly [connection: number, record: SessionRecord]> {
  const keys = ['sessions', 'inner'].map(log => fixtureText(`captures/${name}/${log}.keylog`)).join('\n')
  const {connections} = run(captureFile('captures', name)).collector
  for (const [connection, {pieces}] of connections.entries()) {
    const keyring = ringOfLog(keys)
    const halves = [bytesOf(pieces[0]), bytesOf(pieces[1])] as const
    const {setup, chunks} = rawHalves([undefined, undefined], halves, keyring, false, true)
    for (const record of recordsOf(keyring, setup, chunks)) yield [connection, record]
  }
}

test('every box inside opens from the two halves of a stream, whose order is inferred', () => {
  const outcomes: Outcome[] = []
  for (const name of deepCaptures) {
    const plaintexts = new Map<string, string[]>()
    for (const [connection, {from, index, opened}] of streamsOf(name))
      plaintexts.set(
        `${connection} ${from} ${index}`,
        opened.map(({bytes, start, end}) => hexOf(bytes, start, end)),
      )
    outcomes.push(...outcomesOf(name, place => plaintexts.get(place) ?? []))
  }
  expect(openBoxes(outcomes)).toEqual(boxCounts)
})

test('every answer of the onion is tied to its request in the two halves of a stream', () => {
  let responses = 0
  for (const name of deepCaptures)
    for (const [, {opened, inferred}] of streamsOf(name)) {
      if (opened[0]?.type.name !== 'onion_announce_response') continue
      responses++
      expect(inferred?.answers).toBeDefined()
    }
  expect(responses).toBe(boxCounts['announce_response box'])
})
