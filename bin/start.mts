import type {Command} from '@oclif/core/command'
import {fileError} from '../src/files/file-error.js'
import {hideKeys, withoutKeys} from '../src/terminal/hidden-keys.js'
import {flush, processIo} from '../src/terminal/io.js'
import {codeOf} from '../src/terminal/user-output.js'
import {type CommandName, findCommand, isTopic, leadingWords, pluginCommands, unknownCommand} from './command-name.mjs'
import {commands} from './commands.mjs'
import {failureOf} from './failure.mjs'

const helpFlags = ['--help', '-h']
const versionFlags = ['--version', '-v']

type Config = ConstructorParameters<typeof Command>[1]
type CommandClass = new (argv: string[], config: Config) => {run(): Promise<void>}

/**
 * All of oclif's configuration that a command reads while it parses its flags. To load the whole one takes longer than
 * a short run, so that is left to help, completion and the like.
 */
const leanConfig = {bin: 'toxtcp', runHook: async () => ({successes: [], failures: []})} as Pick<
  Config,
  'bin' | 'runHook'
> as Config

/**
 * Run one command line and end the process: with 0 if all is fine, 1 for a verdict that is not good, 2 for the user's
 * mistake, 3 for ours.
 * @param argv words after the program's name.
 * @param root folder of package.json.
 */
export async function start(argv: readonly string[], root: string): Promise<void> {
  // An action that ends by itself listens as well.
  process.on('SIGINT', () => process.listenerCount('SIGINT') === 1 && end(130))
  process.on('uncaughtException', error => fail(error, argv))
  try {
    await run(argv, root)
    end(0)
  } catch (error) {
    fail(error, argv)
  }
}

async function run(argv: readonly string[], root: string): Promise<void> {
  const words = leadingWords(argv)
  const name = findCommand(words)
  const asksHelp = flagWords(argv).some(word => helpFlags.includes(word))
  if (name !== undefined && !asksHelp) return runCommand(name, argv.slice(name.split(' ').length))
  const isOclifs =
    words.length === 0
      ? argv.length === 0 || asksHelp || versionFlags.includes(argv[0]!)
      : pluginCommands.includes(words[0]!)
  if (name === undefined && !isOclifs && !isTopic(words)) throw unknownCommand(words, argv)
  await runOclif(argv, root)
}

/** Help, completion and the version. */
async function runOclif(argv: readonly string[], root: string): Promise<void> {
  process.stdout.on('error', error => {
    if (codeOf(error) === 'EPIPE') process.exit(0)
    throw fileError(error, 'write', 'the output')
  })
  const oclif = await import('@oclif/core/run')
  await oclif.run([...argv], {root, userPlugins: false, devPlugins: false})
  if (process.stdout.writableLength > 0) await new Promise(resolve => process.stdout.write('', resolve))
}

async function runCommand(name: CommandName, argv: string[]): Promise<void> {
  const {default: Class}: {default: CommandClass} = await commands[name]()
  await new Class(argv, leanConfig).run()
}

/** Words that may be flags. */
function flagWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}

function fail(error: unknown, argv: readonly string[]): never {
  const failure = withoutKeys(failureOf(error, argv), argv)
  if (failure.sentence !== undefined) {
    const stack = process.env['DEBUG'] && error instanceof Error ? hideKeys(error.stack ?? '') : undefined
    const details = [failure.hint, stack].filter(text => text !== undefined)
    processIo().note(`toxtcp: ${failure.sentence}`, details.length > 0 ? details.join('\n') : undefined)
  }
  return end(failure.status)
}

/** Whatever is still open, as an input that would keep the process, is left. */
function end(status: number): never {
  flush()
  process.exit(status)
}
