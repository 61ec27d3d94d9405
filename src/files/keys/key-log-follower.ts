import {closeSync, openSync, readSync, statSync} from 'node:fs'
import {KeyLogReader} from '../../crypto/keylog.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {keyLogPiece} from '../limits.js'

interface Followed {
  readonly path: string
  /** Device and inode: a log may be replaced by another file of the same name. */
  identity: string
  read: number
  reader: KeyLogReader
}

/**
 * Reads what other programs append to key logs, each time that look() is called. A log that is created later, or is
 * replaced, is read from its start.
 */
export class KeyLogFollower {
  readonly #logs: readonly Followed[]
  readonly #keyring: Keyring
  readonly #piece = Buffer.alloc(keyLogPiece)

  constructor(paths: readonly string[], keyring: Keyring) {
    this.#keyring = keyring
    this.#logs = paths.map(path => ({path, identity: '', read: 0, reader: new KeyLogReader(path)}))
  }

  /** Read new lines into the keyring. Files that cannot be read are tried again at the next call. */
  look(): void {
    for (const log of this.#logs) {
      try {
        this.#lookAt(log)
      } catch (error) {
        if (!(error instanceof Error && 'syscall' in error)) throw error
      }
    }
  }

  #lookAt(log: Followed): void {
    const stat = statSync(log.path, {throwIfNoEntry: false})
    if (!stat?.isFile()) return
    const identity = `${stat.dev}:${stat.ino}`
    if (identity !== log.identity || stat.size < log.read)
      Object.assign(log, {identity, read: 0, reader: new KeyLogReader(log.path)})
    if (stat.size > log.read) this.#readOn(log)
  }

  #readOn(log: Followed): void {
    const file = openSync(log.path, 'r')
    try {
      for (;;) {
        const count = readSync(file, this.#piece, 0, this.#piece.length, log.read)
        if (count === 0) return
        log.read += count
        for (const item of log.reader.push(this.#piece.toString('latin1', 0, count))) this.#keyring.add(item, log.path)
      }
    } finally {
      closeSync(file)
    }
  }
}
