import type {TcpSessionItem} from '../crypto/key-item.js'
import {keyLogLine} from '../crypto/keylog.js'
import {AppendedFile} from './appended-file.js'

/** A key log that session lines are appended to as they come. */
export class KeyLogFile {
  readonly #file: AppendedFile
  readonly #failed: (error: unknown) => void
  #hasFailed = false

  /** @param failed told once, if a line cannot be written; no more are then. @throws the system's error */
  constructor(path: string, failed: (error: unknown) => void) {
    this.#file = new AppendedFile(path, 'a')
    this.#failed = failed
  }

  add(item: TcpSessionItem): void {
    if (this.#hasFailed) return
    try {
      this.#file.append(new TextEncoder().encode(`${keyLogLine(item)}\n`))
    } catch (error) {
      this.#hasFailed = true
      this.#failed(error)
    }
  }

  close(): void {
    void this.#file.close()
  }
}
