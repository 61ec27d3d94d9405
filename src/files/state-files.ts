import {renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {readRegularFile} from './bounded-file.js'
import {ownFolder, userFolder} from './own-folder.js'

type Env = Readonly<Record<string, string | undefined>>

/** Most lines of a history, and characters of one. */
const [mostLines, mostCharacters] = [500, 4096]
const historyBytes = mostLines * (mostCharacters * 3 + 1)

/**
 * The folder of what is kept between runs, made if needed.
 * @returns undefined if no folder can be made that only this user can write.
 */
function stateFolder(env: Env): string | undefined {
  const folder = userFolder('state', env)
  return folder === undefined ? undefined : ownFolder(folder)
}

/** Write a file of mode 0600 that replaces the one before. @returns its path; undefined: it could not be written. */
export function writeStateFile(env: Env, name: string, text: string): string | undefined {
  const folder = stateFolder(env)
  if (folder === undefined) return undefined
  const path = join(folder, name)
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, text, {flag: 'w', mode: 0o600})
    renameSync(draft, path)
    return path
  } catch {
    return undefined
  }
}

/** Lines of a history, the latest first; empty if it does not exist. */
export function readHistory(env: Env, name: string): string[] {
  const folder = stateFolder(env)
  if (folder === undefined) return []
  try {
    return new TextDecoder()
      .decode(readRegularFile(join(folder, name), historyBytes))
      .split('\n')
      .filter(line => line !== '')
      .reverse()
  } catch {
    return []
  }
}

/** Add a line to a history; the same line from before is taken out. It is kept only if it can be. */
export function addToHistory(env: Env, name: string, line: string): void {
  if (line.includes('\n') || line.length > mostCharacters) return
  const others = readHistory(env, name).filter(each => each !== line)
  const lines = [line, ...others].slice(0, mostLines)
  writeStateFile(env, name, `${lines.reverse().join('\n')}\n`)
}
