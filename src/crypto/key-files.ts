import {copyOf} from '../wire/bytes.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {InputError} from '../wire/input-error.js'
import {type OptionNames, refuseUnknownOptions} from '../wire/text/option-names.js'
import {countText} from '../wire/text/phrases.js'
import type {Box, KeyPair} from './box.js'
import type {KeyItem, SecretKeyItem} from './key-item.js'
import {KeyLogReader, keyLogLine} from './keylog.js'
import * as limits from './limits.js'
import {isSealedToxSave, isToxSave, openToxSave, readToxSave} from './tox-save.js'

/** The environment variable with the passphrase of encrypted saves. Actions read it: nothing here may. */
export const passphraseVariable = 'TOXTCP_PASSPHRASE'

/** The kind of a key file, detected from its contents. */
export type KeyFileKind = 'key_pair' | 'hex_keys' | 'keylog' | 'tox_save' | 'sealed_tox_save'

/** Name of each kind in a sentence. */
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
  /** Remarks about the file for the user: sentences without a full stop and without secrets. */
  readonly notes: string[]
  /** Among the notes: that keys beyond a limit are left out, which matters also to a reader of packets. */
  readonly leftOut?: string | undefined
  /** Why its keys may open nothing: a predicate, as `cannot open this`. */
  readonly doubt?: string
  /** Names of peers by public key in hex, which a save knows. */
  readonly names?: ReadonlyMap<string, string>
}

/** What reading some kinds of key files needs. */
export interface KeyFileOptions {
  readonly box: Box
  /** For an encrypted save. */
  readonly passphrase?: string | undefined
}

const optionNames: OptionNames<KeyFileOptions> = {box: true, passphrase: true}

/** Size of the files of tox-bootstrapd, DHT_bootstrap and tox-node: public key, then secret key. */
const keyPairBytes = 64

const hint =
  'a key file is 64 raw bytes (public key, secret key) as tox-bootstrapd and tox-node write them, ' +
  'text with one secret key of 64 hex digits per line, a key log, or a .tox save'

/**
 * Read the keys of a file of any known kind, which is detected from its contents.
 * @param bytes the whole file.
 * @param name of the file, for messages.
 * @throws InputError that quotes no byte of the file.
 */
export async function readKeyFile(bytes: Uint8Array, name: string, options: KeyFileOptions): Promise<KeyFile> {
  refuseUnknownOptions(options, optionNames)
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
    throw new InputError(`${name} is encrypted the way a .tox save is, but contains no save`, hint, 'bad-key')
  return readSave(plain, name, 'sealed_tox_save')
}

function readSave(bytes: Uint8Array, name: string, kind: 'tox_save' | 'sealed_tox_save'): KeyFile {
  const {items, friends, unreadFriends, names, groups, damaged} = readToxSave(bytes)
  if (items.length === 0)
    throw new InputError(
      `${name} is a .tox save without a secret key${damaged ? ': it is damaged or cut off' : ''}`,
      undefined,
      'bad-key',
    )
  const notes = [
    'a save does not contain the DHT key pair that its client uses with relays: ' +
      'its identity opens inner packets, but not handshakes',
  ]
  if (groups > 0)
    notes.push(`${countText(groups, 'group')}: the keys of a group open the handshakes of its relay connections`)
  if (damaged) notes.push('the save is damaged or cut off; only the keys that could be read are used')
  const leftOut =
    unreadFriends > 0
      ? `${countText(unreadFriends, 'friend')} not read: at most ${limits.saveFriends} of a save are`
      : undefined
  if (leftOut !== undefined) notes.push(leftOut)
  const doubt = 'is a .tox save, which cannot open these: it has no key of its connections to relays'
  return {kind, items: [...items, ...friends], notes, leftOut, doubt, names}
}

/**
 * Read a text of key log lines and secret keys, one per line. Needs no box.
 * @param mayBeEmpty accept a text without any key, as a new key log is.
 * @throws InputError for the first bad line.
 */
export function readKeyText(bytes: Uint8Array, name: string, mayBeEmpty = false): KeyFile {
  const reader = new KeyLogReader(name)
  const items = [...reader.push(new TextDecoder().decode(bytes)), ...reader.end()]
  const notes = keyTextNotes(reader, name, items.length > 0, mayBeEmpty)
  return {kind: reader.labelled > 0 || items.length === 0 ? 'keylog' : 'hex_keys', items, notes}
}

/**
 * Remarks about a text of keys that has been read.
 * @throws InputError for the first bad line, and for a text without any key unless it may be empty.
 */
export function keyTextNotes(reader: KeyLogReader, name: string, hasKeys: boolean, mayBeEmpty: boolean): string[] {
  const [error] = reader.errors
  if (error) throw new InputError(error.message, hasKeys ? error.advice : hint, 'bad-key')
  const notes: string[] = []
  if (reader.unknown > 0) notes.push(`${countText(reader.unknown, 'line')} with an unknown label`)
  if (reader.incomplete > 0) notes.push(`${countText(reader.incomplete, 'line')} without a secret or shared key`)
  if (!hasKeys && !mayBeEmpty) throw new InputError(`${name} contains no key`, hint, 'bad-key')
  return notes
}

function readPair(bytes: Uint8Array, name: string, box: Box): KeyFile {
  if (bytes.length < keyPairBytes)
    throw new InputError(`${name} is not a key file (${countText(bytes.length, 'binary byte')})`, hint, 'bad-key')
  const claimed = copyOf(bytes, 0, 32)
  const secretKey = copyOf(bytes, 32, keyPairBytes)
  const publicKey = box.publicKey(secretKey)
  const matches = toHex(publicKey) === toHex(claimed)
  // c-toxcore reads longer files too, and uses the first 64 bytes. In a file of another kind those do not match.
  if (!matches && bytes.length > keyPairBytes)
    throw new InputError(`${name} is not a key file of any known kind`, hint, 'bad-key')
  const notes: string[] = []
  if (!matches)
    notes.push(
      'its public key does not belong to its secret key: tox-node refuses such a file, c-toxcore uses the secret key',
    )
  if (bytes.length > keyPairBytes)
    notes.push(`the ${countText(bytes.length - keyPairBytes, 'byte')} after the first 64 are ignored`)
  const isTurned = !matches && toHex(box.publicKey(claimed)) === toHex(secretKey)
  if (isTurned) notes.push('its halves are exchanged: the public key comes first')
  return {
    kind: 'key_pair',
    items: [{kind: 'secret_key', publicKey, secretKey}],
    notes,
    ...(isTurned && {doubt: 'has its halves exchanged: the public key comes first, then the secret one'}),
  }
}

/** Whether the bytes are text: valid UTF-8, and no control characters besides tabs and line ends. */
export function isKeyText(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f) return false
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** The 64 bytes of a key file as tox-bootstrapd and tox-node read it. */
export function keyPairFile(pair: KeyPair): Uint8Array {
  const bytes = new Uint8Array(keyPairBytes)
  bytes.set(pair.publicKey)
  bytes.set(pair.secretKey, 32)
  return bytes
}

/** Text with one secret key per line, each after a comment with its public key. */
export function hexKeysFile(pairs: readonly KeyPair[]): string {
  return pairs.map(pair => `# ${toHex(pair.publicKey)}\n${toHex(pair.secretKey)}\n`).join('')
}

/** Key log with one line per pair. */
export function keyLogFile(pairs: readonly KeyPair[]): string {
  const items: SecretKeyItem[] = pairs.map(pair => ({kind: 'secret_key', ...pair}))
  return items.map(item => `${keyLogLine(item)}\n`).join('')
}
