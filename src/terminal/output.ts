import type {PeersName} from '../expert/peers.js'
import {compareSeverity, isAtLeast, type Severity} from '../expert/rule.js'
import {type SessionRecord, severityIn} from '../session/record.js'
import type {Printer, PrintOptions} from '../view/printer.js'
import type {Io} from './io.js'

/** What becomes of records, whatever command makes them. */
export interface OutputOptions {
  /** Display filter. */
  readonly filter?: string | undefined
  /** Stop after this number of printed records. */
  readonly count?: number | undefined
  /** Exit status 1 on a finding of at least this severity. */
  readonly failOn?: Severity | undefined
  /** Print no record; they count for `failOn` all the same. */
  readonly quiet?: boolean | undefined
  /** Which implementation all ends are: severities and causes follow it. Default: auto. */
  readonly peers?: PeersName | undefined
}

/** Filters, prints and counts records. */
export interface Output {
  /** @returns false once no more are wanted. */
  take(record: SessionRecord): boolean
  /** Notes a record that is not among the chosen ones. */
  skip(record: SessionRecord): void
  /** Number of records that were printed. */
  printed(): number
  /** Why no record was printed; undefined where some were, or where the form has nothing to say about it. */
  whyNothing(): string | undefined
  /** Prints what a form has at its end. @returns the exit status. */
  end(): number
}

/** Prints records as text. @throws InputError for a filter with a mistake. */
export async function outputTo(
  io: Pick<Io, 'stdout' | 'data'>,
  print: PrintOptions,
  options: OutputOptions,
): Promise<Output> {
  const {isData, printer} = await import('../view/printer.js')
  return outputThrough(printer(print, isData(print.format) ? io.data : io.stdout), options)
}

/** Gives the records that are wanted to a printer. @throws InputError for a filter with a mistake. */
export async function outputThrough(
  to: Printer,
  {filter, count, failOn, quiet = false}: OutputOptions,
): Promise<Output> {
  const matches = filter === undefined ? undefined : (await import('../filter/compile.js')).compileFilter(filter)
  const most = count ?? Number.POSITIVE_INFINITY
  let printed = 0
  let worst: Severity | undefined
  const note = (record: SessionRecord) => {
    for (const found of record.findings) worst = worse(worst, severityIn(record, found))
  }
  return {
    take(record) {
      if (printed >= most) return false
      if (failOn !== undefined) note(record)
      if (quiet) return true
      if (matches && !matches(record)) {
        to.skip(record)
        return true
      }
      if (to.print(record)) printed++
      return printed < most
    },
    skip(record) {
      // The filter sees every record: one on keys notes those of handshakes.
      matches?.(record)
      to.skip(record)
    },
    printed: () => printed,
    whyNothing: () => (printed === 0 && !quiet ? to.whyNothing?.() : undefined),
    end() {
      to.end()
      return failOn !== undefined && worst !== undefined && isAtLeast(worst, failOn) ? 1 : 0
    },
  }
}

const worse = (a: Severity | undefined, b: Severity): Severity => (a === undefined || compareSeverity(b, a) > 0 ? b : a)
