import type {TextOutput} from './text-output.js'

/** One line below all others at a terminal, drawn again behind whatever is written. */
export class StatusLine {
  readonly #out: TextOutput
  readonly #width: number
  #text = ''

  constructor(out: TextOutput, width: number) {
    this.#out = out
    this.#width = width
  }

  /** Write something above it. */
  around(write: () => void): void {
    if (this.#text !== '') this.#out.stderr('\r\x1b[K')
    write()
    if (this.#text !== '') this.#out.stderr(this.#text)
  }

  draw(text: string): void {
    // The last column is left free: terminals wrap when it is written.
    const fitted = text.slice(0, this.#width - 1)
    if (fitted === this.#text) return
    this.#out.stderr(`\r\x1b[K${fitted}`)
    this.#text = fitted
  }

  clear(): void {
    if (this.#text !== '') this.#out.stderr('\r\x1b[K')
    this.#text = ''
  }
}
