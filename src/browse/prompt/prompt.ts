import {InputError} from '../../wire/input-error.js'
import type {Completion} from './completion.js'
import {LineEditor} from './line-editor.js'

/** What a line is asked for. */
export interface PromptSpec {
  /** Before the line: `filter: `. */
  readonly label: string
  readonly text?: string
  /** Older lines, the latest first. */
  readonly history?: readonly string[]
  /** @param before what is left of the cursor. */
  complete?(before: string): Completion
  /** @throws InputError for a line with a mistake. */
  check?(text: string): void
  /** @throws InputError */
  enter(text: string): void
}

/** A line that is being typed, with what there is to say about it. */
export class Prompt {
  readonly editor: LineEditor
  /** The mistake in the line; undefined: none. */
  mistake: InputError | undefined
  /** Candidates that Tab goes through. */
  #completion: Completion | undefined
  #candidate = -1
  /** Place in the history; -1: the line that was typed. */
  #past = -1
  #typed = ''

  constructor(readonly spec: PromptSpec) {
    this.editor = new LineEditor(spec.text)
    this.#check()
  }

  /** Candidates for the end of the line; empty where Tab was not pressed. */
  get candidates(): readonly string[] {
    return this.#completion?.candidates ?? []
  }

  /** Number of the candidate that is in the line; -1: none. */
  get candidate(): number {
    return this.#candidate
  }

  /** @returns whether the line is done with. */
  take(key: string): boolean {
    switch (key) {
      case 'escape':
      case 'ctrl-c':
      case 'ctrl-g':
        return true
      case 'enter':
        return this.#enter()
      case 'tab':
        this.#complete(1)
        return false
      case 'shift-tab':
        this.#complete(-1)
        return false
      case 'up':
      case 'ctrl-p':
        this.#recall(1)
        return false
      case 'down':
      case 'ctrl-n':
        this.#recall(-1)
        return false
      default:
        this.#completion = undefined
        if (this.editor.take(key)) this.#check()
        return false
    }
  }

  /** Take a text as if it were typed; what is not a character becomes a blank. */
  paste(text: string): void {
    for (const character of text.replace(/\p{Cc}+/gu, ' ')) this.editor.take(character)
    this.#completion = undefined
    this.#check()
  }

  #enter(): boolean {
    try {
      this.spec.enter(this.editor.text)
      return true
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.mistake = error
      return false
    }
  }

  #check(): void {
    this.mistake = undefined
    try {
      this.spec.check?.(this.editor.text)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.mistake = error
    }
  }

  #complete(by: 1 | -1): void {
    const current = this.#completion
    const {before} = this.editor
    const completion = current ?? this.spec.complete?.(before)
    const count = completion?.candidates.length ?? 0
    if (!completion || count === 0) return
    const inLine = current && this.#candidate >= 0 ? current.candidates[this.#candidate]!.length : completion.length
    this.#candidate = current ? (this.#candidate + by + count) % count : by > 0 ? 0 : count - 1
    this.editor.replaceBefore(inLine, completion.candidates[this.#candidate]!)
    // The only candidate is what is meant: the next Tab completes what follows.
    this.#completion = count === 1 ? undefined : completion
    this.#check()
  }

  #recall(by: 1 | -1): void {
    const {history = []} = this.spec
    const past = this.#past + by
    if (past < -1 || past >= history.length) return
    if (this.#past < 0) this.#typed = this.editor.text
    this.#past = past
    this.editor.replace(past < 0 ? this.#typed : history[past]!)
    this.#completion = undefined
    this.#check()
  }
}
