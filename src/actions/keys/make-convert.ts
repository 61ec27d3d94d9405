import {randomBytes} from 'node:crypto'
import type {Box, KeyPair} from '../../crypto/box.js'
import {hexKeysFile, keyFileKinds, keyLogFile, keyPairFile} from '../../crypto/key-files.js'
import type {KeyItem} from '../../crypto/key-item.js'
import {keyLogLine} from '../../crypto/keylog.js'
import {loadSodium} from '../../crypto/sodium.js'
import {readKeys} from '../../files/keys/load-keys.js'
import {writeSecretFile} from '../../files/secret-file.js'
import {rowWidth} from '../../terminal/options/print-options.js'
import {printJson} from '../../terminal/user-output.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import type {KeyForm} from './key-forms.js'
import {isSession, type KeysIo, pairJson, pairRows, type SessionItem, table} from './text.js'

const formTitles: Record<KeyForm, string> = {
  raw: keyFileKinds.key_pair,
  hex: keyFileKinds.hex_keys,
  keylog: keyFileKinds.keylog,
}

interface WriteOptions {
  /** File to write, mode 0600. undefined: the keys go to stdout, which needs `reveal`. */
  readonly out?: string | undefined
  readonly form: KeyForm
  /** Replace a file that exists. */
  readonly force: boolean
  /** Show secrets. */
  readonly reveal: boolean
  readonly json: boolean
}

export type KeysMakeOptions = WriteOptions

export interface KeysConvertOptions extends WriteOptions {
  readonly file: string
  /** Write only the pair with this public key, in hex. */
  readonly publicKey?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Maximum number of public keys listed in a hint. */
const hintedKeys = 8

/**
 * Make a new key pair.
 * @returns exit code
 * @throws InputError if the file exists or cannot be written, or if neither a file nor `reveal` is given.
 */
export async function keysMake(options: KeysMakeOptions, io: KeysIo): Promise<number> {
  needPlace(options)
  const box = await loadSodium()
  const pair = box.keyPair(new Uint8Array(randomBytes(32)))
  await write([pair], [], options, io)
  return 0
}

/**
 * Write the keys of one file in another form.
 * @returns exit code
 * @throws InputError also if the form cannot hold the keys that were asked for.
 */
export async function keysConvert(options: KeysConvertOptions, io: KeysIo): Promise<number> {
  needPlace(options)
  const box = await loadSodium()
  const {items} = await readKeys(options.file, options.env)
  const pairs = choose(pairsOf(items, box), options)
  const sessions = options.publicKey === undefined ? items.filter(isSession) : []
  await write(pairs, sessions, options, io)
  return 0
}

function needPlace({out, reveal, form}: WriteOptions): void {
  if (out !== undefined) return
  if (!reveal)
    throw new InputError(
      'there is nowhere to put the secret key',
      'name a file with --out FILE, or show it with --reveal',
      'bad-option',
    )
  if (form === 'raw')
    throw new InputError(
      'raw key bytes do not go to the terminal',
      'name a file with --out FILE, or choose the form hex or keylog',
      'bad-option',
    )
}

/** The pairs of a file, each once, with derived public keys. */
function pairsOf(items: readonly KeyItem[], box: Box): KeyPair[] {
  const pairs = new Map<string, KeyPair>()
  for (const item of items) {
    if (item.kind !== 'secret_key') continue
    const publicKey = box.publicKey(item.secretKey)
    pairs.set(toHex(publicKey), {publicKey, secretKey: item.secretKey})
  }
  return [...pairs.values()]
}

function choose(pairs: readonly KeyPair[], {file, form, publicKey}: KeysConvertOptions): readonly KeyPair[] {
  const known = pairs.slice(0, hintedKeys).map(pair => toHex(pair.publicKey))
  if (pairs.length > hintedKeys) known.push(`and ${pairs.length - hintedKeys} more`)
  const list = `its public keys are\n${known.join('\n')}`
  if (publicKey !== undefined) {
    const chosen = pairs.filter(pair => toHex(pair.publicKey) === publicKey.toLowerCase())
    if (chosen.length === 0)
      throw new InputError(
        `${file} has no secret key for the public key "${publicKey}"`,
        pairs.length === 0 ? undefined : list,
        'bad-option',
      )
    return chosen
  }
  if (pairs.length === 0 && form !== 'keylog')
    throw new InputError(
      `${file} contains no secret key, only session lines`,
      'use the form keylog for those',
      'bad-option',
    )
  if (pairs.length > 1 && form === 'raw')
    throw new InputError(
      `${file} holds ${pairs.length} secret keys, and a 64-byte key file holds one`,
      `choose it with --public-key HEX; ${list}`,
      'bad-option',
    )
  return pairs
}

async function write(
  pairs: readonly KeyPair[],
  sessions: readonly SessionItem[],
  options: WriteOptions,
  io: KeysIo,
): Promise<void> {
  const {out, form, reveal} = options
  const lines = form === 'keylog' ? sessions : []
  const leftOut = sessions.length - lines.length
  const content = serialize(pairs, lines, form)
  if (out !== undefined) await writeSecretFile(out, content, options.force)
  if (options.json) {
    const keys = pairs.map(pair => pairJson(pair, reveal))
    printJson(io, {file: out ?? null, form, keys, sessions: lines.length, sessions_left_out: leftOut})
    return
  }
  if (out === undefined) {
    io.stdout(typeof content === 'string' ? content : '')
    return
  }
  const rows = pairs.flatMap(pair => pairRows(pairJson(pair, reveal)))
  if (lines.length > 0) rows.push(['sessions', String(lines.length)])
  if (leftOut > 0) rows.push(['left out', `${leftOut} session lines, which only a key log can hold`])
  rows.push(['written to', `${out} (${formTitles[form]}, only you may read it)`])
  io.stdout(table(rows, rowWidth(io)))
}

function serialize(pairs: readonly KeyPair[], sessions: readonly SessionItem[], form: KeyForm): Uint8Array | string {
  if (form === 'hex') return hexKeysFile(pairs)
  if (form === 'keylog') return keyLogFile(pairs) + sessions.map(item => `${keyLogLine(item)}\n`).join('')
  const [pair] = pairs
  if (pair === undefined) throw new Error('choose() lets no other number than one through')
  return keyPairFile(pair)
}
