import {existsSync} from 'node:fs'
import {isCapture, isGzip} from '../capture/reader.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {peersNamed} from '../expert/peers.js'
import {headOf} from '../files/bounded-file.js'
import {type KeyOptions, loadKeys} from '../files/keys/load-keys.js'
import {connectionsOf, type Items, itemsOf} from '../library/decoding/decode-items.js'
import {ItemDecoder} from '../library/decoding/item-decoder.js'
import {limits} from '../protocol/limits.js'
import type {SessionKey} from '../session/connection/opening/session-keys.js'
import type {SessionRecord} from '../session/record.js'
import type {Io} from '../terminal/io.js'
import {type PrintFlags, printOptions} from '../terminal/options/print-options.js'
import {type OutputOptions, outputTo} from '../terminal/output.js'
import {readInput} from '../terminal/read-input.js'
import {isData} from '../view/printer.js'
import {SealedReport} from '../view/sealed-report.js'
import {Verdict} from '../view/verdict.js'
import {paragraph} from '../view/wrap.js'
import {exactLines, hintLines} from '../wire/advice.js'
import {fromHex} from '../wire/hex/hex-bytes.js'
import {isHex} from '../wire/hex/is-hex.js'
import {InputError} from '../wire/input-error.js'
import {hexText} from '../wire/limits.js'
import type {Sender} from '../wire/side.js'
import {shellWord} from '../wire/text/shell-word.js'
import {asUtf8} from '../wire/text/utf16.js'

export interface DecodeOptions extends OutputOptions {
  /** Words of hex, which are joined; `-` for standard input. Empty: the file, or else standard input. */
  readonly hex: readonly string[]
  readonly file?: string | undefined
  /** What the bytes are: see interpretationNames, or a type's name. */
  readonly as?: string | undefined
  readonly from?: Sender | undefined
  /** Each line is an item of its own. */
  readonly lines: boolean
  /** Hex of the nonce of the first frame. */
  readonly nonce?: string | undefined
  /** Hex of the key that seals the frames. */
  readonly sharedKey?: string | undefined
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

/** Bytes that show whether a file is a capture. */
const headBytes = 64

/** `toxtcp decode`. @returns the exit status. @throws InputError */
export async function decode(options: DecodeOptions, io: Io): Promise<number> {
  const {keyring, notes, doubts} = await loadKeys(options.keys)
  for (const note of notes) io.note(note)
  // The items are read twice: the first one of a connection depends on handshakes that may come in its last.
  const text = await inputText(options, io)
  const items = await itemsIn(text, options)
  const {understood} = items
  // Who types hex into a pipe knows what it is.
  if (understood && (!understood.isPlain || io.isErrorTerminal)) io.note(understood.sentence)
  const connections = connectionsOf(items)
  const key = await sessionKeyOf(options, keyring)
  const verdict = new Verdict()
  const sealed = new SealedReport(keyring, doubts)
  const print = {...printOptions(options.print, io, 'tree'), verdict}
  const output = await outputTo(io, print, options)
  let number = 0
  let wantsMore = true
  const peers = peersNamed(options.peers)
  const emit = (given: SessionRecord) => {
    const record = {...given, number: ++number, ...(peers && {peers})}
    verdict.add(record)
    sealed.add(record)
    wantsMore &&= output.take(record)
    return wantsMore
  }
  let decoder: ItemDecoder | undefined
  let index = 0
  for (const item of items) {
    const has = connections.get(index++)
    if (has) {
      decoder?.end()
      decoder = new ItemDecoder({keyring, key, has, emit}, options.from ?? null)
    }
    decoder?.item(item)
    if (!wantsMore) break
  }
  decoder?.end()
  const status = output.end()
  if (!isData(print.format) && verdict.text !== '') io.stdout(paragraph(verdict.text, print.width))
  // Whoever gives the key of frames knows which of them it opens.
  const sentence = key === undefined ? sealed.sentence : sealed.saves
  for (const note of [output.whyNothing(), sentence]) if (note !== undefined) io.note(note)
  const {mistakes} = items
  if (!mistakes || mistakes.count === 0) return status
  const {named, count} = mistakes
  for (const {message, advice} of named) io.note(`toxtcp: ${message}`, hintLines(advice))
  if (count > named.length) io.note(`${count - named.length} more lines cannot be read`)
  return 2
}

/** @throws InputError, for the name of a file or a dump of a stream with a hint that reads it. */
async function itemsIn(text: string, options: DecodeOptions): Promise<Items> {
  try {
    const items = itemsOf(text, options)
    const [word, ...others] = options.hex
    // Names of files are base64, too.
    const mayBeName = items.understood?.isBase64 === true
    const named =
      mayBeName && word !== undefined && others.length === 0 && existsSync(word) ? nameError(word) : undefined
    if (named) throw named
    return items
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const [word, ...others] = options.hex
    if (word === undefined || word === '-') throw await streamError(text, options, error)
    throw (others.length === 0 && nameError(word)) || error
  }
}

/** The mistake of a word that is the name of a file; undefined: it does not look like one. */
function nameError(word: string): InputError | undefined {
  const quoted = shellWord(word)
  if (existsSync(word)) {
    const head = headOf(word, headBytes)
    const isForRead = head !== undefined && (isCapture(head) || isGzip(head))
    return new InputError(
      `${word} is not hex, but the name of a ${head === undefined ? 'folder' : 'file'}`,
      exactLines(head === undefined ? `ls ${quoted}` : `toxtcp ${isForRead ? 'read' : 'decode -f'} ${quoted}`),
      'bad-hex',
    )
  }
  if (!/^[^\s{}[\]"'<>()]*\.(?:pcap(?:ng)?|cap|hex|txt|log|bin|json)$/i.test(word)) return undefined
  return new InputError(
    `${word} is not hex, and there is no file of that name`,
    exactLines('toxtcp decode 04 0000000000000001'),
    'no-such-file',
  )
}

/** What to say of text that is not hex: the error, or, if the text is a dump of a stream, the command that reads it. */
async function streamError(text: string, {file = '-'}: DecodeOptions, error: InputError): Promise<InputError> {
  const {followForm} = await import('../capture/follow/follow.js')
  if (followForm(text) === undefined) return error
  const name = file === '-' ? 'standard input' : file
  return new InputError(
    `${name} is a dump of a TCP stream, not hex`,
    exactLines(`toxtcp stream ${shellWord(file)}`),
    'bad-hex',
  )
}

async function inputText({hex, file}: DecodeOptions, io: Io): Promise<string> {
  if (hex.length > 0 && file !== undefined)
    throw new InputError('hex and --file are both given', 'give one of them', 'bad-option')
  if (hex.length > 0 && !(hex.length === 1 && hex[0] === '-')) return hex.join(' ')
  if (hex.length === 0 && file === undefined && io.isInputTerminal) {
    throw new InputError(
      'there is nothing to decode',
      exactLines('toxtcp decode 04 0000000000000001', 'toxtcp decode - < FILE'),
      'bad-option',
    )
  }
  return textOf(await readInput(file ?? '-', hexText, io), file ?? '-')
}

/** @throws InputError for a capture, and for bytes that are not text. */
function textOf(given: Uint8Array, file: string): string {
  const bytes = asUtf8(given)
  const name = file === '-' ? 'standard input' : file
  const word = shellWord(file)
  if (isCapture(bytes) || isGzip(bytes))
    throw new InputError(`${name} is a capture, not hex`, exactLines(`toxtcp read ${word}`), 'bad-hex')
  const text = new TextDecoder().decode(bytes)
  if (bytes.includes(0) || isOdd(text))
    throw new InputError(`${name} holds bytes, not hex`, exactLines(`xxd -p ${word} | toxtcp decode -`), 'bad-hex')
  return text
}

/** Whether a third of a text is what texts do not have; a dump that shows bytes as they are has less of it. */
function isOdd(text: string): boolean {
  const start = text.slice(0, 4096)
  const odd = start.match(/[\u0001-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0
  return odd * 3 > start.length
}

/** The key that --shared-key and --nonce give. */
async function sessionKeyOf({sharedKey, nonce}: DecodeOptions, keyring: Keyring): Promise<SessionKey | undefined> {
  if (sharedKey === undefined && nonce === undefined) return undefined
  const hint = 'frames open with both --shared-key and --nonce, or with the handshakes before them and a session key'
  if (sharedKey === undefined || nonce === undefined)
    throw new InputError(`${nonce === undefined ? '--nonce' : '--shared-key'} is missing`, hint, 'bad-option')
  if (!isHex(sharedKey, limits.sharedKey))
    throw new InputError(`--shared-key is not 64 hex digits but ${sharedKey.length} characters`, hint, 'bad-option')
  if (!isHex(nonce, limits.nonce)) throw new InputError(`--nonce "${nonce}" is not 48 hex digits`, hint, 'bad-option')
  const base = fromHex(nonce)
  keyring.box ??= await (await import('../crypto/sodium.js')).loadSodium()
  return {key: fromHex(sharedKey), bases: [base, base], trust: 'likely'}
}
