import type {SessionRecord} from '../../session/record.js'
import type {NumberRanges} from '../../terminal/options/number-ranges.js'
import {setFlag} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'

/** Most numbers of connections that are named in a message. */
const mostNamed = 20

/** The connections that `--connection` names, and whether there are any of them. */
export class ChosenConnections {
  readonly #flag: string
  readonly #only: NumberRanges | undefined
  readonly #seen = new Set<number>()
  #isFound = false

  /**
   * @param only undefined: all.
   * @param flag the one that names them.
   */
  constructor(only: NumberRanges | undefined, flag: '--connection' | '--follow' = '--connection') {
    this.#only = only
    this.#flag = flag
  }

  /** Whether connections were named, and none of them was there. */
  get isMissing(): boolean {
    return this.#only !== undefined && !this.#isFound
  }

  /** Whether a record belongs to a chosen connection. */
  has({connection}: Pick<SessionRecord, 'connection'>): boolean {
    if (!this.#only) return true
    if (connection === null) return false
    if (!this.#isFound && this.#seen.size <= mostNamed) this.#seen.add(connection)
    const isChosen = this.#only.has(connection)
    this.#isFound ||= isChosen
    return isChosen
  }

  /**
   * Reject numbers that no connection has. A capture without connections passes.
   * @param file the capture, where there are several.
   * @throws InputError with the numbers that exist
   */
  check(file?: string): void {
    if (!this.#only || this.#isFound || this.#seen.size === 0) return
    const numbers = [...this.#seen].sort((a, b) => a - b)
    const more = numbers.length > mostNamed ? ' and more' : ''
    throw new InputError(
      `no Tox connection${file === undefined ? '' : ` in ${file}`} has the number ${this.#only.text}: there ` +
        `${numbers.length === 1 ? 'is' : 'are'} ${numbers.slice(0, mostNamed).join(', ')}${more}`,
      file === undefined ? setFlag(this.#flag, String(numbers[0])) : undefined,
      'bad-option',
    )
  }
}
