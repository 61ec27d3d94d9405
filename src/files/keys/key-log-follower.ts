import {closeSync, openSync, readSync, statSync} from 'node:fs'
import {TextDecoder} from 'node:util'
import {KeyLogReader} from '../../crypto/keylog.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {utf16Head, utf16Of} from '../../wire/text/utf16.js'
import {keyLogPiece, keyLogTail} from '../limits.js'

interface Followed {
  readonly path: string
  /** Device and inode: another file of the same name may replace a log. */
  identity: string
  read: number
  /** The last bytes that were read, at most `keyLogTail`. */
  tail: Buffer
  /** When the file was last changed, as of the last look; milliseconds since 1970. */
  modified: number
  reader: KeyLogReader
  /** Decodes UTF-8, or UTF-16, as Windows tools write it. undefined: which one is not known yet. */
  decoder: TextDecoder | undefined
}

/**
 * Reads what other programs append to key logs, each time that look() is called. A log that is created later, replaced
 * or written anew is read from its start.
 */
export class KeyLogFollower {
  readonly #logs: readonly Followed[]
  readonly #keyring: Keyring
  readonly #piece = Buffer.alloc(keyLogPiece)

  constructor(paths: readonly string[], keyring: Keyring) {
    this.#keyring = keyring
    this.#logs = paths.map(path => ({path, identity: '', ...unread(path)}))
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
    const isChanged = stat.mtimeMs !== log.modified || stat.size > log.read
    const isOther = identity !== log.identity || stat.size < log.read || (isChanged && !this.#hasTail(log))
    if (isOther) Object.assign(log, {identity, ...unread(log.path)})
    log.modified = stat.mtimeMs
    // Fewer bytes than show the encoding do not hold a line either.
    if (stat.size > log.read && stat.size >= utf16Head) this.#readOn(log)
  }

  /**
   * Whether the file still holds what was read of it last. A log that was emptied and written again, or removed and
   * created again with the same inode, may be as long as before or longer.
   */
  #hasTail({path, read, tail}: Followed): boolean {
    if (tail.length === 0) return true
    const file = openSync(path, 'r')
    try {
      const found = this.#piece.subarray(0, tail.length)
      return readSync(file, found, 0, found.length, read - found.length) === tail.length && tail.equals(found)
    } finally {
      closeSync(file)
    }
  }

  #readOn(log: Followed): void {
    const file = openSync(log.path, 'r')
    try {
      for (;;) {
        const count = readSync(file, this.#piece, 0, this.#piece.length, log.read)
        if (count === 0) return
        const bytes = this.#piece.subarray(0, count)
        log.read += count
        log.tail = Buffer.concat([log.tail, bytes.subarray(-keyLogTail)]).subarray(-keyLogTail)
        for (const item of log.reader.push(textOf(log, bytes))) this.#keyring.add(item, log.path)
      }
    } finally {
      closeSync(file)
    }
  }
}

const unread = (path: string): Omit<Followed, 'path' | 'identity'> => ({
  read: 0,
  tail: Buffer.alloc(0),
  modified: 0,
  reader: new KeyLogReader(path),
  decoder: undefined,
})

/** The next bytes of a log as text. */
function textOf(log: Followed, bytes: Buffer): string {
  log.decoder ??= new TextDecoder(utf16Of(bytes) ?? 'utf-8')
  return log.decoder.decode(bytes, {stream: true})
}
