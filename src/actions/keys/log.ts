import {spawn} from 'node:child_process'
import {closeSync, openSync, readSync, statSync} from 'node:fs'
import {constants} from 'node:os'
import {delimiter, join, resolve} from 'node:path'
import {fileError} from '../../files/file-error.js'
import {isElfWithoutInterpreter} from '../../files/keys/elf.js'
import {keyLogger} from '../../files/keys/key-logger.js'
import {keyLoggerSource} from '../../files/keys/key-logger-source.js'
import {keyLogVariable} from '../../files/keys/load-keys.js'
import {openForAppending} from '../../files/output-file.js'
import type {Io} from '../../terminal/io.js'
import {onSignals} from '../../terminal/signals.js'
import {InputError} from '../../wire/input-error.js'

export interface KeysLogOptions {
  /** The key log; undefined: what TOXTCP_KEYLOG names, else `tox-keys.log`. */
  readonly out?: string | undefined
  /** Also log secret keys. */
  readonly secrets: boolean
  /** Print the C source and do nothing else. */
  readonly printSource: boolean
  /** The program and its arguments. */
  readonly command: readonly string[]
}

const usualLog = 'tox-keys.log'

/** What the key logger writes when it is loaded. */
const loadedMark = '# key logger in process '

/** Bytes of a program's file that are looked at: enough for an ELF header and its program headers. */
const headBytes = 64 * 1024

/**
 * `toxtcp keys log`: run a program with the key logger.
 * @returns the program's exit status, or 128 and the number of the signal that ended it.
 * @throws InputError
 */
export async function keysLog(options: KeysLogOptions, io: Io): Promise<number> {
  if (options.printSource) {
    io.stdout(keyLoggerSource)
    return 0
  }
  const [program, ...args] = options.command
  if (program === undefined)
    throw new InputError('no program is given', 'toxtcp keys log --out keys.log -- toxic', 'bad-option')
  if (process.platform !== 'linux')
    throw new InputError(
      `keys log works on Linux only, and this is ${process.platform}`,
      'toxtcp keys log --print-source prints the C source',
    )
  const out = resolve(options.out ?? (io.env[keyLogVariable] || usualLog))
  checkIsDynamic(program, io.env)
  const logger = keyLogger(io.env)
  try {
    const before = sizeOf(out)
    io.note(`keys of ${program} go to ${out}`)
    const status = await run(program, args, {
      ...process.env,
      LD_PRELOAD: [logger.path, io.env['LD_PRELOAD']].filter(Boolean).join(' '),
      [keyLogVariable]: out,
      ...(options.secrets && {TOXTCP_KEYLOG_SECRETS: '1'}),
    })
    report(program, linesSince(out, before), io)
    return status
  } finally {
    logger.remove()
  }
}

/** Create the log, or check it. @returns its size. @throws InputError for a file that others can read. */
function sizeOf(out: string): number {
  try {
    closeSync(openForAppending(out))
    return statSync(out).size
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'write', out)
  }
}

/** A static program loads no library. @throws InputError also where there is no program. */
function checkIsDynamic(program: string, env: Io['env']): void {
  const folders = program.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter)
  for (const folder of folders) {
    const head = headOf(folder === '' ? program : join(folder, program))
    if (!head) continue
    if (isElfWithoutInterpreter(head))
      throw new InputError(
        `${program} is a static program: nothing can be loaded into it`,
        'use a build that is linked dynamically, as those of Debian are',
      )
    return
  }
  throw new InputError(
    `cannot run ${program}: there is no such file${program.includes('/') ? '' : ' in the folders of PATH'}`,
    'toxtcp keys log --out keys.log -- toxic',
    'no-such-file',
  )
}

function headOf(path: string): Uint8Array | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      const head = new Uint8Array(headBytes)
      return head.subarray(0, readSync(file, head, 0, headBytes, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, args, {stdio: 'inherit', env})
  // Ctrl-C reaches the program by itself; what is sent to this process alone is passed on.
  onSignals(signal => {
    if (signal !== 'SIGINT') child.kill(signal)
  })
  return new Promise((done, failed) => {
    child.once('error', error => failed(fileError(error, 'run', program)))
    child.once('exit', (status, signal) => done(status ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/** What was appended to the log, without what has no room in memory. */
function linesSince(out: string, before: number): readonly string[] {
  const file = openSync(out, 'r')
  try {
    const bytes = Buffer.alloc(Math.min(headBytes, Math.max(0, statSync(out).size - before)))
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, before)).split('\n')
  } finally {
    closeSync(file)
  }
}

function report(program: string, lines: readonly string[], io: Io): void {
  if (!lines.some(line => line.startsWith(loadedMark))) {
    io.note(`the key logger was not loaded into ${program}`)
    io.note('a program that runs with the rights of another user, or in a container of its own, loads no library')
  } else if (!lines.some(line => line.startsWith('TOX_'))) {
    io.note(`${program} logged no key: it never connected, or libsodium is linked into it`)
    io.note('a build that uses libsodium as a shared library logs keys')
  }
}
