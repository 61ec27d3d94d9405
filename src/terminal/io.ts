import {fstatSync, statSync} from 'node:fs'
import {codeOf, fileError} from '../files/errors/file-error.js'
import {inSigns} from '../view/escape.js'
import type {ColorStyles} from '../view/theme.js'
import {withText} from '../wire/advice.js'
import {type ColorLevel, defaultColorLevel} from './color-level.js'
import {isUtf8} from './locale.js'
import {type NoteStyle, type Sinks, type UserOutput, userOutput, writeAll, writeText} from './user-output.js'

/**
 * The process as actions see it. Standard error is for notes and progress, which go to a terminal only, and for what
 * the user must know.
 */
export interface Io extends UserOutput {
  /** Opened when first read. */
  readonly stdin: AsyncIterable<Buffer>
  readonly isInputTerminal: boolean
  readonly isOutputTerminal: boolean
  readonly isErrorTerminal: boolean
  /** Columns to fit text into: the terminal's; without a terminal COLUMNS, or 80. */
  readonly width: number
  /** Whether text for people has signs of ASCII alone. */
  readonly isAscii: boolean
  readonly noteStyle: NoteStyle
  /** Before --color and --no-color. */
  readonly colorLevel: ColorLevel
  /** Styles that the user chose in place of the usual ones. */
  readonly colors?: ColorStyles | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Bytes of output that are held back at most until the next turn of the event loop. */
const bufferedBytes = 65_536

/** Most bytes of UTF-8 for one unit of a string. */
const mostUnitBytes = 3

/** Fewest columns that text is fitted into: less cannot be read, and some terminals report 0. */
const fewestColumns = 20

/** Standard output of this process, written in large pieces. */
class BufferedOutput {
  /** Made when it is first needed, with room for a long line beyond what is held back. */
  #bytes: Buffer | undefined
  #length = 0
  /** The event loop writes what is held back at its next turn. A capture that is read at once has a single turn. */
  #isScheduled = false

  /**
   * Hold text back until the next turn of the event loop, or until there is much of it: one system call a line is what
   * makes a long list slow, and a line of a live stream must be out before the next one is waited for. It is encoded
   * at once: a string is put together from its parts fastest while these are still in the processor's cache.
   */
  write(text: string): void {
    this.#bytes ??= Buffer.allocUnsafeSlow(2 * bufferedBytes)
    const most = mostUnitBytes * text.length
    if (this.#length + most > this.#bytes.length) this.flush()
    if (most > this.#bytes.length) {
      untilUnread(() => writeText(1, text))
      return
    }
    this.#schedule()
    this.#length += this.#bytes.write(text, this.#length)
    if (this.#length >= bufferedBytes) this.flush()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.flush()
    })
  }

  /** @throws InputError if it cannot be written, as to a full disk. */
  flush(): void {
    const written = this.#bytes?.subarray(0, this.#length)
    this.#length = 0
    if (written) untilUnread(() => writeAll(1, written))
  }
}

/**
 * If nobody reads results any more (`| head`), the process ends here: nothing that it could still do would be seen.
 * @throws InputError if they cannot be written.
 */
function untilUnread(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (codeOf(error) === 'EPIPE') process.exit(0)
    throw fileError(error, 'write', 'the output')
  }
}

const standardOutput = new BufferedOutput()

/** Write what is held back. @throws InputError if it cannot be written. */
export const flush = (): void => standardOutput.flush()

/** Write bytes that are not text to standard output. If nobody reads them any more, the process ends. */
export function writeBytes(bytes: Uint8Array): Promise<void> {
  flush()
  return new Promise(resolve => process.stdout.write(bytes, error => error ?? resolve()))
}

/** Write bytes that are not text to standard output, at once. @throws InputError if they cannot be written. */
export function writeBytesAtOnce(bytes: Uint8Array): void {
  flush()
  untilUnread(() => writeAll(1, bytes))
}

/** Notes nobody can read are lost. */
function writeError(text: string): void {
  flush()
  try {
    writeText(2, text)
  } catch {
    return
  }
}

/** The streams, terminal and environment of this process. */
export function processIo(): Io {
  const {env} = process
  const isOutputTerminal = isTerminal(1)
  const columns = (isOutputTerminal && process.stdout.columns) || Number(env['COLUMNS']) || 80
  const isAscii = !isUtf8(env)
  const sinks: Sinks = {
    out: text => {
      standardOutput.write(text)
      return true
    },
    error: writeError,
  }
  const noteStyle: NoteStyle = {
    isAscii,
    get width() {
      return (isTerminal(2) && process.stderr.columns) || Number.POSITIVE_INFINITY
    },
  }
  return {
    ...userOutput(sinks, noteStyle),
    noteStyle,
    get stdin() {
      return process.stdin
    },
    get isInputTerminal() {
      return isTerminal(0)
    },
    isOutputTerminal,
    get isErrorTerminal() {
      return isTerminal(2)
    },
    width: columnsOf(columns),
    isAscii,
    colorLevel: defaultColorLevel(env, isOutputTerminal),
    env,
  }
}

const columnsOf = (columns: number): number => Math.max(fewestColumns, Math.floor(columns))

/** The same input and output with other facts. Properties that look something up stay as they are. */
export function ioWith(io: Io, facts: Partial<Io>): Io {
  const changed = Object.getOwnPropertyDescriptors(facts)
  return Object.defineProperties({} as Io, {...Object.getOwnPropertyDescriptors(io), ...changed})
}

/** The same input and output with signs of ASCII alone, in notes too. */
export function ioInAscii(io: Io): Io {
  const note: Io['note'] = (sentence, details) =>
    io.note(
      inSigns(sentence, true),
      details?.map(line => withText(line, text => inSigns(text, true))),
    )
  const noteStyle = {isAscii: true, width: io.noteStyle.width}
  return ioWith(io, {isAscii: true, noteStyle, note, status: line => io.status(inSigns(line, true))})
}

/**
 * Whether a descriptor is a terminal. The process's streams know, but opening one takes half as long as all else that a
 * short run does: they are asked only about character devices but /dev/null, not about files and pipes.
 */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  const stats = fstatSync(descriptor)
  if (!stats.isCharacterDevice()) return false
  if (stats.rdev === statSync('/dev/null', {throwIfNoEntry: false})?.rdev) return false
  return (descriptor === 0 ? process.stdin : descriptor === 1 ? process.stdout : process.stderr).isTTY
}
