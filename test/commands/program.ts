import {spawn} from 'node:child_process'
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

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

/** Run toxtcp, as built, with arguments. */
export function toxtcp(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return run(process.execPath, [runFile, ...args], options)
}

/** Run a line of bash in which `toxtcp` is the built program. */
export function shell(line: string, options: RunOptions = {}): Promise<Run> {
  const prelude = `toxtcp() { '${process.execPath}' '${runFile}' "$@"; }; export -f toxtcp`
  return run('bash', ['-c', `${prelude}\n${line}`], options)
}

function run(file: string, args: readonly string[], {input = '', env = {}, cwd}: RunOptions): Promise<Run> {
  return new Promise((done, fail) => {
    const child = spawn(file, args, {env: {...plainEnv, ...env}, cwd})
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', part => stdout.push(part))
    child.stderr.on('data', part => stderr.push(part))
    child.on('error', fail)
    child.on('close', status =>
      done({status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString()}),
    )
    // A program that needs no input may have ended before it is written.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
