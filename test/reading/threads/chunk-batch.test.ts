import {expect, it} from 'vitest'
import {ChunkBatchWriter, playBatch} from '../../../src/reading/batch/chunk-batch.js'
import type {ConnectionSink} from '../../../src/session/connection-sink.js'

it('a batch hands on what happens between two chunks in its order, and ends and conflicts have places of their own', () => {
  const block = new Uint8Array(10)
  let orders = 0
  const writer = new ChunkBatchWriter(block, true, () => orders++)
  const setup = {clientEnd: 0 as const, ends: {client: null, relay: null}}
  writer.open(1, setup, null)
  writer.feed({connection: 1, end: 0, time: null, bytes: block})
  writer.end(1)
  writer.open(2, setup, null)
  writer.conflict({connection: 2, end: 0, time: null, packet: 1, position: 0, bytes: block})
  writer.end(2)
  const steps: string[] = []
  const note = (step: string) => steps.push(step)
  const sink: ConnectionSink = {
    open: connection => note(`open ${connection}`),
    feed: ({connection}) => note(`feed ${connection}`),
    conflict: ({connection}) => note(`conflict ${connection}`),
    key: () => note('key'),
    end: connection => note(`end ${connection}`),
  }
  playBatch(writer.finish(), block, sink, order => note(`order ${order}`))
  expect(steps).toEqual([
    ...['order 0', 'open 1', 'order 1', 'feed 1', 'order 2', 'end 1'],
    ...['order 3', 'open 2', 'order 4', 'conflict 2', 'order 5', 'end 2'],
  ])
})
