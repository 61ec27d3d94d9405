import {existsSync, mkdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {codeOf, fileError, openedFile} from '../files/errors/file-error.js'
import {SpokenPackets} from '../session/conversation/spoken.js'
import {type Transfer, Transfers} from '../session/conversation/transfers.js'
import type {SessionRecord} from '../session/record.js'
import {InputError} from '../wire/input-error.js'
import {countText, groupedCount, groupedText} from '../wire/text/phrases.js'

/** Bytes of a name from the wire that a file keeps: with its number they stay under the 255 of file systems. */
const nameBytes = 200

/** What became of the files. */
export interface Exported {
  /** One about each transfer. */
  readonly sentences: readonly string[]
  /** Set where files could not be written. */
  readonly mistake: InputError | undefined
}

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
   * Writes the files, each that can be.
   * @throws InputError where there is no folder for them.
   */
  end(): Exported {
    const {all, dropped, droppedTransfers} = this.#transfers
    if (all.length > 0) openedFile(this.#folder, () => mkdirSync(this.#folder, {recursive: true}))
    const mistakes: InputError[] = []
    const sentences = all.map(transfer => this.#write(transfer, mistakes))
    if (droppedTransfers > 0)
      sentences.push(`${groupedCount(droppedTransfers, 'file')} were over the bound and left out`)
    if (dropped > 0) sentences.push(`${groupedCount(dropped, 'byte')} of files were over the bound and left out`)
    return {sentences, mistake: oneMistake(mistakes)}
  }

  /** @returns a sentence about the transfer. @param mistakes another one is added where the file cannot be written. */
  #write(transfer: Transfer, mistakes: InputError[]): string {
    const {isComplete, start, received, size, name, parts} = transfer
    const what = `file ${transfer.number} ${JSON.stringify(name)}`
    if (start > 0) return `${what} is a part, from byte ${groupedText(start)} on, and was not written`
    const data = Buffer.concat([...(parts ?? [])].sort(([a], [b]) => a - b).map(([, part]) => part))
    if (!isComplete || data.length !== received) {
      const whole = size === undefined ? 'a stream' : groupedCount(size, 'byte')
      return `${what} is incomplete and was not written: ${groupedCount(received, 'byte')} of ${whole}`
    }
    const path = join(this.#folder, exportedName(transfer))
    const mistake = writeNew(path, data)
    if (!mistake) return `${what}: wrote ${path}, ${groupedCount(data.length, 'byte')}`
    mistakes.push(mistake)
    return `${what} was not written: ${mistake.message}`
  }
}

/** Writes a file that does not exist yet, or leaves none. @returns why it could not be written. */
function writeNew(path: string, data: Uint8Array): InputError | undefined {
  try {
    writeFileSync(path, data, {flag: 'wx', mode: 0o600})
    return undefined
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      return new InputError(`${path} exists already`, 'choose an empty folder', 'bad-option')
    // Created by this call: another file of the name would be the error above.
    rmSync(path, {force: true})
    return fileError(error, 'write', path)
  }
}

/** The first mistake, and the number of others. */
function oneMistake([first, ...others]: readonly InputError[]): InputError | undefined {
  if (!first || others.length === 0) return first
  const more = countText(others.length, 'other file was', 'other files were')
  return new InputError(`${first.message}; ${more} not written either`, first.advice, first.code)
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
