import type {Io} from '../../src/terminal/io.js'
import {isUtf8} from '../../src/terminal/locale.js'
import {userOutput} from '../../src/terminal/user-output.js'

/** An Io for actions that run in this process, through the program's own escapes, and what was written to it. */
export class RecordedIo {
  stdout = ''
  stderr = ''
  readonly io: Io

  /**
   * @param stdin pieces of standard input.
   * @param facts what differs from a run without a terminal, 80 columns wide.
   * @param written called after each write.
   */
  constructor({
    stdin = [],
    written = () => {},
    noteStyle: givenStyle,
    ...facts
  }: Partial<Omit<Io, 'stdin' | 'noteStyle'>> & {
    readonly noteStyle?: Partial<Io['noteStyle']>
    readonly stdin?: readonly (string | Uint8Array)[]
    readonly written?: () => void
  } = {}) {
    const isAscii = !isUtf8(facts.env ?? {})
    const noteStyle = {isAscii, width: Number.POSITIVE_INFINITY, ...givenStyle}
    const sinks = {
      out: (text: string): boolean => {
        this.stdout += text
        written()
        return true
      },
      error: (text: string): void => {
        this.stderr += text
        written()
      },
    }
    this.io = {
      ...userOutput(sinks, noteStyle),
      noteStyle,
      stdin: piecesOf(stdin),
      isInputTerminal: false,
      isOutputTerminal: false,
      isErrorTerminal: false,
      width: 80,
      isAscii,
      colorLevel: 0,
      env: {},
      ...facts,
    }
  }
}

async function* piecesOf(pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece)
}
