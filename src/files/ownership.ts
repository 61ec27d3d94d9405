import type {Stats} from 'node:fs'

/** Whether a file is owned by the user that the program runs as. Always true where files have no owners (Windows). */
export const belongsToUser = ({uid}: Stats): boolean => {
  const user = process.geteuid?.()
  return user === undefined || uid === user
}

/** Whether others than the owner may write to a file. Always false on Windows, whose modes do not say it. */
export const isWritableByOthers = ({mode}: Stats): boolean => process.platform !== 'win32' && (mode & 0o022) !== 0
