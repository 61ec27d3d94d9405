import {messageOf, severityOf} from '../expert/finding.js'
import {isAtLeast} from '../expert/rule.js'
import {fileBytes} from '../files/pipe.js'
import {lonePacket} from '../library/decoding/lone-packet.js'
import {plainBytes, Sealer} from '../library/record-bytes.js'
import {limits} from '../protocol/limits.js'
import {packetWindow} from '../protocol/table.js'
import type {Io} from '../terminal/io.js'
import {standardInput} from '../terminal/read-input.js'
import {type ReadRecord, recordFromJson} from '../view/from-json/record.js'
import {recordLine} from '../view/limits.js'
import {addFlags, exactLines} from '../wire/advice.js'
import {fromHex, toHex} from '../wire/hex/hex-bytes.js'
import {isHex} from '../wire/hex/is-hex.js'
import {InputError} from '../wire/input-error.js'
import type {Sender} from '../wire/side.js'
import {noShift, Window} from '../wire/window.js'

export interface EncodeOptions {
  /** Files of records; `-` or none for standard input. */
  readonly files: readonly string[]
  /** Print whole frames and handshakes, sealed. */
  readonly seal: boolean
  /**
   * Shared keys in hex: the session's for frames, that of both long-term keys for a handshake, then those of the open
   * boxes inside a packet, outermost first.
   */
  readonly sharedKeys?: readonly string[] | undefined
  /** Nonces in hex: of the first frame, each further frame has the next one; of a box whose packet names none. */
  readonly nonces?: readonly string[] | undefined
  /** Only records of that side. */
  readonly from?: Sender | undefined
}

/** `toxtcp encode`: one record per line to one line of hex each. @returns the exit status. @throws InputError */
export async function encode(
  options: EncodeOptions,
  io: Pick<Io, 'stdin' | 'stdout' | 'note' | 'isInputTerminal'>,
): Promise<number> {
  const {files, from} = options
  const sealer = await sealerOf(options)
  if (files.length === 0 && io.isInputTerminal)
    throw new InputError(
      'there is nothing to encode',
      exactLines('toxtcp decode 04 0000000000000001 --json | toxtcp encode'),
      'bad-option',
    )
  for (const file of files.length === 0 ? ['-'] : files) {
    const place = (line: number) => (file === '-' ? `line ${line}` : `${file}, line ${line}`)
    let number = 0
    for await (const lines of linesOf(file === '-' ? standardInput(io) : fileBytes(file), file)) {
      let text = ''
      try {
        for (const line of lines) {
          number++
          if (line.trim() === '') continue
          const at = place(number)
          const record = recordFromJson(line, at, sealer && (box => sealer.sealBox(box, at)))
          if (from !== undefined && record.from !== null && record.from !== from) continue
          const bytes = sealer ? sealer.seal(record, at) : plainBytes(record, at)
          if (bytes) text += `${toHex(bytes)}\n`
          for (const sentence of brokenRules(record)) io.note(`${at}: ${sentence}`)
        }
      } finally {
        // Also before a mistake: which lines come in one piece is chance.
        if (text !== '') io.stdout(text)
      }
    }
  }
  return 0
}

/**
 * Sentences about the rules that a record breaks and receivers react to. It is written all the same: broken packets are
 * wanted as tests of receivers.
 */
function brokenRules(record: ReadRecord): string[] {
  const window = windowOf(record)
  if (!window) return []
  return lonePacket(window, record.from)
    .findings.filter(found => isAtLeast(severityOf(found), 'warn'))
    .map(found => `${severityOf(found)} ${found.code}: ${messageOf(found)}`)
}

function windowOf(record: ReadRecord): Window | undefined {
  if (record.form === 'packet') return packetWindow(record.bytes, 0, record.bytes.length, noShift)
  return record.form === 'whole' ? new Window(record.type, record.bytes, 0, record.bytes.length, noShift) : undefined
}

/** The lines of a stream of bytes: for each chunk, those that end in it. */
async function* linesOf(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of source) {
    const lines = (pending + decoder.decode(chunk, {stream: true})).split('\n')
    pending = lines.pop()!
    if (pending.length > recordLine)
      throw new InputError(
        `${file === '-' ? 'the input' : file} has a line of over ${recordLine} characters`,
        'give one record per line',
        'bad-record',
      )
    if (lines.length > 0) yield lines
  }
  if (pending !== '') yield [pending]
}

/** @throws InputError for options that contradict each other */
async function sealerOf({seal, sharedKeys = [], nonces = []}: EncodeOptions): Promise<Sealer | undefined> {
  if (!seal) {
    const given = sharedKeys.length > 0 ? '--shared-key' : nonces.length > 0 ? '--nonce' : undefined
    if (given !== undefined)
      throw new InputError(
        `${given} is given without --seal`,
        addFlags(['--seal'], 'for sealed frames, or leave the key out'),
        'bad-option',
      )
    return undefined
  }
  if (sharedKeys.length === 0)
    throw new InputError(
      '--seal needs a key',
      'give it with --shared-key KEY, 64 hex digits, and the nonce of a frame with --nonce NONCE, 48 hex digits',
      'bad-option',
    )
  for (const key of sharedKeys)
    if (!isHex(key, limits.sharedKey))
      throw new InputError(`--shared-key is not 64 hex digits but ${key.length} characters`, undefined, 'bad-option')
  for (const nonce of nonces)
    if (!isHex(nonce, limits.nonce))
      throw new InputError(`--nonce "${nonce}" is not 48 hex digits`, undefined, 'bad-option')
  const {loadSodium} = await import('../crypto/sodium.js')
  return new Sealer(await loadSodium(), sharedKeys.map(fromHex), nonces.map(fromHex))
}
