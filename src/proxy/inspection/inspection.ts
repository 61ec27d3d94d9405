import {inspectedMilliseconds, uninspectedBytes, uninspectedPieces} from '../limits.js'
import {Fifo} from '../net/fifo.js'

/** Takes what was forwarded, to be looked at later. */
export interface Inspecting<T> {
  /**
   * @param bytes that the item keeps in memory.
   * @returns false if it was not taken: too much waits already. Items of no bytes are always taken.
   */
  push(item: T, bytes: number): boolean
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

/**
 * What was forwarded and waits to be looked at, in order, over all connections. Looking happens between turns of the
 * event loop and a little at a time, so that sockets come first; what the inspector throws is caught, and told once.
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

  /** How often the inspector threw. */
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
