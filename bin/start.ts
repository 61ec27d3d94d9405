import {fileURLToPath} from 'node:url'
import type {Command} from '@oclif/core/command'
import {flush, isBrokenPipe} from '../src/actions/io.js'
import {type CommandName, findCommand, isTopic, leadingWords, pluginCommands, unknownCommand} from './command-name.js'
import {commands} from './commands.js'
import {failureOf, failureText} from './failure.js'

const helpFlags = ['--help', '-h']
const versionFlags = ['--version', '-v']

type Config = ConstructorParameters<typeof Command>[1]
type CommandClass = new (argv: string[], config: Config) => {run(): Promise<void>}

/**
 * All of oclif's configuration that a command reads while it parses its flags. To load the whole one takes longer than a short run,
 * so that is left to help, completion and the like.
 */
const leanConfig = {bin: 'toxtcp', runHook: async () => ({successes: [], failures: []})} as Pick<Config, 'bin' | 'runHook'> as Config

/**
 * Run one command line and end the process: with 0 if all is fine, 1 for a verdict that is not good, 2 for the user's mistake, 3 for ours.
 * @param argv words after the program's name.
 * @param root folder of package.json.
 */
export async function start(argv: readonly string[], root: URL): Promise<void> {
  process.stdout.on('error', error => {
    if (isBrokenPipe(error)) process.exit(0)
    void fail(error, argv)
  })
  process.on('SIGINT', () => end(130))
  process.on('uncaughtException', error => fail(error, argv))
  try {
    await run(argv, root)
    await end(0)
  } catch (error) {
    await fail(error, argv)
  }
}

async function run(argv: readonly string[], root: URL): Promise<void> {
  const words = leadingWords(argv)
  const name = findCommand(words)
  const asksHelp = flagWords(argv).some(word => helpFlags.includes(word))
  if (name !== undefined && !asksHelp) return runCommand(name, argv.slice(name.split(' ').length))
  const isOclifs = words.length === 0 ? argv.length === 0 || asksHelp || versionFlags.includes(argv[0]!) : pluginCommands.includes(words[0]!)
  if (name === undefined && !isOclifs && !isTopic(words)) throw unknownCommand(words, argv)
  const {run: runOclif} = await import('@oclif/core/run')
  await runOclif([...argv], {root: fileURLToPath(root), userPlugins: false, devPlugins: false})
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

async function fail(error: unknown, argv: readonly string[]): Promise<void> {
  const failure = failureOf(error, argv)
  flush()
  process.stderr.write(failureText(failure))
  if (process.env['DEBUG'] && error instanceof Error && failure.sentence !== undefined) process.stderr.write(`${error.stack}\n`)
  await end(failure.status)
}

/** What went into a pipe may still be on its way; and an input that is open would keep the process. */
async function end(status: number): Promise<void> {
  flush()
  if (process.stdout.writableLength > 0) await new Promise(resolve => process.stdout.write('', resolve))
  process.exit(status)
}
