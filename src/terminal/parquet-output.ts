import {FileSet} from '../files/file-set.js'
import type {SessionRecord} from '../session/record.js'
import * as limits from '../view/limits.js'
import {ParquetRows} from '../view/parquet/parquet-rows.js'
import type {Printer} from '../view/printer.js'
import {addFlags, setFlag} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import {countText} from '../wire/text/phrases.js'
import {type Io, writeBytesAtOnce} from './io.js'
import {bytesOf} from './options/quantity.js'

export interface ParquetOptions {
  /** Where the rows go; undefined and `-`: to standard output. */
  readonly path: string | undefined
  /** Size of a file after which the next one begins, as `--split-size` gives it. */
  readonly splitSize: string | undefined
  /** Replace files of the user's own. */
  readonly force: boolean
  /** For --bytes. */
  readonly withBytes: boolean
}

/** Writes records as rows of Parquet, into files or to standard output. */
export class ParquetOutput implements Printer {
  readonly #options: ParquetOptions
  readonly #splitBytes: number | undefined
  readonly #files: FileSet | undefined
  #rows: ParquetRows
  #count = 0

  /** @throws InputError if the output is a terminal, or the name of the file is taken. */
  constructor(options: ParquetOptions, io: Pick<Io, 'isOutputTerminal'>) {
    const {path, splitSize, force} = options
    const isPipe = path === undefined || path === '-'
    if (isPipe && splitSize !== undefined)
      throw new InputError('--split-size needs the name of a file', setFlag('-w', 'records.parquet'), 'bad-option')
    if (isPipe && io.isOutputTerminal)
      throw new InputError('Parquet is not written to a terminal', addFlags(['-w', 'records.parquet']), 'bad-option')
    this.#options = options
    this.#splitBytes = splitSize === undefined ? undefined : bytesOf(splitSize, '--split-size')
    this.#files = isPipe ? undefined : new FileSet(path, {isNumbered: splitSize !== undefined, force})
    this.#rows = this.#begin()
  }

  print(record: SessionRecord): boolean {
    // Only when there is one more record: no file is without any but the first.
    if (this.#files && this.#rows.size >= (this.#splitBytes ?? Number.POSITIVE_INFINITY)) {
      this.#rows.end()
      this.#files.next()
      this.#rows = this.#begin()
    }
    this.#rows.add(record)
    this.#count++
    return true
  }

  skip(): void {}

  /** Writes the end of the last file. */
  end(): void {
    this.#rows.end()
  }

  /** Gives the files their names. @returns what was written, as a sentence; undefined for standard output. */
  async finish(): Promise<string | undefined> {
    if (!this.#files) return undefined
    const {paths} = this.#files
    await this.#files.finish()
    const where = paths.length === 1 ? paths[0] : `${paths.length} files, ${paths[0]} to ${paths.at(-1)}`
    return `wrote ${countText(this.#count, 'record')} to ${where}`
  }

  /** Removes what was written. */
  discard(): void {
    this.#files?.discard()
  }

  #begin(): ParquetRows {
    const take = this.#files ? (bytes: Uint8Array) => this.#files!.append(bytes) : writeBytesAtOnce
    // A row takes fewer bytes in Parquet than it has characters as JSON, so that a file has at least its size.
    const group = Math.min(limits.rowGroupCharacters, this.#splitBytes ?? Number.POSITIVE_INFINITY)
    return new ParquetRows(this.#options.withBytes, take, group)
  }
}
