import type {SessionRecord} from '../session/record.js'
import {type FormatName, formatNamed, type TextFormatName, textFormatNamed} from './formats.js'
import type {FormatOptions} from './forms/format.js'
import {Times} from './time.js'

export interface PrintOptions extends FormatOptions {
  readonly format: TextFormatName
}

/** Whether programs read the format, so that it has its own escapes. */
export const isData = (format: FormatName): boolean => formatNamed(format).isData

/** Bytes of each plaintext that the printed records show at most; undefined: all. */
export const plaintextRead = (options: PrintOptions): number | undefined =>
  textFormatNamed(options.format).plaintextBytes?.(options)

/** Writes records in one format. */
export interface Printer {
  /** Writes whole lines, at once. @returns false where the format has nothing to say about the record. */
  print(record: SessionRecord): boolean
  /** Notes a record that is not printed: what it says may be needed later, as the name of a peer is. */
  skip(record: SessionRecord): void
  /** Why nothing was printed, where the format can say it. */
  whyNothing?(): string | undefined
  /** Writes what the format needs at its end. */
  end(): void
}

/** @throws InputError for a field, column or time zone that does not exist. */
export function printer(options: PrintOptions, write: (text: string) => void): Printer {
  const times = new Times(options.timeForm, options.timeZone)
  const writer = textFormatNamed(options.format).writer(options, times)
  let isFirst = true
  const head = () => {
    if (isFirst && writer.head !== '') write(writer.head)
    isFirst = false
  }
  return {
    print(record) {
      const wasFirst = isFirst
      head()
      const text = writer.text(record, wasFirst)
      if (text !== '') write(text)
      return text !== ''
    },
    skip: record => writer.skip?.(record),
    whyNothing: () => writer.whyNothing?.(),
    end: head,
  }
}
