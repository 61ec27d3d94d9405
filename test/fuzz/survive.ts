import {PacketTracker} from '../../src/capture/packet-tracker.js'
import {CaptureReader} from '../../src/capture/reader.js'
import type {StreamEvent} from '../../src/capture/stream-event.js'
import type {Box} from '../../src/crypto/box.js'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {Dispatcher} from '../../src/session/recognition/dispatcher.js'
import type {SessionRecord} from '../../src/session/record.js'
import {Session} from '../../src/session/session.js'
import {type TextFormatName, textFormatNamed, textFormatNames} from '../../src/view/formats.js'
import {type Printer, printer} from '../../src/view/printer.js'
import {InputError} from '../../src/wire/input-error.js'

/** Bytes that a reader must survive: an InputError of one sentence is a right answer, any other exception is not. */
export async function orSentence(run: () => void | Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (!/^[^\n]{8,}$/.test(error.message) || error.message.endsWith('.'))
      throw new Error(`not one sentence: ${JSON.stringify(error.message)}`)
  }
}

const printerOf = (format: TextFormatName, take: (text: string) => void): Printer => {
  const {takes} = textFormatNamed(format)
  return printer(
    {
      format,
      hex: takes.includes('hex'),
      bytes: takes.includes('bytes'),
      isAscii: true,
      colorLevel: 0,
      width: 100,
      timeForm: 'r',
      fields: format === 'fields' ? ['frame.number', 'type', 'finding.code', 'data.data'] : [],
      fieldOptions: {},
      hasConnections: true,
    },
    take,
  )
}

/**
 * Prints records in one form of text: all of them together would take most of the time. JSON must be JSON, and lines
 * must end.
 */
export class OneForm {
  readonly #printer: Printer

  /** @param chosen any number: which form it is. */
  constructor(chosen: number) {
    const format = textFormatNames[chosen % textFormatNames.length]!
    this.#printer = printerOf(format, text => {
      if (!text.endsWith('\n')) throw new Error(`${format}: a line without an end: ${JSON.stringify(text)}`)
      if (format !== 'json' && format !== 'ek') return
      for (const line of text.split('\n')) if (line !== '') JSON.parse(line)
    })
  }

  add(record: SessionRecord): void {
    this.#printer.print(record)
  }

  end(): void {
    this.#printer.end()
  }
}

/** Connections from events of a capture, through recognition and the session, to printed records. */
export class WholeWay {
  readonly #form: OneForm
  readonly #session: Session
  readonly #dispatcher: Dispatcher

  /** @param input says which form its records are printed in. */
  constructor(input: Uint8Array, box: Box, ports: readonly number[] = []) {
    this.#form = new OneForm(input.length)
    const keyring = new Keyring(box)
    this.#session = new Session(keyring, record => this.#form.add(record))
    this.#dispatcher = new Dispatcher(this.#session, ports, keyring)
  }

  add(events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (event.kind === 'chunk') this.#dispatcher.chunk(event.chunk)
      else if (event.kind === 'conflict') this.#dispatcher.conflict(event.conflict)
      else if (event.kind === 'open') this.#dispatcher.open(event.connection, event.opened)
      else this.#dispatcher.over(event.connection)
    }
  }

  end(): void {
    this.#session.end()
    this.#form.end()
  }
}

/** Reads a capture file in blocks of a size that cuts its records anywhere. */
export function readWhole(file: Uint8Array, box: Box): void {
  const tracker = new PacketTracker()
  const reader = new CaptureReader()
  const way = new WholeWay(file, box)
  try {
    for (let at = 0; at < file.length; at += 997) {
      for (const item of reader.read(file.subarray(at, at + 997)))
        if (item.kind === 'packet') way.add(tracker.add(item).events)
    }
    reader.end()
  } finally {
    way.add(tracker.end())
    way.end()
  }
}
