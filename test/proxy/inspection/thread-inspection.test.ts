import fc from 'fast-check'
import {expect, test} from 'vitest'
import {type EventBatch, EventBatchWriter, eventsOf} from '../../../src/proxy/inspection/event-batch.js'
import type {ProxyEvent} from '../../../src/proxy/inspection/proxy-event.js'
import {ThreadInspection} from '../../../src/proxy/inspection/thread-inspection.js'
import {gatheredBytes, uninspectedBytes} from '../../../src/proxy/limits.js'
import {random} from '../tox-ends.js'

const time = {micros: 1_795_399_252_000_001, nanos: 0}
const chunk = (connection: number, end: 0 | 1, bytes: Uint8Array) => ({
  kind: 'chunk' as const,
  chunk: {connection, end, time, bytes},
})
const close = (connection: number): ProxyEvent => ({kind: 'chunk', chunk: {connection, end: 0, time, close: 'fin'}})

test('a batch gives the events back, in order', () => {
  const event = fc.oneof(
    fc
      .tuple(fc.nat(9), fc.constantFrom(0 as const, 1 as const), fc.uint8Array({minLength: 1, maxLength: 40}))
      .map(([connection, end, bytes]) => chunk(connection, end, bytes)),
    fc.nat(9).map(close),
  )
  fc.assert(
    fc.property(fc.array(event, {maxLength: 30}), events => {
      const writer = new EventBatchWriter()
      for (const each of events) writer.add(each)
      expect([...eventsOf(writer.finish())]).toEqual(events)
    }),
  )
})

test('the memory of a large chunk goes to the thread if nobody else reads it, and is copied otherwise', () => {
  const large = () => random(16_384)
  const [taken, waiting, part] = [large(), large(), new Uint8Array([...large(), 1]).subarray(1)]
  const writer = new EventBatchWriter()
  for (const [bytes, isTaken] of [
    [taken, true],
    [waiting, false],
    [part, true],
    [Uint8Array.of(1), true],
  ] as const)
    writer.add({...chunk(0, 0, bytes), isTaken})
  const batch = writer.finish()
  expect(batch.memory.map(({length}) => length)).toEqual([2 * 16_384 + 1, 16_384])
  expect(batch.memory[1]).toBe(taken)
  const bytesOf = (event: ProxyEvent) => (event.kind === 'chunk' ? event.chunk.bytes : undefined)
  expect([...eventsOf(batch)].map(bytesOf)).toEqual([taken, waiting, part, Uint8Array.of(1)])
})

test('events reach the thread in order, and waiting for it takes its answer', async () => {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const batches: EventBatch[] = []
  let asked = 0
  const inspection = new ThreadInspection(
    batch => batches.push(batch),
    () => asked++,
    done,
  )
  await inspection.idle()
  expect(asked).toBe(0)
  const events = Array.from({length: 100}, (_, i) => chunk(i, 0, Uint8Array.of(i)))
  for (const event of events) expect(inspection.push(event, 1)).toBe(true)
  let isIdle = false
  const idle = inspection.idle().then(() => {
    isIdle = true
  })
  expect(batches.flatMap(batch => [...eventsOf(batch)])).toEqual(events)
  expect([asked, isIdle]).toEqual([1, false])
  Atomics.add(done, 0, 1)
  inspection.caughtUp()
  await idle
  expect(isIdle).toBe(true)
})

test('many bytes are sent once more come, without a timer', () => {
  const batches: EventBatch[] = []
  const inspection = new ThreadInspection(
    batch => batches.push(batch),
    () => {},
    new Int32Array(new SharedArrayBuffer(4)),
  )
  const half = chunk(0, 0, new Uint8Array(gatheredBytes / 2))
  for (const sent of [0, 0, 1, 1, 2]) {
    inspection.push(half, gatheredBytes / 2)
    expect(batches.length).toBe(sent)
  }
  expect(batches.map(batch => [...eventsOf(batch)])).toEqual([
    [half, half],
    [half, half],
  ])
})

test('what a slow thread has no room for is refused, until it has done some', () => {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const inspection = new ThreadInspection(
    () => {},
    () => {},
    done,
  )
  const piece = new Uint8Array(1)
  expect(inspection.push(chunk(0, 0, piece), uninspectedBytes)).toBe(true)
  expect(inspection.push(chunk(0, 0, piece), 1)).toBe(false)
  expect(inspection.push(close(0), 0)).toBe(true)
  void inspection.idle()
  Atomics.add(done, 0, 1)
  expect(inspection.push(chunk(0, 0, piece), uninspectedBytes)).toBe(true)
})

test('without its thread nothing is kept', async () => {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const inspection = new ThreadInspection(
    () => {
      throw new Error('there is no thread')
    },
    () => {},
    done,
  )
  inspection.push(close(0), 0)
  inspection.gone()
  for (let i = 0; i < 3; i++) expect(inspection.push(chunk(0, 0, new Uint8Array(1)), uninspectedBytes)).toBe(true)
  await inspection.idle()
})

test('who waits for a thread that is given up does not wait for ever, whatever the thread has done meanwhile', async () => {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const inspection = new ThreadInspection(
    () => {},
    () => {},
    done,
  )
  inspection.push(close(0), 0)
  void inspection.idle()
  inspection.push(close(1), 0)
  const idle = inspection.idle()
  Atomics.add(done, 0, 1)
  inspection.gone()
  await idle
  await inspection.idle()
})

test('who waits does not wait for what is pushed after', async () => {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const inspection = new ThreadInspection(
    () => {},
    () => {},
    done,
  )
  inspection.push(close(0), 0)
  const idle = inspection.idle()
  inspection.push(close(1), 0)
  Atomics.add(done, 0, 1)
  inspection.caughtUp()
  await idle
})
