import type {Predicate} from '../../filter/compile.js'
import type {CaptureRunOptions, CaptureSummary} from '../../reading/capture-run.js'
import {detached, type KeptRecord} from '../../session/record.js'
import {ToxRecord} from '../tox-record.js'
import {RecordQueue} from './record-queue.js'

/** What was in a capture, once it is read to its end. */
export interface CaptureTotals {
  /** Tox connections. */
  readonly connections: number
  /** TCP connections that are not Tox. */
  readonly others: number
  /** Captured packets. */
  readonly packets: number
  /** Packets that may carry TCP and were not read, by what they are: `link type 147 (user-defined)`, `IPsec ESP`. */
  readonly unread: ReadonlyMap<string, number>
}

/** Records of a capture. Iterating reads it; leaving the loop closes files and ends threads. */
export interface Capture extends AsyncIterable<ToxRecord> {
  /** Set once the capture was read to its end. */
  readonly totals: CaptureTotals | undefined
  /** What the readers of key files had to say, from the first record on: whole sentences. */
  readonly notes: readonly string[]
}

/** A capture that is open, and which of its records are wanted; undefined: all. */
export interface OpenedCapture<Reading extends ReadableCapture = ReadableCapture> {
  readonly reading: Reading
  readonly matches: Predicate | undefined
}

interface ReadableCapture {
  readonly notes: readonly string[]
  run(steps: Pick<CaptureRunOptions, 'take' | 'between' | 'isWanted'>): Promise<CaptureSummary>
}

/** Records that are made while they are taken: reading waits for who takes them. */
export class CaptureRecords implements Capture {
  totals: CaptureTotals | undefined
  notes: readonly string[] = []
  readonly #open: () => Promise<OpenedCapture>

  /** @param open is called by each loop, first of all. */
  constructor(open: () => Promise<OpenedCapture>) {
    this.#open = open
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ToxRecord, void, undefined> {
    const {reading, matches} = await this.#open()
    this.notes = reading.notes
    const queue = new RecordQueue<KeptRecord>()
    const summary = reading
      .run({
        take: record => (matches && !matches(record) ? queue.isWanted : queue.push(detached(record))),
        between: () => queue.asked(),
        isWanted: () => queue.isWanted,
      })
      .finally(() => queue.end())
    // Awaited below, after the records that come before it.
    summary.catch(() => {})
    try {
      for (let record = await queue.next(); record; record = await queue.next()) yield new ToxRecord(record)
    } finally {
      queue.end()
      await summary.catch(() => {})
    }
    this.totals = totalsOf(await summary)
  }
}

/** @throws the problem that ended the reading early */
function totalsOf({connections, others, counters, problem}: CaptureSummary): CaptureTotals {
  if (problem) throw problem
  return {connections, others, packets: counters.packets, unread: counters.unread}
}
