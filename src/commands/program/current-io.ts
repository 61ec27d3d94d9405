import {AsyncLocalStorage} from 'node:async_hooks'
import {type Io, processIo} from '../../terminal/io.js'

const run = new AsyncLocalStorage<{io: Io}>()

/** The input and output of the command that runs: what withIo() was given, else those of the process. */
export const currentIo = (): Io => run.getStore()?.io ?? processIo()

/** Run an action, and all that it waits for, with an input and output of its own. */
export const withIo = <Result>(io: Io, action: () => Promise<Result>): Promise<Result> => run.run({io}, action)

/** Let the command that runs go on with another input and output, as its flags demand. */
export function changeIo(io: Io): void {
  const current = run.getStore()
  if (current) current.io = io
}
