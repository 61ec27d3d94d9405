import type {Finding} from '../expert/rule.js'
import {compileFilter} from '../filter/compile.js'
import type {Cause, SessionRecord} from '../session/record.js'
import {type PrintOptions, printer} from '../view/printer.js'
import type {Time} from '../wire/chunk.js'

/** What a thread must know to print its records as the main one would. */
export interface PrintSetup {
  readonly print: PrintOptions
  readonly filter: string | undefined
  /** Only this connection. */
  readonly connection: number | undefined
}

/** What the world says of a batch's records: their numbers, and what the thread that made them could not know. */
export interface Numbers {
  /** Of all records of the run; the same for all batches. */
  readonly first: Time | null
  readonly numbers: Float64Array
  readonly changes: readonly {readonly place: number; readonly findings: readonly Finding[]; readonly causes: readonly Cause[]}[]
}

/** A batch's records that match, as text. */
export interface Printed {
  readonly text: Uint8Array
  /** Of each record: its number, and where in the text it ends. */
  readonly numbers: Float64Array
  readonly ends: Float64Array
}

/** Text of a record is at most so many times as long as its characters. */
const mostBytesPerCharacter = 3
const startBytes = 64 * 1024

/** Prints records on the thread that made them, batch by batch, once the world has numbered them. */
export class PrintJob {
  readonly #batches: SessionRecord[][] = []
  #records: SessionRecord[] = []
  #text = ''
  #usual = startBytes
  readonly #printer: ReturnType<typeof printer>
  readonly #matches: (record: SessionRecord) => boolean

  constructor({print, filter, connection}: PrintSetup) {
    this.#printer = printer(print, text => {
      this.#text = text
    })
    const matches = filter === undefined ? undefined : compileFilter(filter)
    this.#matches = record => (connection === undefined || record.connection === connection) && (matches?.(record) ?? true)
  }

  /** A record of the batch at hand. */
  keep(record: SessionRecord): void {
    this.#records.push(record)
  }

  /** The batch is complete; its numbers will come, in the order of the batches. */
  close(): void {
    this.#batches.push(this.#records)
    this.#records = []
  }

  /** Print the oldest batch that waits for its numbers. */
  print({first, numbers, changes}: Numbers): Printed {
    const records = this.#batches.shift()!
    this.#printer.goOn(first)
    for (const {place, findings, causes} of changes) Object.assign(records[place]!, {findings, causes})
    let text = Buffer.allocUnsafeSlow(this.#usual)
    let at = 0
    const printed: number[] = []
    const ends: number[] = []
    records.forEach((record, place) => {
      record.number = numbers[place]!
      if (!this.#matches(record)) return
      this.#printer.print(record)
      const most = this.#text.length * mostBytesPerCharacter
      if (at + most > text.length) text = grown(text, at + most)
      at += text.write(this.#text, at)
      printed.push(record.number)
      ends.push(at)
    })
    // Batches are much alike: room for the last one is room for the next.
    this.#usual = Math.max(startBytes, at + at / 8) | 0
    return {text: text.subarray(0, at), numbers: Float64Array.from(printed), ends: Float64Array.from(ends)}
  }
}

function grown(text: Buffer<ArrayBuffer>, least: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.max(least, text.length * 2))
  text.copy(larger)
  return larger
}
