import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {mkdtempSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import type * as program from '../../bin/program.mjs'
import {defaultColorLevel} from '../../src/terminal/color-level.js'
import {RecordedIo} from '../terminal/recorded-io.js'

const root = resolve('.')
export const runFile = resolve('bin/run.js')

/** What a run of the program left behind. */
export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** What stands at standard input; nothing if left out. */
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A folder for what a run writes where it was not told to. */
const home = mkdtempSync(join(tmpdir(), 'toxtcp-home-'))

/** The environment of a run: nothing of the one that the tests run in but where programs are. */
export const plainEnv: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  XDG_CACHE_HOME: join(home, 'cache'),
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
}

const built: typeof program = createRequire(import.meta.url)(resolve('dist/program/toxtcp.cjs'))

/**
 * Run toxtcp, as built, in this process. Its input and output are no terminal.
 * @param noteWidth columns at which notes and errors are wrapped; they are not by default, as in a pipe.
 */
export async function toxtcpHere(
  args: readonly string[],
  {input = '', env = {}, cwd, noteWidth = Number.POSITIVE_INFINITY}: RunOptions & {readonly noteWidth?: number} = {},
): Promise<Run> {
  const all = {...plainEnv, ...env}
  const recorded = new RecordedIo({
    stdin: [input],
    width: Number(all['COLUMNS'] ?? 80),
    colorLevel: defaultColorLevel(all, false),
    env: all,
    noteStyle: {width: noteWidth},
  })
  if (cwd !== undefined) process.chdir(cwd)
  try {
    const status = await built.run(args, root, recorded.io)
    return {status, stdout: recorded.stdout, stderr: recorded.stderr}
  } finally {
    process.chdir(root)
  }
}

/** Run toxtcp, as built, in a process of its own. */
export function toxtcp(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return run(process.execPath, [runFile, ...args], options)
}

/** Run a line of bash in which `toxtcp` is the built program. */
export function shell(line: string, options: RunOptions = {}): Promise<Run> {
  const prelude = `toxtcp() { '${process.execPath}' '${runFile}' "$@"; }; export -f toxtcp`
  return run('bash', ['-c', `${prelude}\n${line}`], options)
}

/**
 * Start toxtcp, as built, in a process of its own, whose input is the caller's to write.
 * @param done is called once it has ended.
 */
export function started(args: readonly string[], done: (run: Run) => void): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [runFile, ...args], {env: plainEnv})
  collect(child, done)
  return child
}

function run(file: string, args: readonly string[], {input = '', env = {}, cwd}: RunOptions): Promise<Run> {
  return new Promise((done, fail) => {
    const child = spawn(file, args, {env: {...plainEnv, ...env}, cwd})
    collect(child, done)
    child.on('error', fail)
    child.stdin.end(input)
  })
}

function collect(child: ChildProcessWithoutNullStreams, done: (run: Run) => void): void {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', part => stdout.push(part))
  child.stderr.on('data', part => stderr.push(part))
  child.on('close', status =>
    done({status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString()}),
  )
  // A program that needs no input may have ended before it is written.
  child.stdin.on('error', () => {})
}
