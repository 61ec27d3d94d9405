import {AsyncLocalStorage} from 'node:async_hooks'
import {type Io, processIo} from '../../terminal/io.js'

const injected = new AsyncLocalStorage<Io>()

/** The input and output of the command that runs: what withIo() was given, else those of the process. */
export const currentIo = (): Io => injected.getStore() ?? processIo()

/** Run an action, and all that it waits for, with an input and output of its own. */
export const withIo = <Result>(io: Io, action: () => Promise<Result>): Promise<Result> => injected.run(io, action)
