import {closeSync, existsSync, openSync, readSync, statSync} from 'node:fs'

/** Lines that the key logger writes besides keys. */
const loadedMark = '# key logger in process '
const connectedMark = '# first connection'
const keyMark = 'TOX_'

/** Bytes that one look reads at most. */
const pieceBytes = 64 * 1024

/** What a program that runs with the key logger has appended to its key log. */
export class LoggedKeys {
  /** The key logger was loaded. */
  isLoaded = false
  /** The program has made or accepted a TCP connection. */
  isConnected = false
  hasKeys = false
  readonly #path: string
  #offset: number
  /** The beginning of a line whose end was not there yet. */
  #rest = ''

  /** @param path of a log that exists; what is in it already does not count. */
  constructor(path: string) {
    this.#path = path
    this.#offset = statSync(path).size
  }

  /** Read what was appended since; nothing more once there are keys, or if the log is gone. */
  look(): void {
    if (this.hasKeys || !existsSync(this.#path)) return
    const file = openSync(this.#path, 'r')
    try {
      const piece = Buffer.alloc(pieceBytes)
      for (let count = -1; count !== 0 && !this.hasKeys; ) {
        count = readSync(file, piece, 0, pieceBytes, this.#offset)
        this.#offset += count
        this.#take(piece.toString('latin1', 0, count))
      }
    } finally {
      closeSync(file)
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = (lines.pop() ?? '').slice(0, pieceBytes)
    for (const line of lines) {
      this.isLoaded ||= line.startsWith(loadedMark)
      this.isConnected ||= line.startsWith(connectedMark)
      this.hasKeys ||= line.startsWith(keyMark)
    }
  }
}
