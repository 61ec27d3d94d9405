import type {Commands} from '../src/commands/program/own-plugin.js'
import {packagedFile} from '../src/commands/program/run.js'
import {startProgram} from './start.mjs'

/**
 * The start of a program of few commands, which reads no help: a command line that asks for help is run by the whole
 * program. Each module in short/ is such a program, named after the first word of its commands.
 * @returns runs a command line and ends the process, given the folder of package.json.
 */
export const starting =
  (commands: Commands) =>
  (argv: readonly string[], root: string): Promise<never> =>
    startProgram(argv, {root, file: packagedFile, commands})
