/** One line of text that is being typed: a key in, the line and the place of the cursor out. */
export class LineEditor {
  /** Characters, which may be of two units each. */
  #characters: string[]
  #at: number

  constructor(text = '') {
    this.#characters = [...text]
    this.#at = this.#characters.length
  }

  get text(): string {
    return this.#characters.join('')
  }

  /** What is left of the cursor. */
  get before(): string {
    return this.#characters.slice(0, this.#at).join('')
  }

  /** Put this text in place of all. */
  replace(text: string): void {
    this.#characters = [...text]
    this.#at = this.#characters.length
  }

  /** Put a text in place of the last characters before the cursor. @param count units of them. */
  replaceBefore(count: number, text: string): void {
    const kept = [...this.before.slice(0, this.before.length - count)]
    this.#characters = [...kept, ...text, ...this.#characters.slice(this.#at)]
    this.#at = kept.length + [...text].length
  }

  /** @returns whether the key edits a line. */
  take(key: string): boolean {
    const length = this.#characters.length
    switch (key) {
      case 'left':
      case 'ctrl-b':
        this.#at = Math.max(0, this.#at - 1)
        return true
      case 'right':
      case 'ctrl-f':
        this.#at = Math.min(length, this.#at + 1)
        return true
      case 'home':
      case 'ctrl-a':
        this.#at = 0
        return true
      case 'end':
      case 'ctrl-e':
        this.#at = length
        return true
      case 'backspace':
        return this.#cut(Math.max(0, this.#at - 1), this.#at)
      case 'delete':
      case 'ctrl-d':
        return this.#cut(this.#at, Math.min(length, this.#at + 1))
      case 'ctrl-u':
        return this.#cut(0, this.#at)
      case 'ctrl-k':
        return this.#cut(this.#at, length)
      case 'ctrl-w':
        return this.#cut(this.before.search(/\S*\s*$/u), this.#at)
      default:
        return this.#type(key === 'space' ? ' ' : key)
    }
  }

  #cut(start: number, end: number): true {
    this.#characters.splice(start, end - start)
    this.#at = start
    return true
  }

  #type(key: string): boolean {
    const characters = [...key]
    if (characters.length !== 1 || /\p{Cc}/u.test(key)) return false
    this.#characters.splice(this.#at, 0, ...characters)
    this.#at++
    return true
  }
}
