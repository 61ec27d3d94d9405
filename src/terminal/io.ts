import {fstatSync, writeSync} from 'node:fs'
import {fileError} from '../files/file-error.js'
import {type ColorLevel, defaultColorLevel} from './color-level.js'

/** The process as actions see it. */
export interface Io {
  /** Results. Whole lines, if it is lines. */
  readonly stdout: (text: string) => void
  /** Notes and progress; only to a terminal, but for what the user must know. */
  readonly stderr: (text: string) => void
  /** Opened when first read. */
  readonly stdin: AsyncIterable<Buffer>
  readonly isInputTerminal: boolean
  readonly isOutputTerminal: boolean
  readonly isErrorTerminal: boolean
  /** Columns to fit text into: the terminal's; COLUMNS, or 80, where there is none. */
  readonly width: number
  /** Before --color and --no-color. */
  readonly colorLevel: ColorLevel
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Characters of output that are kept back until the next turn of the event loop, at most about so many. */
const bufferedCharacters = 65_536

/** Fewest columns that text is fitted into: in less nothing can be read, and some terminals report 0. */
const fewestColumns = 20

/** Milliseconds before a full pipe is tried again. */
const retryMilliseconds = 5

let pending = ''

/** The one of this process. */
export function processIo(): Io {
  const {env} = process
  const isOutputTerminal = isTerminal(1)
  const columns = (isOutputTerminal && process.stdout.columns) || Number(env['COLUMNS']) || 80
  return {
    stdout: buffer,
    stderr: text => {
      flush()
      write(2, text)
    },
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
    width: Math.max(fewestColumns, Math.floor(columns)),
    colorLevel: defaultColorLevel(env, isOutputTerminal),
    env,
  }
}

/**
 * The process's own streams know, but they take half as long to open as all else that a short run does: files and pipes
 * are not asked.
 */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  if (!fstatSync(descriptor).isCharacterDevice()) return false
  return (descriptor === 0 ? process.stdin : descriptor === 1 ? process.stdout : process.stderr).isTTY
}

/**
 * One system call a line is what makes a long list slow; a line of a live stream must still be out before the next one
 * is waited for.
 */
function buffer(text: string): void {
  if (pending === '') setImmediate(flush)
  pending += text
  if (pending.length >= bufferedCharacters) flush()
}

/**
 * Write what is pending.
 * @throws InputError if there is no room for it.
 */
export function flush(): void {
  const text = pending
  pending = ''
  write(1, text)
}

/** If nobody reads results any more (`| head`), the process ends here: nothing that it could still do would be seen. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMilliseconds)
      else if (descriptor === 2) return
      else if (codeOf(error) === 'EPIPE') process.exit(0)
      else throw fileError(error, 'write', 'the output')
    }
  }
}

/** Of an error of the system. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
