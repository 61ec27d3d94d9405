import {createReadStream} from 'node:fs'
import type {Box} from '../crypto/box.js'
import {isHex} from '../crypto/key-hex.js'
import {advance} from '../crypto/nonce.js'
import {fileError} from '../files/file-error.js'
import {limits} from '../protocol/limits.js'
import type {Io} from '../terminal/io.js'
import {emptyFrame, type ReadRecord, recordFromJson} from '../view/from-json.js'
import {recordLine} from '../view/limits.js'
import {fromHex, toHex} from '../wire/hex/hex-bytes.js'
import {InputError} from '../wire/input-error.js'
import type {Sender} from '../wire/side.js'

export interface EncodeOptions {
  /** Files of records; `-` or none: standard input. */
  readonly files: readonly string[]
  /** Whole frames and handshakes, sealed. */
  readonly seal: boolean
  /** Hex of the key that seals: the session's for frames, for a handshake that of both long-term keys. */
  readonly sharedKey?: string | undefined
  /** Hex of the nonce of the first frame; each further one takes the next. */
  readonly nonce?: string | undefined
  /** Only records of that side. */
  readonly from?: Sender | undefined
}

/** `toxtcp encode`: records, one a line, to hex, one a line. @returns the exit status. @throws InputError */
export async function encode(
  options: EncodeOptions,
  io: Pick<Io, 'stdin' | 'stdout' | 'isInputTerminal'>,
): Promise<number> {
  const {files, from} = options
  const sealer = await sealerOf(options)
  if (files.length === 0 && io.isInputTerminal)
    throw new InputError('there is nothing to encode', 'toxtcp decode 04 0000000000000001 --json | toxtcp encode')
  for (const file of files.length === 0 ? ['-'] : files) {
    const place = (line: number) => (file === '-' ? `line ${line}` : `${file}, line ${line}`)
    let number = 0
    for await (const lines of linesOf(file === '-' ? io.stdin : readFile(file), file)) {
      let text = ''
      for (const line of lines) {
        number++
        if (line.trim() === '') continue
        const record = recordFromJson(line, place(number))
        if (from !== undefined && record.from !== null && record.from !== from) continue
        const bytes = sealer ? sealer.seal(record, place(number)) : plainBytes(record, place(number))
        if (bytes) text += `${toHex(bytes)}\n`
      }
      if (text !== '') io.stdout(text)
    }
  }
  return 0
}

async function* readFile(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>
  } catch (error) {
    throw fileError(error, 'read', file)
  }
}

/** Whole lines, as many at once as each chunk completes. */
async function* linesOf(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of source) {
    const lines = (pending + decoder.decode(chunk, {stream: true})).split('\n')
    pending = lines.pop()!
    if (pending.length > recordLine)
      throw new InputError(
        `${file === '-' ? 'the input' : file} has a line of over ${recordLine} characters`,
        'give one record a line',
      )
    if (lines.length > 0) yield lines
  }
  if (pending !== '') yield [pending]
}

/**
 * Bytes of a record as they are before sealing; of a frame that is not open, as they are on the wire. @returns
 * undefined for a record without any.
 */
function plainBytes(record: ReadRecord, place: string): Uint8Array | undefined {
  switch (record.form) {
    case 'packet':
    case 'whole':
      return record.bytes
    case 'open_box':
      throw new InputError(
        `${place}: the box of ${record.title} is open`,
        'seal it with --seal --shared-key KEY, or print the record with --bytes',
      )
    case 'frame':
      if (record.wire === emptyFrame) return undefined
      if (record.wire) return record.wire
      throw new InputError(
        `${place} is a frame that is not open: its packet is not known`,
        'leave it out (-Y \'state == "open"\'), or print it with --bytes, which gives it back as it is',
      )
    case 'none':
      return undefined
  }
}

/** @throws InputError for options that do not go together */
async function sealerOf({seal, sharedKey, nonce}: EncodeOptions): Promise<Sealer | undefined> {
  if (!seal) {
    const given = sharedKey !== undefined ? '--shared-key' : nonce !== undefined ? '--nonce' : undefined
    if (given !== undefined)
      throw new InputError(`${given} is given without --seal`, 'add --seal for sealed frames, or leave the key out')
    return undefined
  }
  if (sharedKey === undefined) throw new InputError('--seal takes a key', 'give it with --shared-key: 64 hex digits')
  if (!isHex(sharedKey, limits.sharedKey))
    throw new InputError(`--shared-key is not 64 hex digits but ${sharedKey.length} characters`)
  if (nonce !== undefined && !isHex(nonce, limits.nonce))
    throw new InputError(`--nonce "${nonce}" is not 48 hex digits`)
  const {loadSodium} = await import('../crypto/sodium.js')
  return new Sealer(await loadSodium(), fromHex(sharedKey), nonce === undefined ? undefined : fromHex(nonce))
}

/** Seals records with one key. */
class Sealer {
  /** Where the key was first used, and for what: a session's key is not that of its handshakes. */
  #used: {readonly place: string; readonly what: 'frame' | 'handshake'} | undefined

  constructor(
    readonly box: Box,
    readonly key: Uint8Array,
    readonly nonce: Uint8Array | undefined,
  ) {}

  /** @returns undefined for a record without bytes. */
  seal(record: ReadRecord, place: string): Uint8Array | undefined {
    switch (record.form) {
      case 'packet':
        return this.#frame(record.bytes, place)
      case 'open_box':
        this.#use('handshake', place)
        return Buffer.concat([record.head, this.box.seal(record.plain, record.nonce, this.key)])
      case 'whole':
        if (record.isHandshake) return record.bytes
        throw new InputError(
          `${place}: ${record.title} alone goes into no frame`,
          'give the packet that carries it, or leave --seal out',
        )
      case 'frame':
        return this.#sealed(record.wire, place)
      case 'none':
        return undefined
    }
  }

  #frame(plain: Uint8Array, place: string): Uint8Array {
    this.#use('frame', place)
    const length = plain.length + limits.mac
    if (length > 0xffff)
      throw new InputError(
        `${place}: ${plain.length} bytes fit no frame`,
        `a length of 2 bytes allows ${0xffff - limits.mac}, peers ${limits.packet}`,
      )
    const sealed = this.box.seal(plain, this.#nonceOf(place), this.key)
    advance(this.nonce!)
    return Buffer.concat([Uint8Array.of(length >> 8, length & 0xff), sealed])
  }

  /** A frame as it was: it has used up a nonce, if it holds anything. */
  #sealed(wire: Uint8Array | null, place: string): Uint8Array {
    if (!wire)
      throw new InputError(
        `${place} is a frame that is not open, and its bytes are not there`,
        'print the records with --bytes',
      )
    if (wire !== emptyFrame && this.nonce) advance(this.nonce)
    return wire
  }

  #nonceOf(place: string): Uint8Array {
    if (this.nonce) return this.nonce
    throw new InputError(
      `${place}: sealing a frame takes a nonce`,
      'give that of the first frame with --nonce: 48 hex digits',
    )
  }

  #use(what: 'frame' | 'handshake', place: string): void {
    this.#used ??= {place, what}
    if (this.#used.what === what) return
    throw new InputError(
      `${place} is a ${what}, but --shared-key sealed the ${this.#used.what} at ${this.#used.place}: they have different keys`,
      'encode handshakes and frames one after the other, each with its key',
    )
  }
}
