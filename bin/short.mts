import {shortCommands} from '../src/commands/program/short-table.js'
import {startProgram} from './start.mjs'

// What package.json names for oclif.
export {commandNotFound} from '../src/commands/program/command-not-found.js'
export {ToxtcpHelp} from '../src/commands/program/help.js'
export {shortCommands as commands} from '../src/commands/program/short-table.js'

/** Run a command line of a short command and end the process. @param root folder of package.json. */
export const start = (argv: readonly string[], root: string): Promise<never> =>
  startProgram(argv, {root, file: './dist/program/short.cjs', commands: shortCommands})
