import {closeSync, openSync} from 'node:fs'
import {devNull} from 'node:os'

/** Whether an error's code says that no file descriptors are left: for this process, or for the whole system. */
export const isOutOfDescriptors = (code: string | undefined): boolean => code === 'EMFILE' || code === 'ENFILE'

/**
 * Whether this many files and sockets can still be opened. Found by opening them: when accepting a connection needs a
 * descriptor that is not there, libuv closes the connection without reporting it.
 */
export function hasFreeDescriptors(count: number): boolean {
  const opened: number[] = []
  try {
    while (opened.length < count) opened.push(openSync(devNull, 'r'))
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && isOutOfDescriptors(String(error.code)))
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}
