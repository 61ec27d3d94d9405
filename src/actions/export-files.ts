import {existsSync, mkdirSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileError} from '../files/file-error.js'
import {SpokenPackets} from '../session/conversation/spoken.js'
import {type Transfer, Transfers} from '../session/conversation/transfers.js'
import type {SessionRecord} from '../session/record.js'
import {InputError} from '../wire/input-error.js'
import {groupedCount} from '../wire/text/phrases.js'

/** Bytes of a name from the wire that a file keeps: with its number they stay under the 255 of file systems. */
const nameBytes = 200

/** Collects the files that peers send each other, and writes the complete ones into a folder. */
export class FileExport {
  readonly #folder: string
  readonly #spoken = new SpokenPackets()
  readonly #transfers = new Transfers({keepsData: true})

  /** @throws InputError for a name that is a file's. */
  constructor(folder: string) {
    if (existsSync(folder) && !statSync(folder).isDirectory())
      throw new InputError(
        `${folder} is a file, and --export-files needs a folder`,
        'name an empty folder, or one that does not exist yet',
        'bad-option',
      )
    this.#folder = folder
  }

  take(record: SessionRecord): void {
    const spoken = this.#spoken.take(record)
    if (spoken) this.#transfers.take(spoken)
  }

  /**
   * Writes the files.
   * @returns a sentence about each transfer.
   * @throws InputError where a file exists already, or cannot be written.
   */
  end(): string[] {
    const {all, dropped, droppedTransfers} = this.#transfers
    if (all.length > 0) mkdirSync(this.#folder, {recursive: true})
    const told = all.map(transfer => this.#write(transfer))
    if (droppedTransfers > 0) told.push(`${groupedCount(droppedTransfers, 'file')} were over the bound and left out`)
    if (dropped > 0) told.push(`${groupedCount(dropped, 'byte')} of files were over the bound and left out`)
    return told
  }

  #write(transfer: Transfer): string {
    const {isComplete, received, size, name, parts} = transfer
    const what = `file ${transfer.number} ${JSON.stringify(name)}`
    const data = Buffer.concat([...(parts ?? [])].sort(([a], [b]) => a - b).map(([, part]) => part))
    if (!isComplete || data.length !== received) {
      const whole = size === undefined ? 'a stream' : groupedCount(size, 'byte')
      return `${what} is incomplete and was not written: ${groupedCount(received, 'byte')} of ${whole}`
    }
    const path = join(this.#folder, exportedName(transfer))
    try {
      writeFileSync(path, data, {flag: 'wx', mode: 0o600})
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
        throw new InputError(`${path} exists already`, 'choose an empty folder', 'bad-option')
      throw fileError(error, 'write', path)
    }
    return `${what}: wrote ${path}, ${groupedCount(data.length, 'byte')}`
  }
}

/** Name of an exported file: its number, then what is harmless in the name that the sender gave it. */
export function exportedName({number, name}: Pick<Transfer, 'number' | 'name'>): string {
  let safe = ''
  for (const character of name.replace(/[^\p{L}\p{N}._-]+/gu, '_')) {
    if (Buffer.byteLength(safe + character) > nameBytes) break
    safe += character
  }
  return `${String(number).padStart(3, '0')}-${safe === '' ? 'file' : safe}`
}
