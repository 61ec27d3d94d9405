import {openSync} from 'node:fs'
import {StringDecoder} from 'node:string_decoder'
import {ReadStream} from 'node:tty'
import type {Advice} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {writeText} from '../user-output.js'

/** The alternate screen, reports of the mouse, and marks around pasted text. */
const enterText = '\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h'
const leaveText = '\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[0m\x1b[?25h\x1b[?1049l'

/** The user's terminal while a view has all of it: keys come at once, and the screen is not that of the shell. */
export class TerminalDevice {
  readonly #input: ReadStream
  readonly #isOwnInput: boolean
  #isEntered = false
  #isClosed = false

  private constructor(input: ReadStream, isOwnInput: boolean) {
    this.#input = input
    this.#isOwnInput = isOwnInput
  }

  /**
   * @param isInputTaken whether standard input is a capture: keys then come from the terminal itself.
   * @param instead a command line that needs no terminal, as a hint.
   * @throws InputError without a terminal
   */
  static open(isInputTaken: boolean, instead: string | Advice): TerminalDevice {
    if (!process.stdout.isTTY)
      throw new InputError('the view needs a terminal, and the output is not one', instead, 'bad-option')
    if (!isInputTaken && process.stdin.isTTY) return new TerminalDevice(process.stdin, false)
    try {
      return new TerminalDevice(new ReadStream(openSync('/dev/tty', 'r')), true)
    } catch {
      throw new InputError('the view needs a terminal to read keys from', instead, 'bad-option')
    }
  }

  get size(): {readonly width: number; readonly height: number} {
    const {columns, rows} = process.stdout
    return {width: columns || 80, height: rows || 24}
  }

  /** Called with what is typed, and when the terminal is gone. */
  listen(typed: (text: string) => void, gone: () => void): void {
    const decoder = new StringDecoder('utf8')
    this.#input.on('data', (bytes: Buffer) => typed(decoder.write(bytes)))
    this.#input.on('end', gone)
    this.#input.on('error', gone)
    this.#input.resume()
  }

  onResize(resized: () => void): void {
    process.stdout.on('resize', resized)
  }

  /** Take the whole screen. */
  enter(): void {
    if (this.#isEntered || this.#isClosed) return
    this.#isEntered = true
    this.#input.setRawMode(true)
    this.write(enterText)
  }

  /** Give the screen back, as it was. Can be called at any time, and more than once. */
  leave(): void {
    if (!this.#isEntered) return
    this.#isEntered = false
    this.write(leaveText)
    try {
      this.#input.setRawMode(false)
    } catch {
      // The terminal is gone.
    }
  }

  /** @returns false once the terminal does not take text any more. */
  write(text: string): boolean {
    try {
      writeText(1, text)
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.leave()
    this.#isClosed = true
    this.#input.removeAllListeners('data')
    this.#input.pause()
    process.stdout.removeAllListeners('resize')
    if (this.#isOwnInput) this.#input.destroy()
  }
}
