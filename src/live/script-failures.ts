import {isThrownByScript, thrownText} from '../proxy/intercept/thrown.js'

/** Where notes for the user go. */
interface NoteTaker {
  note(text: string): void
}

/**
 * What a script throws outside its hook, for example in a timer: it must not end the open connections. The first
 * failure is noted, also if it comes while the script is loaded and nobody takes notes yet.
 */
export class ScriptFailures {
  #first: string | undefined
  #isCatching = false
  #taker: NoteTaker | undefined

  /** Catch from now on, in the whole process. Other uncaught errors go to the listeners that were installed before. */
  catch(): void {
    const before = process.listeners('uncaughtException')
    this.#isCatching = true
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error, origin) => {
      if (this.takes(error)) this.#failed(thrownText(error))
      else for (const listener of before) listener(error, origin)
    })
  }

  /** Whether an uncaught value is a failure of the script, after which the program goes on. */
  takes(thrown: unknown): boolean {
    return this.#isCatching && isThrownByScript(thrown)
  }

  /** Note the first failure, at once if there was one. */
  noteTo(taker: NoteTaker): void {
    this.#taker = taker
    if (this.#first !== undefined) this.#note(this.#first)
  }

  #failed(text: string): void {
    if (this.#first !== undefined) return
    this.#first = text
    this.#note(text)
  }

  #note(text: string): void {
    this.#taker?.note(`the script failed outside onPacket (${text}); forwarding goes on`)
  }
}
