import {toHex} from '../wire/hex/hex-bytes.js'
import {InputError} from '../wire/input-error.js'
import {countText} from '../wire/text.js'
import type {Box, KeyPair} from './box.js'
import type {KeyItem, SecretKeyItem} from './key-item.js'
import {KeyLogReader, keyLogLine} from './keylog.js'
import * as limits from './limits.js'
import {isSealedToxSave, isToxSave, openToxSave, readToxSave} from './tox-save.js'

/** The environment variable that an encrypted save's passphrase is read from, by those who may read the environment. */
export const passphraseVariable = 'TOXTCP_PASSPHRASE'

/** What a key file turned out to be. */
export type KeyFileKind = 'key_pair' | 'hex_keys' | 'keylog' | 'tox_save' | 'sealed_tox_save'

/** How each kind is called in a sentence. */
export const keyFileKinds: Record<KeyFileKind, string> = {
  key_pair: '64-byte key file',
  hex_keys: 'text file of secret keys',
  keylog: 'key log',
  tox_save: '.tox save',
  sealed_tox_save: 'encrypted .tox save',
}

export interface KeyFile {
  readonly kind: KeyFileKind
  readonly items: KeyItem[]
  /** What the user may want to know of the file; whole sentences without a full stop, without secrets. */
  readonly notes: string[]
}

/** What reading a key file may need. */
export interface KeyFileOptions {
  readonly box: Box
  /** For an encrypted save. */
  readonly passphrase?: string | undefined
}

/** Size of what tox-bootstrapd, DHT_bootstrap and tox-node write: public key, then secret key. */
const keyPairBytes = 64

const hint =
  'a key file is 64 raw bytes (public key, secret key) as tox-bootstrapd and tox-node write them, text with a secret key of 64 hex digits a line, a key log, or a .tox save'

/**
 * Read the keys of a file of any kind that toxtcp knows; its contents tell which it is.
 * @param bytes the whole file.
 * @param name of the file, for messages.
 * @throws InputError, without a byte of the file in it.
 */
export async function readKeyFile(bytes: Uint8Array, name: string, options: KeyFileOptions): Promise<KeyFile> {
  if (bytes.length > limits.keyFileBytes)
    throw new InputError(`${name} is ${bytes.length} bytes long, too long for a key file`, hint, 'bad-key')
  if (isSealedToxSave(bytes)) return openSave(bytes, name, options)
  if (isToxSave(bytes)) return readSave(bytes, name, 'tox_save')
  if (isKeyText(bytes)) return readKeyText(bytes, name)
  return readPair(bytes, name, options.box)
}

async function openSave(bytes: Uint8Array, name: string, {box, passphrase}: KeyFileOptions): Promise<KeyFile> {
  if (passphrase === undefined)
    throw new InputError(
      `${name} is an encrypted .tox save`,
      `put its passphrase into the environment variable ${passphraseVariable}`,
      'bad-key',
    )
  const plain = await openToxSave(bytes, passphrase, box)
  if (plain === undefined)
    throw new InputError(
      `the passphrase in ${passphraseVariable} does not open ${name}`,
      'a damaged or cut file looks the same as a wrong passphrase',
      'bad-key',
    )
  if (!isToxSave(plain))
    throw new InputError(`${name} is encrypted the way a .tox save is, but holds none`, hint, 'bad-key')
  return readSave(plain, name, 'sealed_tox_save')
}

function readSave(bytes: Uint8Array, name: string, kind: 'tox_save' | 'sealed_tox_save'): KeyFile {
  const {items, friends, groups, damaged} = readToxSave(bytes)
  if (items.length === 0)
    throw new InputError(
      `${name} is a .tox save without a secret key${damaged ? ': it is damaged or cut off' : ''}`,
      undefined,
      'bad-key',
    )
  const notes = [
    'a save does not hold the DHT key pair that its client uses with relays, so its identity opens what is inside, not the handshakes',
  ]
  if (groups > 0)
    notes.push(`${countText(groups, 'group')}: a group's own keys do open the handshakes of its relay connections`)
  if (damaged) notes.push('the save is damaged or cut off; what could be read is used')
  return {kind, items: [...items, ...friends], notes}
}

/**
 * Read key log lines and secret keys alone, one a line. Needs no box.
 * @param mayBeEmpty whether a text without any key is fine, as a key log is that somebody has just begun.
 * @throws InputError for the first bad line.
 */
export function readKeyText(bytes: Uint8Array, name: string, mayBeEmpty = false): KeyFile {
  const reader = new KeyLogReader(name)
  const items = [...reader.push(new TextDecoder().decode(bytes)), ...reader.end()]
  const [error] = reader.errors
  if (error) throw new InputError(error.message, items.length === 0 ? hint : error.hint, 'bad-key')
  const notes: string[] = []
  if (reader.unknown > 0) notes.push(`${countText(reader.unknown, 'line')} with a label that is not known`)
  if (reader.incomplete > 0) notes.push(`${countText(reader.incomplete, 'line')} without a secret or shared key`)
  if (items.length === 0 && !mayBeEmpty) throw new InputError(`${name} holds no key`, hint, 'bad-key')
  return {kind: reader.labelled > 0 || items.length === 0 ? 'keylog' : 'hex_keys', items, notes}
}

function readPair(bytes: Uint8Array, name: string, box: Box): KeyFile {
  if (bytes.length < keyPairBytes)
    throw new InputError(
      `${name} is ${countText(bytes.length, 'byte')} long and no text, so it is no key file`,
      hint,
      'bad-key',
    )
  const claimed = bytes.slice(0, 32)
  const secretKey = bytes.slice(32, keyPairBytes)
  const publicKey = box.publicKey(secretKey)
  const matches = toHex(publicKey) === toHex(claimed)
  // Longer files are read by c-toxcore, which takes the first 64 bytes; but of a file that is something else altogether
  // the keys do not match.
  if (!matches && bytes.length > keyPairBytes)
    throw new InputError(`${name} is no key file of any known kind`, hint, 'bad-key')
  const notes: string[] = []
  if (!matches)
    notes.push(
      'its public key does not belong to its secret key: tox-node refuses such a file, c-toxcore goes on with the secret key',
    )
  if (bytes.length > keyPairBytes)
    notes.push(`the ${countText(bytes.length - keyPairBytes, 'byte')} after the first 64 are ignored`)
  return {kind: 'key_pair', items: [{kind: 'secret_key', publicKey, secretKey}], notes}
}

/** Whether the bytes are text: no control characters but tab and line ends, and UTF-8 as comments may have it. */
export function isKeyText(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f) return false
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** The 64 bytes that tox-bootstrapd and tox-node read. */
export function keyPairFile(pair: KeyPair): Uint8Array {
  const bytes = new Uint8Array(keyPairBytes)
  bytes.set(pair.publicKey)
  bytes.set(pair.secretKey, 32)
  return bytes
}

/** Text with a secret key a line, each after a comment with its public key. */
export function hexKeysFile(pairs: readonly KeyPair[]): string {
  return pairs.map(pair => `# ${toHex(pair.publicKey)}\n${toHex(pair.secretKey)}\n`).join('')
}

/** Key log lines of pairs. */
export function keyLogFile(pairs: readonly KeyPair[]): string {
  const items: SecretKeyItem[] = pairs.map(pair => ({kind: 'secret_key', ...pair}))
  return items.map(item => `${keyLogLine(item)}\n`).join('')
}
