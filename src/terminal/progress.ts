import type {Io} from './io.js'

/** Milliseconds before the first line, and between two. */
const firstAfter = 1000
const every = 200

/**
 * One line on a terminal's standard error that says how far a long file is read: bytes, rate, time left. Nothing
 * anywhere else.
 */
export class Progress {
  readonly #started = Date.now()
  #shown = 0
  #isShown = false

  constructor(
    readonly io: Io,
    readonly total: number | undefined,
  ) {}

  /** @param bytes read of all files. */
  at(bytes: number): void {
    const now = Date.now()
    if (
      !this.io.isErrorTerminal ||
      this.io.isOutputTerminal ||
      now - this.#started < firstAfter ||
      now - this.#shown < every
    )
      return
    this.#shown = now
    this.#isShown = true
    const rate = bytes / ((now - this.#started) / 1000)
    const share = this.total
      ? `${Math.floor((100 * bytes) / this.total)}% of ${megabytes(this.total)}`
      : megabytes(bytes)
    const left = this.total ? `, ${Math.max(0, Math.ceil((this.total - bytes) / rate))} s left` : ''
    this.io.status(`${share}, ${megabytes(rate)}/s${left}`)
  }

  end(): void {
    if (this.#isShown) this.io.status('')
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
