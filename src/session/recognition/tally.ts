import type {Side} from '../../wire/side.js'

/** How often each thing has been said, and how often it is still to come. */
export class Tally {
  readonly #said = new Map<string, number>()
  readonly #left = new Map<string, number>()

  expect(word: string): void {
    this.#left.set(word, this.left(word) + 1)
  }

  say(word: string): void {
    this.#said.set(word, this.said(word) + 1)
    this.#left.set(word, this.left(word) - 1)
  }

  said(word: string): number {
    return this.#said.get(word) ?? 0
  }

  left(word: string): number {
    return this.#left.get(word) ?? 0
  }

  /** Whether it was not said more often than that, and is still to come. */
  waits(word: string, already: number): boolean {
    return this.said(word) <= already && this.left(word) > 0
  }
}

/** What a side says of something. */
export const word = (side: Side, type: string, key: string | number = ''): string => `${side} ${type} ${key}`
