import {Fifo} from '../../wire/memory/fifo.js'
import {inspectedMilliseconds, uninspectedBytes, uninspectedPieces} from '../limits.js'

/** Takes forwarded data, which is inspected later. */
export interface Inspecting<T> {
  /**
   * @param bytes that the item keeps in memory.
   * @returns false if it was not taken because too much waits already. Items of 0 bytes are always taken.
   */
  push(item: T, bytes: number): boolean
  /** Resolves when nothing waits. */
  idle(): Promise<void>
}

/**
 * A queue of forwarded data, inspected in order over all connections. Inspection runs in short slices between turns of
 * the event loop, so that sockets come first. Errors of the inspector are caught; the first one is reported.
 */
export class Inspection<T> implements Inspecting<T> {
  readonly #inspect: (item: T) => void
  readonly #failed: (error: unknown) => void
  readonly #queue = new Fifo<{readonly item: T; readonly bytes: number}>()
  #bytes = 0
  #scheduled = false
  #failures = 0
  #idle: (() => void)[] = []

  constructor(inspect: (item: T) => void, failed: (error: unknown) => void) {
    this.#inspect = inspect
    this.#failed = failed
  }

  /** Number of times that the inspector threw. */
  get failures(): number {
    return this.#failures
  }

  push(item: T, bytes: number): boolean {
    const full = this.#bytes + bytes > uninspectedBytes || this.#queue.length >= uninspectedPieces
    if (full && bytes > 0) return false
    this.#queue.push({item, bytes})
    this.#bytes += bytes
    this.#schedule()
    return true
  }

  idle(): Promise<void> {
    return this.#queue.length > 0 ? new Promise(done => this.#idle.push(done)) : Promise.resolve()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#scheduled = false
    const until = performance.now() + inspectedMilliseconds
    do {
      const piece = this.#queue.shift()
      if (!piece) break
      this.#bytes -= piece.bytes
      this.#look(piece.item)
    } while (performance.now() < until)
    if (this.#queue.length > 0) this.#schedule()
    else for (const done of this.#idle.splice(0)) done()
  }

  #look(item: T): void {
    try {
      this.#inspect(item)
    } catch (error) {
      if (this.#failures++ === 0) this.#failed(error)
    }
  }
}
