import {gatheringMilliseconds, uninspectedBytes, uninspectedPieces} from '../limits.js'
import {type EventBatch, EventBatchWriter} from './event-batch.js'
import type {Inspecting} from './inspection.js'
import type {ProxyEvent} from './proxy-event.js'

/**
 * What was forwarded goes to another thread, which looks at it in its own time: nothing that it does, or fails to do,
 * holds up a socket. Messages between threads cost more than passing a packet on does: events are gathered for a moment
 * first, and what the thread has done is read from shared memory.
 */
export class ThreadInspection implements Inspecting<ProxyEvent> {
  readonly #post: (batch: EventBatch) => void
  readonly #ask: () => void
  readonly #done: Int32Array
  #writer = new EventBatchWriter()
  #timer: NodeJS.Timeout | undefined
  #isGone = false
  #answered = 0
  /** Not yet posted, and posted and not yet looked at. */
  #fresh = {bytes: 0, pieces: 0}
  #waiting = {bytes: 0, pieces: 0}
  readonly #underWay: {readonly bytes: number; readonly pieces: number}[] = []
  #idle: (() => void)[] = []

  /**
   * @param post sends a batch, whose buffers may be given away.
   * @param ask has the thread say, by caughtUp(), when it has looked at all that was posted.
   * @param done over shared memory: batches that the thread has looked at, modulo 2^32.
   */
  constructor(post: (batch: EventBatch) => void, ask: () => void, done: Int32Array) {
    this.#post = post
    this.#ask = ask
    this.#done = done
  }

  push(event: ProxyEvent, bytes: number): boolean {
    if (this.#isGone) return true
    this.#settle()
    const [waiting, fresh] = [this.#waiting, this.#fresh]
    if (bytes > 0 && (waiting.bytes + bytes > uninspectedBytes || waiting.pieces >= uninspectedPieces)) return false
    for (const count of [waiting, fresh]) {
      count.bytes += bytes
      count.pieces++
    }
    this.#writer.add(event)
    this.#timer ??= setTimeout(() => this.#flush(), gatheringMilliseconds)
    return true
  }

  /** The thread's answer: one for each time that it was asked. What was pushed since then has no part in it. */
  caughtUp(): void {
    this.#settle()
    this.#idle.shift()?.()
  }

  /** The thread is no more: what comes from now on is not looked at. */
  gone(): void {
    this.#isGone = true
    clearTimeout(this.#timer)
    this.#waiting = {bytes: 0, pieces: 0}
    // What it still does of these counts no more.
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

  /** Take note of what the thread has done since the last time. */
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
