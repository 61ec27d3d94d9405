import {lstatSync, mkdirSync, realpathSync, type Stats} from 'node:fs'
import {dirname, isAbsolute, join} from 'node:path'

/** Permission bits that let the group or everybody write. */
const writableByOthers = 0o022

/** Mode bit of a folder in which everybody may only rename and remove what is their own. */
const sticky = 0o1000

/** Folders of a user by what they are for: the variable that names one, and its place in the home folder without it. */
const userFolders = {
  // Files that toxtcp can make again.
  cache: ['XDG_CACHE_HOME', '.cache'],
  // What is kept between runs.
  state: ['XDG_STATE_HOME', '.local/state'],
  config: ['XDG_CONFIG_HOME', '.config'],
} as const

/**
 * The folder `toxtcp` in one of the user's folders, as the XDG Base Directory Specification places them.
 * @returns undefined if neither the folder's variable nor HOME is an absolute path.
 */
export function userFolder(
  kind: keyof typeof userFolders,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const [variable, place] = userFolders[kind]
  const [named, home] = [env[variable], env['HOME']]
  if (named !== undefined && isAbsolute(named)) return join(named, 'toxtcp')
  return home !== undefined && isAbsolute(home) ? join(home, place, 'toxtcp') : undefined
}

/**
 * A folder that only this user can write, created with mode 0700 if it does not exist. What is read from it may be run:
 * no other user can have put it there.
 * @returns the path without symbolic links. undefined if somebody else owns the folder, if the group or everybody can
 * write it, if it is a symbolic link or not a folder, if one of the folders above lets others replace it, if it cannot
 * be created, or if the system has no owners of files (Windows).
 */
export function ownFolder(path: string): string | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  try {
    const above = madeFolder(dirname(path), user)
    if (above === undefined) return undefined
    const folder = join(above, path.slice(dirname(path).length))
    mkdirIfMissing(folder)
    return isOwn(lstatSync(folder), user) ? folder : undefined
  } catch {
    return undefined
  }
}

/** The real path of a folder, created with its parents where it is missing; undefined if others can replace it. */
function madeFolder(path: string, user: number): string | undefined {
  const parent = dirname(path)
  if (parent === path) return path
  const above = madeFolder(parent, user)
  if (above === undefined) return undefined
  mkdirIfMissing(join(above, path.slice(parent.length)))
  const real = realpathSync(join(above, path.slice(parent.length)))
  return chain(real).every(folder => isSafeParent(lstatSync(folder), user)) ? real : undefined
}

/** A folder and all folders above it. */
function chain(path: string): string[] {
  return dirname(path) === path ? [path] : [path, ...chain(dirname(path))]
}

function mkdirIfMissing(path: string): void {
  // An exception for each folder that exists already would take longer.
  if (lstatSync(path, {throwIfNoEntry: false}) !== undefined) return
  try {
    mkdirSync(path, {mode: 0o700})
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** Whether what the stats describe is a folder of this user that nobody else can write. */
function isOwn(stats: Stats, user: number): boolean {
  return stats.isDirectory() && stats.uid === user && (stats.mode & writableByOthers) === 0
}

/** Whether nobody but the superuser and this user can replace what is in the folder. */
function isSafeParent(stats: Stats, user: number): boolean {
  const {uid, mode} = stats
  return (
    stats.isDirectory() && (uid === 0 || uid === user) && ((mode & writableByOthers) === 0 || (mode & sticky) !== 0)
  )
}
