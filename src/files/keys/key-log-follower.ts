import {closeSync, openSync, readSync, statSync} from 'node:fs'
import {TextDecoder} from 'node:util'
import {KeyLogReader} from '../../crypto/keylog.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {utf16Head, utf16Of} from '../../wire/text/utf16.js'
import {keyLogPiece} from '../limits.js'

interface Followed {
  readonly path: string
  /** Device and inode: a log may be replaced by another file of the same name. */
  identity: string
  read: number
  reader: KeyLogReader
  /** Decodes a log in UTF-16, as Windows tools write it; null: in another encoding; undefined: not known yet. */
  decoder: TextDecoder | null | undefined
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
    if (identity !== log.identity || stat.size < log.read) Object.assign(log, {identity, ...unread(log.path)})
    // Fewer bytes than tell the encoding hold no line either.
    if (stat.size > log.read && stat.size >= utf16Head) this.#readOn(log)
  }

  #readOn(log: Followed): void {
    const file = openSync(log.path, 'r')
    try {
      for (;;) {
        const count = readSync(file, this.#piece, 0, this.#piece.length, log.read)
        if (count === 0) return
        log.read += count
        for (const item of log.reader.push(textOf(log, this.#piece.subarray(0, count))))
          this.#keyring.add(item, log.path)
      }
    } finally {
      closeSync(file)
    }
  }
}

const unread = (path: string): Pick<Followed, 'read' | 'reader' | 'decoder'> => ({
  read: 0,
  reader: new KeyLogReader(path),
  decoder: undefined,
})

/** The next bytes of a log as text. */
function textOf(log: Followed, bytes: Buffer): string {
  if (log.decoder === undefined) {
    const encoding = utf16Of(bytes)
    log.decoder = encoding === undefined ? null : new TextDecoder(encoding)
  }
  return log.decoder ? log.decoder.decode(bytes, {stream: true}) : bytes.toString('latin1')
}
