import type {TcpSessionItem} from '../../crypto/key-item.js'
import {keyLogLine} from '../../crypto/keylog.js'
import {AppendedFile} from '../appended-file.js'
import {openForAppending} from '../output-file.js'

/** A key log to which session lines are appended as they become known. */
export class KeyLogFile {
  readonly #file: AppendedFile
  readonly #failed: (error: unknown) => void
  #hasFailed = false

  /**
   * @param path a new file, or a file of the user's own that nobody else may read.
   * @param failed called once if a line cannot be written; no more lines are written then.
   * @throws InputError for any other file. @throws the system's error.
   */
  constructor(path: string, failed: (error: unknown) => void) {
    this.#file = new AppendedFile(path, openForAppending(path))
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
