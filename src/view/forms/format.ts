import type {SessionRecord} from '../../session/record.js'
import type {ColorLevel, ColorStyles} from '../theme.js'
import type {TimeForm, Times} from '../time.js'
import type {Verdict} from '../verdict.js'
import type {FieldOptions} from './field-options.js'

/**
 * What flags can add to a format: a hex dump (-x), bytes (--bytes), chosen fields and their options (-e, -E), chosen
 * columns (--columns), a drawing as a dialogue (--follow), a form of times (-t), names of peers (--label), colours
 * (--color), ASCII characters alone (--ascii).
 */
export type Addition = 'hex' | 'bytes' | 'fields' | 'columns' | 'dialogue' | 'time' | 'labels' | 'color' | 'ascii'

/** How records are written, whatever the format. */
export interface FormatOptions {
  /** Add a hex dump. */
  readonly hex: boolean
  /** Add plaintext and wire bytes. */
  readonly bytes: boolean
  /** No characters beyond ASCII. */
  readonly isAscii: boolean
  readonly colorLevel: ColorLevel
  /** Styles that the user chose in place of the usual ones. */
  readonly colors?: ColorStyles | undefined
  /** Columns of the terminal; Infinity if unknown: lists are not cut, and trees are drawn for `defaultWidth`. */
  readonly width: number
  readonly timeForm: TimeForm
  /** The form was asked for: formats that write times in ISO form otherwise use it too. */
  readonly isTimeFormGiven?: boolean | undefined
  /** Time zone of the time forms a and ad; UTC if left out. */
  readonly timeZone?: string | undefined
  /** Names of the chosen fields, in order. */
  readonly fields: readonly string[]
  /** Those that differ from the format's defaults. */
  readonly fieldOptions: Partial<FieldOptions>
  /** Columns of the list; default: listColumns. */
  readonly columns?: readonly string[] | undefined
  /** List: one connection as a dialogue, the relay's side indented. */
  readonly isDialogue?: boolean | undefined
  /** List: a pager scrolls its rows sideways. What is cut in one is there as a whole behind the edge of the screen. */
  readonly scrolls?: boolean | undefined
  /** Names of peers by their keys in hex. */
  readonly labels?: ReadonlyMap<string, string> | undefined
  /** The same from `.tox` saves, for peers without a label that have not said their name. */
  readonly savedNames?: ReadonlyMap<string, string> | undefined
  /** JSON: what receivers do about the records until now; absent: not shown. */
  readonly verdict?: Verdict | undefined
  /** There may be several connections: each record shows its own. */
  readonly hasConnections: boolean
}

/** Writes records of one run as text. All texts include their line ends. */
export interface RecordWriter {
  /** Text before all records; empty: none. */
  readonly head: string
  text(record: SessionRecord, isFirst: boolean): string
  /** Notes a record that is not printed, where later texts depend on it. */
  skip?(record: SessionRecord): void
  /** Why no text came of the records until now, in a sentence; for formats that pass most records over. */
  whyNothing?(): string
}

/** One output format. Flags, refusals, hints and help are made from it. */
export interface Format {
  /** What it prints, for the help text. */
  readonly about: string
  readonly takes: readonly Addition[]
  /** Read by programs: written to standard output as it is, with the escapes of the format's own rules. */
  readonly isData: boolean
  /** Bytes of each plaintext that are read at most; undefined: all. */
  plaintextBytes?(options: FormatOptions): number | undefined
}

/** A format of text, which every command writes that prints packets. */
export interface TextFormat extends Format {
  /** @throws InputError for a field or column that does not exist. */
  writer(options: FormatOptions, times: Times): RecordWriter
}

/** Columns of a tree or a dump if the width of the terminal is unknown. */
const defaultWidth = 80

/** Columns that a drawing may use. */
export const drawingWidth = ({width}: FormatOptions): number => (Number.isFinite(width) ? width : defaultWidth)
