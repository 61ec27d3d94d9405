import type {SessionRecord} from '../session/record.js'
import {type OptionNames, refuseUnknownOptions} from '../wire/text/option-names.js'
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

/** How records are printed unless options say otherwise: as a list, whole and without colours. */
const usual: PrintOptions = {
  format: 'list',
  ...{hex: false, bytes: false, isAscii: false, colorLevel: 0, width: Number.POSITIVE_INFINITY},
  ...{timeForm: 'r', fields: [], fieldOptions: {}, hasConnections: true},
}

const optionNames: OptionNames<PrintOptions> = {
  format: true,
  hex: true,
  bytes: true,
  isAscii: true,
  colorLevel: true,
  colors: true,
  width: true,
  timeForm: true,
  isTimeFormGiven: true,
  timeZone: true,
  fields: true,
  fieldOptions: true,
  columns: true,
  isDialogue: true,
  scrolls: true,
  labels: true,
  savedNames: true,
  verdict: true,
  hasConnections: true,
}

/**
 * Print records as commands do.
 * @param given default: a list, whole and without colours.
 * @throws InputError for a field, column or time zone that does not exist.
 *
 * @example
 * ```ts
 * import {openCapture, printer} from 'toxtcp'
 *
 * const trees = printer({format: 'tree', width: 100}, text => process.stdout.write(text))
 * for await (const record of openCapture('capture.pcap', {keylog: 'keys.log'})) trees.print(record.source)
 * trees.end()
 * ```
 */
export function printer(given: Partial<PrintOptions>, write: (text: string) => void): Printer {
  refuseUnknownOptions(given, optionNames)
  const options = {...usual, ...given}
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
