import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type * as Interfaces from '@oclif/core/interfaces'
import {run as runOclif} from '@oclif/core/run'
import {measuredVersions} from '../../expert/measured.js'
import {type Io, processIo} from '../../terminal/io.js'
import {asRun, currentIo} from './current-run.js'
import {report} from './failure.js'
import {type Commands, OwnPlugin} from './own-plugin.js'

/** A program and where it is. */
export interface Program {
  /** Folder of package.json and oclif.manifest.json. */
  readonly root: string
  /** The module that exports what oclif needs, as package.json names it. */
  readonly file: string
  readonly commands: Commands
}

/** The program that package.json names. */
export const packagedFile = './dist/program/toxtcp.cjs'

/**
 * Run one command line. Errors are reported on the standard error of io.
 * @param argv words after the program's name.
 * @param io standard input and output; those of the process if not given. Text of oclif's own commands (version,
 * completion) always goes to the process.
 * @returns the exit status.
 */
export function run(argv: readonly string[], program: Program, io?: Io): Promise<number> {
  return asRun(argv, io ?? processIo(), () => runHere(argv, program))
}

/** Takes oclif's messages about itself. The package that prints them if DEBUG is set takes long to load. */
const quietLogger: Interfaces.Logger = {
  namespace: 'oclif',
  debug() {},
  error() {},
  info() {},
  trace() {},
  warn() {},
  child: () => quietLogger,
}

async function runHere(argv: readonly string[], {root, file, commands}: Program): Promise<number> {
  try {
    const pjson = readPackage(root, file)
    if (isVersion(argv)) {
      currentIo().stdout(versionText(pjson))
      return 0
    }
    const status = await runOclif([...argv], {
      root,
      pjson,
      plugins: isOneOf(commands, argv) ? new Map([[pjson.name, new OwnPlugin(root, pjson, commands)]]) : undefined,
      userPlugins: false,
      devPlugins: false,
      logger: currentIo().env['DEBUG'] ? undefined : quietLogger,
    })
    return typeof status === 'number' ? status : 0
  } catch (error) {
    return report(error, argv, currentIo())
  }
}

const isVersion = (argv: readonly string[]): boolean => argv.length === 1 && /^(?:--version|-v)$/.test(argv[0]!)

/** What a bug report needs: this program, the machine, and what the findings were measured with. */
function versionText({name, version, dependencies = {}}: Interfaces.PJSON): string {
  const measured = Object.entries(measuredVersions).map(([implementation, of]) => `${implementation} ${of.join(', ')}`)
  return [
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`,
    `libsodium-wrappers ${dependencies['libsodium-wrappers']}`,
    `measured with ${measured.join('; ')}`,
    '',
  ].join('\n')
}

/** Whether the first word is a command, or a topic, of this package: these need none of the plugins. */
function isOneOf(commands: Commands, [first]: readonly string[]): boolean {
  return Object.keys(commands).some(id => id.split(':')[0] === first)
}

/** The contents of package.json, with the file that runs in place of the one that is packed. */
const readPackage = (root: string, file: string): Interfaces.PJSON =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8').replaceAll(packagedFile, file))
