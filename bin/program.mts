import {report} from '../src/commands/failure.js'
import {run} from '../src/commands/run.js'
import {codeOf, fileError} from '../src/files/file-error.js'
import {flush, processIo} from '../src/terminal/io.js'

// What package.json names for oclif.
export {commandNotFound} from '../src/commands/command-not-found.js'
export {ToxtcpHelp} from '../src/commands/help.js'
export {commands} from '../src/commands/table.js'
export {run}

/**
 * Run one command line and end the process: with 0 if all is fine, 1 for a verdict that is not good, 2 for the user's
 * mistake, 3 for a bug.
 * @param argv words after the program's name.
 * @param root folder of package.json.
 * @param pjson contents that replace those of package.json.
 */
export async function start(argv: readonly string[], root: string, pjson?: Parameters<typeof run>[1]['pjson']) {
  // An action that ends by itself listens as well.
  process.on('SIGINT', () => process.listenerCount('SIGINT') === 1 && end(130))
  process.on('uncaughtException', error => end(report(error, argv, processIo())))
  // Help is written by oclif, to the stream.
  process.stdout.prependListener('error', error => {
    if (codeOf(error) === 'EPIPE') process.exit(0)
    throw fileError(error, 'write', 'the output')
  })
  const status = await run(argv, {root, pjson})
  if (process.stdout.writableLength > 0) await new Promise(resolve => process.stdout.write('', resolve))
  end(status)
}

/** End the process, whatever is still open: an input would keep it running. */
function end(status: number): never {
  flush()
  process.exit(status)
}
