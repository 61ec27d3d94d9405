import {AsyncLocalStorage} from 'node:async_hooks'
import {type Io, processIo} from '../../terminal/io.js'

/** One command line that runs: its words, its input and output. */
interface Run {
  readonly words: readonly string[]
  io: Io
}

const run = new AsyncLocalStorage<Run>()

/** The input and output of the command that runs: what asRun() was given, else those of the process. */
export const currentIo = (): Io => run.getStore()?.io ?? processIo()

/** The words after the program's name, as they were typed. */
export const currentWords = (): readonly string[] => run.getStore()?.words ?? []

/** Run an action, and all that it waits for, as a command line with an input and output of its own. */
export const asRun = <Result>(words: readonly string[], io: Io, action: () => Promise<Result>): Promise<Result> =>
  run.run({words, io}, action)

/** Let the command that runs go on with another input and output, as its flags demand. */
export function changeIo(io: Io): void {
  const current = run.getStore()
  if (current) current.io = io
}
