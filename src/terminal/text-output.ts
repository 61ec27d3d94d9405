import {writeSync} from 'node:fs'

/** Where text goes: results and notes. */
export interface TextOutput {
  /** @returns false if nobody reads any more. */
  stdout(text: string): boolean
  stderr(text: string): void
}

/** Milliseconds before a full pipe is tried again. */
const retryMilliseconds = 5

/**
 * The process's own descriptors, from any thread. A reader that is slow holds up this thread, and none that forwards.
 * @param hurry set to 1 by another thread: what cannot be written at once is dropped from then on.
 */
export function descriptorOutput(hurry: Int32Array): TextOutput {
  let isRead = true
  const write = (descriptor: number, text: string): boolean => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(descriptor, bytes, at)
      } catch (error) {
        if (!isFull(error)) return false
        if (Atomics.load(hurry, 0) === 1) return true
        Atomics.wait(hurry, 0, 0, retryMilliseconds)
      }
    }
    return true
  }
  return {
    stdout: text => {
      isRead &&= write(1, text)
      return isRead
    },
    stderr: text => {
      write(2, text)
    },
  }
}

const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN'
