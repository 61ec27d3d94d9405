import {spawn} from 'node:child_process'
import {closeSync} from 'node:fs'
import {constants} from 'node:os'
import {delimiter, join, resolve} from 'node:path'
import {headOf} from '../../files/bounded-file.js'
import {fileError} from '../../files/errors/file-error.js'
import {isElfWithoutInterpreter} from '../../files/keys/elf.js'
import {keyLogger} from '../../files/keys/key-logger.js'
import {keyLoggerSource} from '../../files/keys/key-logger-source.js'
import {keyLogVariable} from '../../files/keys/load-keys.js'
import {LoggedKeys} from '../../files/keys/logged-keys.js'
import {openForAppending} from '../../files/output-file.js'
import type {Io} from '../../terminal/io.js'
import {onSignals} from '../../terminal/signals.js'
import {exactLines} from '../../wire/advice.js'
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

/** Time from a program's first connection in which a key is expected: c-toxcore works one out before it connects. */
const keySeconds = 10
const lookMilliseconds = 1000

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
    throw new InputError('no program is given', exactLines('toxtcp keys log --out keys.log -- toxic'), 'bad-option')
  if (process.platform !== 'linux')
    throw new InputError(
      `keys log works on Linux only, and this is ${process.platform}`,
      'toxtcp keys log --print-source prints the C source',
    )
  const out = resolve(options.out ?? (io.env[keyLogVariable] || usualLog))
  checkIsDynamic(program, io.env)
  const logger = keyLogger(io.env)
  try {
    const logged = logOf(out)
    io.note(`keys of ${program} go to ${out}`)
    const watch = watchConnection(logged, () => reportUnused(program, io))
    const status = await run(program, args, {
      ...process.env,
      LD_PRELOAD: [logger.path, io.env['LD_PRELOAD']].filter(Boolean).join(' '),
      [keyLogVariable]: out,
      ...(options.secrets && {TOXTCP_KEYLOG_SECRETS: '1'}),
    }).finally(() => clearInterval(watch))
    logged.look()
    report(program, logged, io)
    return status
  } finally {
    logger.remove()
  }
}

/** Create the log, or check it. @throws InputError for a file that others can read. */
function logOf(out: string): LoggedKeys {
  try {
    closeSync(openForAppending(out))
    return new LoggedKeys(out)
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error, 'write', out)
  }
}

/** A static program loads no library. @throws InputError also where there is no program. */
function checkIsDynamic(program: string, env: Io['env']): void {
  const folders = program.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter)
  for (const folder of folders) {
    const head = headOf(folder === '' ? program : join(folder, program), headBytes)
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
    exactLines('toxtcp keys log --out keys.log -- toxic'),
    'no-such-file',
  )
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

/**
 * Look at the log while the program runs.
 * @param report called once if there is no key some time after the first connection.
 */
function watchConnection(logged: LoggedKeys, report: () => void): NodeJS.Timeout {
  let looks = 0
  const watch = setInterval(() => {
    logged.look()
    if (logged.isConnected) looks++
    const isLate = looks > (keySeconds * 1000) / lookMilliseconds
    if (logged.hasKeys || isLate) clearInterval(watch)
    if (!logged.hasKeys && isLate) report()
  }, lookMilliseconds)
  return watch
}

function reportUnused(program: string, io: Io): void {
  io.note(`${program} has connected and logged no key: it does not use libsodium as a shared library`)
  io.note('a build that does, as those of Debian do, logs keys')
}

function report(program: string, {isLoaded, isConnected, hasKeys}: LoggedKeys, io: Io): void {
  if (hasKeys) return
  if (!isLoaded) {
    io.note(`the key logger was not loaded into ${program}`)
    io.note('a program that runs with the rights of another user, or in a container of its own, loads no library')
  } else if (isConnected) reportUnused(program, io)
  else io.note(`${program} logged no key: it made no TCP connection`)
}
