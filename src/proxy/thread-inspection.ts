import {type EventBatch, EventBatchWriter} from './event-batch.js'
import type {Inspecting} from './inspection.js'
import {uninspectedBytes, uninspectedPieces} from './limits.js'
import type {Observed} from './observed.js'

/** What was forwarded goes to another thread, which looks at it in its own time: nothing that it does, or fails to do, holds up a socket. */
export class ThreadInspection implements Inspecting<Observed> {
  readonly #post: (batch: EventBatch) => void
  #writer = new EventBatchWriter()
  #isScheduled = false
  #isGone = false
  /** Not yet posted, and posted and not yet answered. */
  #fresh = {bytes: 0, pieces: 0}
  #waiting = {bytes: 0, pieces: 0}
  readonly #underWay: {readonly bytes: number; readonly pieces: number}[] = []
  #idle: (() => void)[] = []

  /** @param post sends a batch, whose buffers may be given away; the thread answers each, in order, and `answered` is called. */
  constructor(post: (batch: EventBatch) => void) {
    this.#post = post
  }

  push(event: Observed, bytes: number): boolean {
    if (this.#isGone) return true
    const {waiting, fresh} = {waiting: this.#waiting, fresh: this.#fresh}
    if (bytes > 0 && (waiting.bytes + bytes > uninspectedBytes || waiting.pieces >= uninspectedPieces)) return false
    for (const count of [waiting, fresh]) {
      count.bytes += bytes
      count.pieces++
    }
    this.#writer.add(event)
    if (!this.#isScheduled) {
      this.#isScheduled = true
      setImmediate(() => this.#flush())
    }
    return true
  }

  /** The thread has looked at the oldest batch. */
  answered(): void {
    const batch = this.#underWay.shift()
    if (!batch) return
    this.#waiting.bytes -= batch.bytes
    this.#waiting.pieces -= batch.pieces
    this.#settle()
  }

  /** The thread is no more: what comes from now on is not looked at. */
  gone(): void {
    this.#isGone = true
    this.#waiting = {bytes: 0, pieces: 0}
    this.#settle()
  }

  idle(): Promise<void> {
    return this.#waiting.pieces > 0 ? new Promise(done => this.#idle.push(done)) : Promise.resolve()
  }

  #flush(): void {
    this.#isScheduled = false
    if (this.#isGone) return
    this.#underWay.push(this.#fresh)
    this.#fresh = {bytes: 0, pieces: 0}
    const batch = this.#writer.finish()
    this.#writer = new EventBatchWriter()
    this.#post(batch)
  }

  #settle(): void {
    if (this.#waiting.pieces === 0) for (const done of this.#idle.splice(0)) done()
  }
}
