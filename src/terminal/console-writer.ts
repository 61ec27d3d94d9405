import {escapeText} from '../view/escape.js'
import type {StatusLine} from './status-line.js'
import type {TextOutput} from './text-output.js'

/** Gathers what there is to print and to say, and writes it in one go, above the status line if there is one. */
export class ConsoleWriter {
  readonly out: TextOutput
  readonly #status: StatusLine | undefined
  #text = ''
  #notes = ''

  constructor(out: TextOutput, status: StatusLine | undefined) {
    this.out = out
    this.#status = status
  }

  /** Results: whole lines. */
  print(text: string): void {
    this.#text += text
  }

  /** A sentence for the user. What clients say, as names of hosts, may be in it. */
  note(sentence: string): void {
    this.#notes += `${escapeText(sentence)}\n`
  }

  /** @returns false once nobody reads the results any more. */
  flush(): boolean {
    const [text, notes] = [this.#text, this.#notes]
    if (text === '' && notes === '') return true
    this.#text = this.#notes = ''
    let isRead = true
    const write = () => {
      if (text !== '') isRead = this.out.stdout(text)
      if (notes !== '') this.out.stderr(notes)
    }
    if (this.#status) this.#status.around(write)
    else write()
    return isRead
  }
}
