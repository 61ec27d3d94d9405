import {fromHex, isHex} from '../crypto/key-hex.js'
import type {Keyring} from '../crypto/keyring.js'
import {checkPacket, checkPayloadAlone} from '../expert/check.js'
import {packetFault} from '../expert/faults.js'
import type {Finding} from '../expert/rule.js'
import {finding} from '../expert/rules.js'
import {type KeyOptions, loadKeys} from '../files/load-keys.js'
import {limits} from '../protocol/limits.js'
import {typeNamed} from '../protocol/table.js'
import type {SessionKey} from '../session/connection/session-keys.js'
import {type Candidates, guessReading, interpretationNames, readingAs} from '../session/recognition/interpretation.js'
import {blankRecord, type SessionRecord} from '../session/record.js'
import type {Io} from '../terminal/io.js'
import {type OutputOptions, outputTo} from '../terminal/output.js'
import {type PrintFlags, printOptions} from '../terminal/print-options.js'
import {readText} from '../terminal/read-input.js'
import {parseHex} from '../wire/hex/hex.js'
import {InputError} from '../wire/input-error.js'
import {hexText} from '../wire/limits.js'
import type {Sender} from '../wire/side.js'
import {faults, noShift, Window} from '../wire/window.js'
import {FrameDecoder, type Handshakes} from './decode-frames.js'

export interface DecodeOptions extends OutputOptions {
  /** Words of hex, joined; `-` for standard input. Empty: the file, else standard input. */
  readonly hex: readonly string[]
  readonly file?: string | undefined
  /** What the bytes are: see readingWords, or a type's name. */
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

/** One thing to decode. */
interface Item {
  readonly bytes: Uint8Array
  readonly as: string | undefined
}

/** `toxtcp decode`. @returns the exit status. @throws InputError */
export async function decode(options: DecodeOptions, io: Io): Promise<number> {
  const {keyring, notes} = await loadKeys(options.keys)
  for (const note of notes) io.note(note)
  const items = itemsOf(await inputText(options, io), options).map(withGuess)
  const key = await sessionKeyOf(options, keyring)
  const records = connectionsOf(items).flatMap(members => {
    const frames = new FrameDecoder(keyring, key, handshakesIn(members))
    return [...members.flatMap(item => decodeItem(item, options.from ?? null, frames)), ...frames.end()]
  })
  const output = await outputTo(io, printOptions(options.print, io, 'tree'), options)
  let number = 0
  for (const record of records) if (!output.take({...record, number: ++number})) break
  return output.end()
}

async function inputText({hex, file}: DecodeOptions, io: Io): Promise<string> {
  if (hex.length > 0 && file !== undefined) throw new InputError('hex and --file are both given', 'give one of them')
  if (hex.length > 0 && !(hex.length === 1 && hex[0] === '-')) return hex.join(' ')
  if (hex.length === 0 && file === undefined && io.isInputTerminal) {
    throw new InputError('there is nothing to decode', 'toxtcp decode 04 0000000000000001\ntoxtcp decode - < FILE')
  }
  return readText(file ?? '-', hexText, io)
}

function itemsOf(text: string, {lines, as}: DecodeOptions): Item[] {
  if (as !== undefined) checkWord(as)
  if (!lines) return [{bytes: parseHex(text).bytes, as}]
  const items: Item[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return
    items.push(itemOf(line, index + 1, as))
  })
  if (items.length === 0)
    throw new InputError('there is no line to decode', 'each line holds one item, as NAME:HEX or HEX')
  return items
}

function itemOf(line: string, number: number, as: string | undefined): Item {
  const named = /^\s*([a-z][a-z_]*):(.*)$/.exec(line)
  const isHex = named !== null && /^[0-9a-f]{2}$/.test(named[1]!)
  try {
    if (named && !isHex) checkWord(named[1]!)
    return named && !isHex ? {bytes: parseHex(named[2]!).bytes, as: named[1]!} : {bytes: parseHex(line).bytes, as}
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`line ${number}: ${error.message}`, error.hint)
    throw error
  }
}

function checkWord(word: string): void {
  if (!interpretationNames.includes(word))
    throw new InputError(`"${word}" is nothing that bytes can be read as`, `one of ${interpretationNames.join(', ')}`)
}

interface GuessedItem extends Item {
  readonly guess: Candidates
}

function withGuess(item: Item): GuessedItem {
  const {bytes, as} = item
  const guess = as === undefined ? guessReading(bytes) : readingAs(as, bytes)
  if (guess) return {...item, guess}
  throw new InputError(
    `0x${(bytes[0] ?? 0).toString(16).padStart(2, '0')} is the id of no known payload`,
    '--as packet reads it as a packet',
  )
}

/** Names of the handshakes in an item. */
const handshakesOf = ({guess: {reading}}: GuessedItem): readonly string[] =>
  reading.kind === 'stream'
    ? reading.handshakes
    : reading.kind === 'type' && typeNamed(reading.name)?.layer === 'handshake'
      ? [reading.name]
      : []

function handshakesIn(items: readonly GuessedItem[]): Handshakes {
  const names = items.flatMap(handshakesOf)
  return {client: names.includes('client_handshake'), relay: names.includes('relay_handshake')}
}

/** Items in runs of one connection each: a side that shakes hands again is another one. */
function connectionsOf(items: readonly GuessedItem[]): GuessedItem[][] {
  let current: GuessedItem[] = []
  const runs = [current]
  const seen = new Set<string>()
  for (const item of items) {
    const names = handshakesOf(item)
    if (names.some(name => seen.has(name))) {
      current = []
      runs.push(current)
      seen.clear()
    }
    for (const name of names) seen.add(name)
    current.push(item)
  }
  return runs
}

/** The key that --shared-key and --nonce give. */
async function sessionKeyOf({sharedKey, nonce}: DecodeOptions, keyring: Keyring): Promise<SessionKey | undefined> {
  if (sharedKey === undefined && nonce === undefined) return undefined
  const hint = 'frames open with both --shared-key and --nonce, or with the handshakes before them and a session key'
  if (sharedKey === undefined || nonce === undefined)
    throw new InputError(`${nonce === undefined ? '--nonce' : '--shared-key'} is missing`, hint)
  if (!isHex(sharedKey, limits.sharedKey))
    throw new InputError(`--shared-key is not 64 hex digits but ${sharedKey.length} characters`, hint)
  if (!isHex(nonce, limits.nonce)) throw new InputError(`--nonce "${nonce}" is not 48 hex digits`, hint)
  const base = fromHex(nonce)
  keyring.box ??= await (await import('../crypto/sodium.js')).loadSodium()
  return {key: fromHex(sharedKey), bases: [base, base], isSure: true}
}

function decodeItem({bytes, guess}: GuessedItem, from: Sender | null, frames: FrameDecoder): SessionRecord[] {
  const [first, ...more] = recordsOf(bytes, guess, from, frames)
  if (!first || guess.others.length === 0) return first ? [first, ...more] : []
  return [{...first, findings: [...first.findings, ...guess.others.map(other => alsoReadable(guess, other))]}, ...more]
}

const alsoReadable = (guess: Candidates, other: string): Finding =>
  finding('also-readable-as', {
    read: guess.name,
    other: other === 'packet' ? 'a packet' : other === 'payload' ? 'a payload alone' : other,
    as: other,
  })

function recordsOf(
  bytes: Uint8Array,
  {reading}: Candidates,
  from: Sender | null,
  frames: FrameDecoder,
): SessionRecord[] {
  if (reading.kind === 'frames') return frames.feed(bytes, from)
  if (reading.kind === 'stream') {
    if (reading.handshakes.length === 1) return frames.feed(bytes, senderOf(reading.handshakes[0]!))
    const heads = limits.clientHandshake + limits.relayHandshake
    const parts = [
      frames.feed(bytes.subarray(0, limits.clientHandshake), 'client'),
      frames.feed(bytes.subarray(limits.clientHandshake, heads), 'relay'),
    ]
    return [...parts.flat(), ...(bytes.length > heads ? frames.feed(bytes.subarray(heads), from) : [])]
  }
  const type = typeNamed(reading.name)!
  const isWholeHandshake = type.layer === 'handshake' && bytes.length === type.minLength
  return isWholeHandshake
    ? frames.feed(bytes, senderOf(reading.name))
    : [lonePacket(new Window(type, bytes, 0, bytes.length, noShift), from)]
}

const senderOf = (handshake: string): Sender => (handshake === 'client_handshake' ? 'client' : 'relay')

/** A packet, payload or address without a frame. */
function lonePacket(window: Window, from: Sender | null): SessionRecord {
  const {type, bytes} = window
  const sender = from ?? (type.sentBy.length === 1 ? type.sentBy[0]! : null)
  const findings: Finding[] = []
  const raise = (found: Finding) => findings.push(found)
  if (type.layer === 'packet') checkPacket(window, sender, raise)
  else if (type.layer === 'address' || type.layer === 'handshake')
    for (const fault of faults(window)) findings.push(packetFault(window, fault)!)
  else checkPayloadAlone(window, raise)
  if (type.layer === 'packet' && sender !== null && bytes.length > limits.packet)
    findings.push(finding('packet-oversize', {length: bytes.length}))
  const hasBox = type.layer !== 'packet' && type.placed[type.tail]?.spec.kind === 'box'
  return {
    ...blankRecord,
    kind: type.layer === 'packet' ? 'packet' : 'payload',
    from: sender,
    length: bytes.length,
    state: hasBox ? 'sealed' : 'plain',
    window,
    findings,
  }
}
