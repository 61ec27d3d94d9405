import {report} from '../src/commands/program/failure.js'
import {type Program, run} from '../src/commands/program/run.js'
import {codeOf, fileError} from '../src/files/errors/file-error.js'
import {flush, processIo} from '../src/terminal/io.js'

/** Signals that ask a program to end, and their numbers. */
const endingSignals = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

/**
 * Run one command line and end the process: with 0 if all is fine, 1 for a verdict that is not good, 2 for the user's
 * mistake, 3 for a bug.
 * @param argv words after the program's name. @param isWritten waits until what is in a stream has been written.
 */
export async function startProgram(
  argv: readonly string[],
  program: Program,
  isWritten: () => Promise<void> = async () => {},
): Promise<never> {
  // An action that ends by itself listens as well.
  for (const [signal, number] of endingSignals)
    process.on(signal, () => process.listenerCount(signal) === 1 && end(128 + number))
  process.on('uncaughtException', error => end(report(error, argv, processIo())))
  // A theme would be read from a file of oclif's that nothing here uses.
  process.env['TOXTCP_DISABLE_THEME'] = '1'
  const status = await run(argv, program)
  await isWritten()
  return end(status)
}

/**
 * Run a command line as startProgram() does, where something may write to the stream of standard output, as oclif's own
 * commands do: to open the stream takes as long as a short command.
 */
export function startWithStream(argv: readonly string[], program: Program): Promise<never> {
  process.stdout.prependListener('error', error => {
    if (codeOf(error) === 'EPIPE') process.exit(0)
    throw fileError(error, 'write', 'the output')
  })
  return startProgram(argv, program, async () => {
    if (process.stdout.writableLength > 0) await new Promise(resolve => process.stdout.write('', resolve))
  })
}

/** End the process, whatever is still open: an input would keep it running. */
function end(status: number): never {
  flush()
  process.exit(status)
}
