import {EventEmitter} from 'node:events'
import {readFileSync, statSync} from 'node:fs'
import {dirname, join, parse} from 'node:path'
import {Script} from 'node:vm'
import {newSpaceGrowth} from '../src/terminal/heap/new-space.js'
import {compiledCodeOf} from './compiled-code.mjs'

/** The programs in short/ by their commands: what is read and compiled is half of the whole program, or less. */
export const shortPrograms: ReadonlyMap<string, string> = new Map([
  ['decode', 'decode'],
  ['encode', 'encode'],
  ['explain', 'explain'],
  ['keys convert', 'keys'],
  ['keys log', 'keys'],
  ['keys make', 'keys'],
  ['keys show', 'keys'],
])

/** What a program exports to its loader. */
interface Loaded {
  /** Commands by oclif's ids; undefined: the program has those alone that it is loaded for. */
  readonly commands?: Readonly<Record<string, unknown>>
}

interface Module {
  exports: Loaded
}

/**
 * Load the program that has the command of a command line, with the code that an earlier run of the same command has
 * compiled: compiling takes about half of the time of a short run.
 * @param programs absolute path of the folder of the programs.
 * @param argv words after the program's name.
 * @param require loads the modules that are not in the program.
 * @returns what the module exports.
 */
export function load(programs: string, argv: readonly string[], require: NodeJS.Require): unknown {
  const [first = ''] = argv
  const word = first.startsWith('-') ? '' : first
  const file = join(programs, `${programOf(argv)}.cjs`)
  const module: Module = {exports: {}}
  // oclif loads this file again, by its name in package.json.
  Object.assign(require.cache, {[file]: Object.assign(module, {id: file, filename: file, loaded: true})})
  // A word that names no command will not be typed again.
  const run = () => runCompiled(file, module, word, require, () => word === '' || has(module.exports, word))
  if (isShort(file)) withoutStream(run)
  else run()
  return module.exports
}

/** Whether a program is one of those that write nothing to the stream of standard output. */
const isShort = (file: string): boolean => [...shortPrograms.values()].includes(parse(file).name)

/**
 * Load a program that writes nothing to the stream of standard output. oclif listens for errors of the stream as soon
 * as it is loaded, and to open the stream takes a tenth of a short run.
 */
function withoutStream(loadProgram: () => void): void {
  const stream = Object.getOwnPropertyDescriptor(process, 'stdout')!
  Object.defineProperty(process, 'stdout', {...stream, get: () => new EventEmitter()})
  try {
    loadProgram()
  } finally {
    Object.defineProperty(process, 'stdout', stream)
  }
}

/**
 * Run the module that a thread begins with, with the code that a thread of an earlier run has compiled.
 * @param file absolute path of the module. @param require loads the modules that are not in it.
 */
export function loadThread(file: string, require: NodeJS.Require): void {
  // Loaded here, as it loads streams, which a short run does not need.
  process.getBuiltinModule('node:v8').setFlagsFromString(newSpaceGrowth(1))
  runCompiled(file, {exports: {}}, '', require, () => true)
}

/** Run a module, and keep its compiled code at the end of this process or thread if an earlier one has kept none. */
function runCompiled(
  file: string,
  module: Module,
  word: string,
  require: NodeJS.Require,
  isWorthKeeping: () => boolean,
): void {
  const compiled = compiledCodeOf(file, word, statSync(file), process.env)
  const script = new Script(functionOf(file), {
    filename: file,
    ...(compiled?.bytes && {cachedData: compiled.bytes}),
  })
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  if (compiled && (compiled.bytes === undefined || script.cachedDataRejected))
    process.once('exit', status => {
      // After a mistake, little of what a run needs is compiled.
      if (status === 0 && isWorthKeeping()) compiled.keep(script.createCachedData())
    })
}

/** A short program, or the whole one, which also has the help. */
function programOf(argv: readonly string[]): string {
  const [word = '', second = ''] = argv
  if (argv.includes('--help') || argv.includes('-h')) return 'toxtcp'
  return shortPrograms.get(word) ?? shortPrograms.get(`${word} ${second}`) ?? 'toxtcp'
}

const has = ({commands}: Loaded, word: string): boolean =>
  commands === undefined || Object.keys(commands).some(id => id.split(':')[0] === word)

/** The text of a module, in a function. The build writes ASCII, and reading it as Latin-1 is faster than as UTF-8. */
const functionOf = (file: string): string =>
  `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`
