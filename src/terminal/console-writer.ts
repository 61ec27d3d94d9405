import type {UserOutput} from './user-output.js'

/** Gathers results and notes, and writes them in one go. */
export class ConsoleWriter {
  readonly out: UserOutput
  #text = ''
  #data = ''
  #notes: string[] = []

  constructor(out: UserOutput) {
    this.out = out
  }

  /** Results for people: whole lines. */
  readonly stdout = (text: string): boolean => {
    this.#text += text
    return true
  }

  /** Results for programs: whole lines. */
  readonly data = (text: string): boolean => {
    this.#data += text
    return true
  }

  /** A sentence for the user. */
  note(sentence: string): void {
    this.#notes.push(sentence)
  }

  /** @returns false once nobody reads the results any more. */
  flush(): boolean {
    const [text, data, notes] = [this.#text, this.#data, this.#notes]
    this.#text = this.#data = ''
    this.#notes = []
    const isTextRead = text === '' || this.out.stdout(text)
    const isDataRead = data === '' || this.out.data(data)
    for (const sentence of notes) this.out.note(sentence)
    return isTextRead && isDataRead
  }
}
