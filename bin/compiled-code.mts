import {readdirSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {ownFolder, userFolder} from '../src/files/own-folder.js'

/** Bytes before the compiled code: size and time of the source, as doubles. */
const headerBytes = 16

/** Files of compiled code that are kept, of about 1 MB each: one for each command of an installation. */
const mostFiles = 32

/** A place for the compiled code of one program and command. */
export interface CompiledCode {
  /** What an earlier run has kept; undefined: nothing that fits the program's file. */
  readonly bytes: Buffer | undefined
  /** Keep compiled code for later runs. */
  readonly keep: (code: Buffer) => void
}

/**
 * The place in the user's cache for what a program compiles when it runs a command. Compiled code is executed without a
 * look at the source, so it is kept in a folder that only this user can write.
 * @param file absolute path of the program. @param word first word of the command line.
 * @param stats size and time of the program.
 * @returns undefined without such a folder: nothing is kept.
 */
export function compiledCodeOf(
  file: string,
  word: string,
  {size, mtimeMs}: Pick<Stats, 'size' | 'mtimeMs'>,
  env: NodeJS.ProcessEnv,
): CompiledCode | undefined {
  const cache = userFolder('cache', env)
  const folder = cache === undefined ? undefined : ownFolder(join(cache, 'compiled'))
  if (folder === undefined) return undefined
  const command = /^[a-z]+$/.test(word) ? word : ''
  const name = [basename(file, '.cjs'), command, hash(file), process.version, process.arch].join('-')
  const path = join(folder, `${name}.bin`)
  const header = Buffer.from(new Float64Array([size, mtimeMs]).buffer)
  return {
    bytes: read(path, header),
    keep(code) {
      write(path, Buffer.concat([header, code, code]))
      removeOldest(folder)
    },
  }
}

/** 32 bits of FNV-1a of a path, in hex: several installations of one user do not replace the code of each other. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return (value >>> 0).toString(16)
}

/**
 * Read the code. V8 does not check it: if some of it is damaged, the program crashes. So it is in the file twice, and
 * is taken if both are equal: what computes checksums in Node.js takes longer to load than a second copy to read.
 */
function read(path: string, header: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    const middle = (headerBytes + bytes.length) / 2
    const code = bytes.subarray(headerBytes, middle)
    return bytes.subarray(0, headerBytes).equals(header) && code.equals(bytes.subarray(middle)) ? code : undefined
  } catch {
    return undefined
  }
}

/**
 * Write a temporary file and rename it: another run may read the file at the same time, and another thread of this run
 * may write it. The module that knows the number of the thread is loaded here, as most runs write nothing.
 */
function write(path: string, bytes: Buffer): void {
  const {threadId} = process.getBuiltinModule('node:worker_threads')
  const temporary = `${path}.${process.pid}.${threadId}`
  try {
    writeFileSync(temporary, bytes, {flag: 'wx', mode: 0o600})
    renameSync(temporary, path)
  } catch {
    rmSync(temporary, {force: true})
  }
}

/** Other runs may remove the same files at the same time. */
function removeOldest(folder: string): void {
  const names = readdirSync(folder)
  if (names.length <= mostFiles) return
  const times = names.map(name => {
    const path = join(folder, name)
    return {path, time: statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0}
  })
  for (const {path} of times.sort((a, b) => b.time - a.time).slice(mostFiles)) rmSync(path, {force: true})
}
