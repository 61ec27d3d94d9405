import {gatheredBytes, gatheringMilliseconds, uninspectedBytes, uninspectedPieces} from '../limits.js'
import {type EventBatch, EventBatchWriter} from './event-batch.js'
import type {Inspecting} from './inspection.js'
import type {ProxyEvent} from './proxy-event.js'

/**
 * Sends forwarded data to another thread, so that inspection never delays a socket. A message between threads costs
 * more than forwarding a packet: events are gathered first, and the thread's progress is read from shared memory.
 */
export class ThreadInspection implements Inspecting<ProxyEvent> {
  readonly #post: (batch: EventBatch) => void
  readonly #ask: () => void
  readonly #done: Int32Array
  #writer = new EventBatchWriter()
  #timer: NodeJS.Timeout | undefined
  #isGone = false
  #answered = 0
  /** Events not yet posted, and all events not yet inspected. */
  #fresh = {bytes: 0, pieces: 0}
  #waiting = {bytes: 0, pieces: 0}
  readonly #underWay: {readonly bytes: number; readonly pieces: number}[] = []
  #idle: (() => void)[] = []

  /**
   * @param post sends a batch; its buffers may be transferred.
   * @param ask asks the thread to answer, through caughtUp(), when it has inspected all that was posted.
   * @param done number of batches that the thread has inspected, modulo 2^32, in shared memory.
   */
  constructor(post: (batch: EventBatch) => void, ask: () => void, done: Int32Array) {
    this.#post = post
    this.#ask = ask
    this.#done = done
  }

  push(event: ProxyEvent, bytes: number): boolean {
    if (this.#isGone) return true
    this.#settle()
    // What was just pushed is never sent at once: its memory goes with it, and the caller has the bytes in hand.
    if (this.#fresh.bytes >= gatheredBytes) this.#flush()
    const waiting = this.#waiting
    if (bytes > 0 && (waiting.bytes + bytes > uninspectedBytes || waiting.pieces >= uninspectedPieces)) return false
    waiting.bytes += bytes
    waiting.pieces++
    this.#fresh.bytes += bytes
    this.#fresh.pieces++
    this.#writer.add(event)
    this.#timer ??= setTimeout(() => this.#flush(), gatheringMilliseconds)
    return true
  }

  /** The thread's answer, one for each question. It does not cover events that were pushed after the question. */
  caughtUp(): void {
    this.#settle()
    this.#idle.shift()?.()
  }

  /** The thread has ended: later events are not inspected. */
  gone(): void {
    this.#isGone = true
    clearTimeout(this.#timer)
    this.#waiting = {bytes: 0, pieces: 0}
    // Batches that it still finishes do not count.
    this.#underWay.length = 0
    for (const done of this.#idle.splice(0)) done()
  }

  idle(): Promise<void> {
    this.#flush()
    this.#settle()
    if (this.#waiting.pieces === 0) return Promise.resolve()
    this.#ask()
    return new Promise(done => this.#idle.push(done))
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isGone || this.#fresh.pieces === 0) return
    this.#underWay.push(this.#fresh)
    this.#fresh = {bytes: 0, pieces: 0}
    const batch = this.#writer.finish()
    this.#writer = new EventBatchWriter()
    this.#post(batch)
  }

  /** Subtract the batches that the thread has inspected since the last call. */
  #settle(): void {
    const done = (Atomics.load(this.#done, 0) - this.#answered) | 0
    if (done === 0) return
    this.#answered = (this.#answered + done) | 0
    for (const {bytes, pieces} of this.#underWay.splice(0, done)) {
      this.#waiting.bytes -= bytes
      this.#waiting.pieces -= pieces
    }
  }
}
