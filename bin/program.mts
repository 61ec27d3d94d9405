import {type Program, packagedFile, run as runProgram} from '../src/commands/program/run.js'
import {commands} from '../src/commands/program/table.js'
import {growHeapSlowly} from '../src/terminal/heap/grow-slowly.js'
import type {Io} from '../src/terminal/io.js'
import {startWithStream} from './start.mjs'

// What package.json names for oclif.
export {commandNotFound} from '../src/commands/program/command-not-found.js'
export {ToxtcpHelp} from '../src/commands/program/help.js'
export {commands}

const program = (root: string, file = packagedFile): Program => ({root, file, commands})

/** Run a command line in this process, on input and output of the caller's. @returns the exit status. */
export const run = (argv: readonly string[], root: string, io: Io): Promise<number> =>
  runProgram(argv, program(root), io)

/** Run a command line and end the process. @param root folder of package.json. @param file this module. */
export function start(argv: readonly string[], root: string, file?: string): Promise<never> {
  growHeapSlowly()
  return startWithStream(argv, program(root, file))
}
