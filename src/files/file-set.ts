import {closeSync, fsyncSync, openSync, readdirSync, rmSync} from 'node:fs'
import {join, parse} from 'node:path'
import {AppendedFile} from './appended-file.js'
import {draftOf, nameDraft} from './draft.js'
import {codeOf, fileError} from './errors/file-error.js'
import {checkReplaceable, fileExistsError} from './output-file.js'

const mode = 0o644

/** A file of the set: where it is written, and the name that it gets. */
interface Draft {
  readonly draft: string
  readonly path: string
}

/**
 * One file, or several numbered ones, written one after another. They get their names when all are whole; if writing
 * fails or the program is ended, nothing of them is left.
 */
export class FileSet {
  readonly #path: string
  readonly #isNumbered: boolean
  readonly #force: boolean
  readonly #drafts: Draft[] = []
  #descriptor: number | undefined
  #file: AppendedFile | undefined
  readonly #discard = (): void => this.discard()

  /**
   * @param path the name of the file; several have a number after it, as dumpcap numbers its files.
   * @param force replace files of the user's own.
   * @throws InputError if the name is taken.
   */
  constructor(path: string, {isNumbered, force}: {readonly isNumbered: boolean; readonly force: boolean}) {
    this.#path = path
    this.#isNumbered = isNumbered
    this.#force = force
    const taken = this.#numberedFiles()[0]
    if (taken !== undefined && !force) throw fileExistsError(taken)
    process.once('exit', this.#discard)
    this.next()
  }

  /** Names of the files until now: at least one. */
  get paths(): readonly string[] {
    return this.#drafts.map(({path}) => path)
  }

  /** Continue in a new file. @throws InputError */
  next(): void {
    this.#close()
    const path = this.#isNumbered ? this.#numbered(this.#drafts.length + 1) : this.#path
    checkReplaceable(path, this.#force)
    const draft = draftOf(path)
    this.#do(() => {
      this.#descriptor = openSync(draft, 'wx', mode)
      this.#file = new AppendedFile(draft, this.#descriptor)
    })
    this.#drafts.push({draft, path})
  }

  /** Add bytes to the current file. @throws InputError */
  append(bytes: Uint8Array): void {
    this.#do(() => this.#file!.append(bytes))
  }

  /** Give all files their names. Files with higher numbers, of an earlier run, are removed. @throws InputError */
  async finish(): Promise<void> {
    this.#close()
    const older = this.#numberedFiles()
    const named: string[] = []
    try {
      for (const {draft, path} of this.#drafts) {
        await nameDraft(draft, path, this.#force)
        named.push(path)
      }
    } catch (error) {
      // Without force, these names were free: what has them now is a part of a whole that does not come.
      if (!this.#force) for (const path of named) rmSync(path, {force: true})
      throw codeOf(error) === undefined ? error : fileError(error, 'write', this.#path)
    } finally {
      this.discard()
    }
    for (const path of older) if (!named.includes(path)) rmSync(path, {force: true})
  }

  /** Remove what has no name yet. */
  discard(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
    for (const {draft} of this.#drafts) rmSync(draft, {force: true})
    process.off('exit', this.#discard)
  }

  #close(): void {
    const descriptor = this.#descriptor
    if (descriptor === undefined) return
    this.#descriptor = undefined
    this.#do(() => {
      fsyncSync(descriptor)
      closeSync(descriptor)
    })
  }

  #do(write: () => void): void {
    try {
      write()
    } catch (error) {
      throw fileError(error, 'write', this.#path)
    }
  }

  #numbered(number: number): string {
    const {dir, name, ext} = parse(this.#path)
    return join(dir, `${name}_${String(number).padStart(5, '0')}${ext}`)
  }

  /** Files that have a name of this set, in no order. Empty if the set is not numbered. */
  #numberedFiles(): string[] {
    if (!this.#isNumbered) return []
    const {dir, name, ext} = parse(this.#path)
    const isOfSet = (file: string): boolean =>
      file.startsWith(`${name}_`) &&
      file.endsWith(ext) &&
      /^\d{5,}$/.test(file.slice(name.length + 1, file.length - ext.length))
    try {
      return readdirSync(dir === '' ? '.' : dir)
        .filter(isOfSet)
        .map(file => join(dir, file))
    } catch (error) {
      throw fileError(error, 'write', this.#path)
    }
  }
}
