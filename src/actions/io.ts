import {isatty} from 'node:tty'
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

/** Bytes of output that are kept back until the next turn of the event loop, at most about so many characters. */
const bufferedCharacters = 65_536

/** Fewest columns that text is fitted into: in less nothing can be read, and some terminals report 0. */
const fewestColumns = 20

let pending = ''

/** The one of this process. */
export function processIo(): Io {
  const {env, stdout} = process
  const isOutputTerminal = isatty(1)
  const columns = (isOutputTerminal && stdout.columns) || Number(env['COLUMNS']) || 80
  return {
    stdout: buffer,
    stderr: text => {
      flush()
      process.stderr.write(text)
    },
    get stdin() {
      return process.stdin
    },
    isInputTerminal: isatty(0),
    isOutputTerminal,
    isErrorTerminal: isatty(2),
    width: Math.max(fewestColumns, Math.floor(columns)),
    colorLevel: defaultColorLevel(env, isOutputTerminal),
    env,
  }
}

/** One system call a line is what makes a long list slow; a line of a live stream must still be out before the next one is waited for. */
function buffer(text: string): void {
  if (pending === '') setImmediate(flush)
  pending += text
  if (pending.length >= bufferedCharacters) flush()
}

/** Write what is pending. If nobody reads any more (`| head`), the process ends here: nothing that it could still do would be seen. */
export function flush(): void {
  if (pending === '') return
  const text = pending
  pending = ''
  process.stdout.write(text)
  if (isBrokenPipe(process.stdout.errored)) process.exit(0)
}

/** Whether a stream failed because its reader went away. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
