/** Items between a maker and a taker: the maker can wait until the taker asks for more. */
export class RecordQueue<T> {
  #items: T[] = []
  #at = 0
  #isAsked = false
  #isOver = false
  #wakeTaker = () => {}
  #wakeMaker = () => {}

  get isWanted(): boolean {
    return !this.#isOver
  }

  /** @returns false once nothing more is wanted. */
  push(item: T): boolean {
    if (this.#isOver) return false
    this.#items.push(item)
    this.#isAsked = false
    this.#wakeTaker()
    return true
  }

  /** Resolves when everything was taken and more is asked for, or when nothing more is wanted. */
  async asked(): Promise<void> {
    while (!this.#isAsked && !this.#isOver) {
      await new Promise<void>(resolve => {
        this.#wakeMaker = resolve
      })
    }
  }

  /** The next item; undefined after the last one. */
  async next(): Promise<T | undefined> {
    for (;;) {
      if (this.#at < this.#items.length) return this.#items[this.#at++]
      this.#items = []
      this.#at = 0
      if (this.#isOver) return undefined
      this.#isAsked = true
      this.#wakeMaker()
      await new Promise<void>(resolve => {
        this.#wakeTaker = resolve
      })
    }
  }

  /** Nothing more comes, or nothing more is wanted. What is there can still be taken. */
  end(): void {
    this.#isOver = true
    this.#wakeTaker()
    this.#wakeMaker()
  }
}
