import {accessSync, constants, existsSync, lstatSync, opendirSync, readlinkSync, type Stats, statSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {type Advice, exactLines} from '../../wire/advice.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import {shellWord} from '../../wire/text/shell-word.js'

/** Most names of a folder that are compared with a name that is not there. */
const mostNames = 1000

/** What is done with a file, as in "cannot read". */
export type FileUse = 'read' | 'write' | 'run'

/** What can be done about an error of the file system; undefined: nothing that is always right. */
export function fileAdvice(code: string, use: FileUse, path: string): string | Advice | undefined {
  switch (code) {
    case 'ENOENT':
      return missing(use, path)
    case 'EISDIR':
      return use === 'read'
        ? `ls ${shellWord(path)} lists its files`
        : `name a file in it: ${shellWord(join(path, 'FILE'))}`
    case 'ENOTDIR':
      return above(
        join(path, '_'),
        folder => statOf(folder)?.isDirectory() === false,
        folder => `${shellWord(folder)} is a file`,
      )
    case 'EACCES':
    case 'EPERM':
      return refused(use, path)
    case 'EROFS':
      return 'name a file on another file system; findmnt shows which are read-only'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'df -h shows which file system is full'
    case 'EMFILE':
      return 'ulimit -n shows how many files may be open at a time, and ulimit -n 4096 allows more'
    case 'ELOOP':
      return `ls -l ${shellWord(path)} shows where it leads`
    default:
      return undefined
  }
}

function missing(use: FileUse, path: string): string | Advice | undefined {
  const folder = dirname(path)
  if (use === 'write') return existsSync(folder) ? undefined : exactLines(`mkdir -p ${shellWord(folder)}`)
  if (use !== 'read') return undefined
  const target = targetOf(path)
  if (target !== undefined) return `it is a symbolic link to ${shellWord(target)}, which is missing`
  const near = nearest(basename(path), namesIn(folder)).map(name => (folder === '.' ? name : join(folder, name)))
  return didYouMean(path, near)
}

const rights: Readonly<Record<FileUse | 'enter', {readonly letter: string; readonly bit: number}>> = {
  read: {letter: 'r', bit: constants.S_IRUSR},
  write: {letter: 'w', bit: constants.S_IWUSR},
  run: {letter: 'x', bit: constants.S_IXUSR},
  enter: {letter: 'x', bit: constants.S_IXUSR},
}

/** What refuses it: a folder on the way, the file, or for a new file its folder. */
function refused(use: FileUse, path: string): string | Advice | undefined {
  const closed = above(
    path,
    folder => !isEnterable(folder),
    folder => folder,
  )
  if (closed !== undefined) return allowed('enter', closed)
  const refusing = use === 'write' && !existsSync(path) ? dirname(path) : path
  return allowed(use, refusing)
}

/** How to allow it: by the one who asks, if it is theirs and lacks the right; else by its owner. */
function allowed(use: FileUse | 'enter', path: string): string | Advice | undefined {
  const there = statOf(path)
  const user = process.geteuid?.()
  if (there === undefined || user === undefined) return undefined
  const {letter, bit} = rights[use]
  const word = shellWord(path)
  if (there.uid === user && (there.mode & bit) === 0) return exactLines(`chmod u+${letter} ${word}`)
  const list = `ls -ld ${word} shows who may ${use} it`
  if (there.uid === user) return list
  return `${word} belongs to ${there.uid === 0 ? 'root' : `user ${there.uid}`}: ${list}`
}

/** What is said of the first folder on the way to a file of which a test is true, the outermost first. */
function above(path: string, test: (folder: string) => boolean, said: (folder: string) => string): string | undefined {
  const folders: string[] = []
  for (let at = dirname(path); folders.at(-1) !== at; at = dirname(at)) folders.push(at)
  const found = folders.reverse().find(folder => test(resolve(folder)))
  return found === undefined ? undefined : said(found)
}

function isEnterable(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK)
    return true
  } catch {
    return !existsSync(folder)
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** What a symbolic link names; undefined: the path is not one. */
const targetOf = (path: string): string | undefined =>
  lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() ? readlinkSync(path) : undefined

/** The first names in a folder; none if it cannot be read. */
function namesIn(folder: string): string[] {
  const names: string[] = []
  try {
    const open = opendirSync(folder)
    for (let entry = open.readSync(); entry && names.length < mostNames; entry = open.readSync()) names.push(entry.name)
    open.closeSync()
  } catch {
    return names
  }
  return names
}
