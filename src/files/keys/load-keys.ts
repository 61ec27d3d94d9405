import {existsSync} from 'node:fs'
import {dirname, resolve} from 'node:path'
import type {Box} from '../../crypto/box.js'
import type {KeyFile} from '../../crypto/key-files.js'
import type {KeyItem} from '../../crypto/key-item.js'
import {KeyLogReader} from '../../crypto/keylog.js'
import {Keyring} from '../../crypto/keyring/keyring.js'
import * as limits from '../../crypto/limits.js'
import {loadSodium} from '../../crypto/sodium.js'
import {fromHex} from '../../wire/hex/hex-bytes.js'
import {isHex} from '../../wire/hex/is-hex.js'
import {InputError} from '../../wire/input-error.js'
import {countText} from '../../wire/text/phrases.js'
import {asUtf8, utf16Of} from '../../wire/text/utf16.js'
import {readBounded} from '../bounded-file.js'
import {isLongFile, longKeyLogItems} from './long-key-log.js'

/** The environment variable that names one more key log. */
export const keyLogVariable = 'TOXTCP_KEYLOG'

/** A key file: its path, or what is in it. */
export type KeyFileInput = string | Uint8Array

/** The key flags, as every command that prints packets has them. */
export interface KeyOptions {
  /** Key files of any kind, which is detected from their contents. */
  readonly key: readonly KeyFileInput[]
  /** The same, but a file may be without a key, as a new log is. */
  readonly keylog: readonly KeyFileInput[]
  readonly secretKey: readonly string[]
  readonly relayPk: readonly string[]
  /** TOXTCP_KEYLOG and TOXTCP_PASSPHRASE are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface LoadedKeys {
  readonly keyring: Keyring
  /** undefined without a key: libsodium was not loaded. */
  readonly box: Box | undefined
  /** Remarks about the files: sentences that begin with the file's name. */
  readonly notes: string[]
  /** What may keep the keys of a file from opening anything; clauses that name the file. */
  readonly doubts: string[]
  /** Names of peers by public key in hex, from `.tox` saves; where two differ, that of the save given first. */
  readonly names: ReadonlyMap<string, string>
}

/** The key logs of the flags, and the one that the environment names. */
export const keyLogsOf = ({keylog, env}: Pick<KeyOptions, 'keylog' | 'env'>): readonly KeyFileInput[] => {
  const named = env[keyLogVariable]
  return named ? [...keylog, named] : keylog
}

/**
 * Load all keys that the flags and the environment name into one ring: secret keys of flags first, then files in the
 * order given.
 * @param mayBeMissing whether key logs may not exist yet, because somebody looks at them again (`KeyLogFollower`).
 * @throws InputError that quotes no part of a secret.
 */
export async function loadKeys(
  options: KeyOptions,
  {mayBeMissing = false}: {readonly mayBeMissing?: boolean} = {},
): Promise<LoadedKeys> {
  const keyring = new Keyring()
  const notes: string[] = []
  const doubts: string[] = []
  const names = new Map<string, string>()
  const load = async (items: readonly KeyItem[], source: string) => {
    if (items.length > 0) keyring.box ??= await loadSodium()
    for (const item of items) keyring.add(item, source)
  }
  await load(options.secretKey.map(secretKeyOf), '--secret-key')
  await load(options.relayPk.map(relayKeyOf), '--relay-pk')
  const named = options.env[keyLogVariable]
  const files: {input: KeyFileInput; mayBeEmpty: boolean; variable?: string}[] = [
    ...options.key.map(input => ({input, mayBeEmpty: false})),
    ...options.keylog.map(input => ({input, mayBeEmpty: true})),
    ...(named ? [{input: named, mayBeEmpty: true, variable: keyLogVariable}] : []),
  ]
  for (const {input, mayBeEmpty, variable} of files) {
    const name = keyFileName(input, mayBeEmpty)
    if (mayBeMissing && mayBeEmpty && typeof input === 'string' && !existsSync(input)) {
      notes.push(`${name} does not exist yet: its keys are used once they are there`)
      continue
    }
    const long = typeof input === 'string' && isLongFile(input)
    const remarks = long ? await loadLongKeyLog(input, mayBeEmpty, {load, isFull: () => keyring.isFull}) : undefined
    if (remarks) {
      notes.push(...remarks)
      continue
    }
    const file = await readKeys(input, options.env, {mayBeEmpty, variable}).catch(async error => {
      const whole = mayBeMissing && mayBeEmpty ? await wholeLines(input) : undefined
      if (!whole) throw error
      return readKeys(whole, options.env, {mayBeEmpty}).catch(() => {
        throw error
      })
    })
    await load(file.items, name)
    if (file.kind === 'tox_save' || file.kind === 'sealed_tox_save') keyring.saves.add(name, file.items)
    for (const [key, peerName] of file.names ?? []) if (!names.has(key)) names.set(key, peerName)
    if (file.doubt !== undefined) doubts.push(`${name} ${file.doubt}`)
    // What a save lacks matters to whoever looks at the save, not to whoever reads packets with it.
    if (file.kind === 'keylog') notes.push(...file.notes.map(note => `${name}: ${note}`))
    else if (file.leftOut !== undefined) notes.push(`${name}: ${file.leftOut}`)
  }
  if (keyring.dropped > 0) notes.push(`${keyring.dropped} keys or session lines are not used: there are too many`)
  return {keyring, box: keyring.box, notes, doubts, names}
}

/** @returns remarks, whole sentences; undefined: the file is not text, and nothing was loaded. @throws InputError */
async function loadLongKeyLog(
  path: string,
  mayBeEmpty: boolean,
  {load, isFull}: {load: (items: readonly KeyItem[], source: string) => Promise<void>; isFull: () => boolean},
): Promise<string[] | undefined> {
  const {isKeyText, keyTextNotes} = await import('../../crypto/key-files.js')
  const reader = new KeyLogReader(path)
  const pieces = longKeyLogItems(path, reader, isKeyText, isFull)
  let hasKeys = false
  for (let next = await pieces.next(); ; next = await pieces.next()) {
    if (next.done) return next.value === undefined ? undefined : remarks(next.value)
    hasKeys ||= next.value.length > 0
    await load(next.value, path)
  }

  function remarks(unread: number): string[] {
    const notes = keyTextNotes(reader, path, hasKeys, mayBeEmpty)
    if (unread > 0) notes.push(`${countText(unread, 'line')} not read: at most ${limits.keyringKeys} keys are held`)
    return notes.map(note => `${path}: ${note}`)
  }
}

/**
 * Read one key file. libsodium is loaded only if its kind needs it.
 * @param mayBeEmpty accept a text without any key.
 * @param variable the environment variable that named the file, for errors.
 * @param isNamed a configuration named the file: then it is not one itself, which might name the first one.
 * @throws InputError
 */
export async function readKeys(
  input: KeyFileInput,
  env: KeyOptions['env'],
  {
    mayBeEmpty = false,
    variable,
    isNamed = false,
  }: {mayBeEmpty?: boolean | undefined; variable?: string | undefined; isNamed?: boolean} = {},
): Promise<KeyFile> {
  const file =
    typeof input === 'string'
      ? await readBounded(input, limits.keyFileBytes).catch(error => {
          if (variable !== undefined && error instanceof InputError)
            throw new InputError(error.message, `the environment variable ${variable} names this file`, error.code)
          throw error
        })
      : input
  const name = keyFileName(input, mayBeEmpty)
  if (!(file instanceof Uint8Array)) throw new InputError(`${name} is not a path or bytes`, undefined, 'bad-option')
  const bytes = asUtf8(file)
  const {isKeyText, passphraseVariable, readKeyFile, readKeyText} = await import('../../crypto/key-files.js')
  const mayName = typeof input === 'string' && !isNamed && isKeyText(bytes)
  const named = mayName ? keysFileIn(new TextDecoder().decode(bytes)) : undefined
  if (named !== undefined) return readKeys(resolve(dirname(name), named), env, {isNamed: true})
  if (isKeyText(bytes)) return readKeyText(bytes, name, mayBeEmpty)
  return readKeyFile(bytes, name, {box: await loadSodium(), passphrase: env[passphraseVariable]})
}

/** The key file that a tox-node's configuration names, relative to it. */
const keysFileIn = (text: string): string | undefined => /^keys-file:[ \t]*["']?([^"'#\r\n]*[^"'#\s])/m.exec(text)?.[1]

/** A log that is being written, up to its last whole line; undefined: nothing follows that. The rest is read later. */
async function wholeLines(input: KeyFileInput): Promise<Uint8Array | undefined> {
  const file = typeof input === 'string' ? await readBounded(input, limits.keyFileBytes) : input
  const last = file.lastIndexOf(lineFeed)
  // In UTF-16 with the low byte first, a zero follows.
  const end = last < 0 ? 0 : last + (utf16Of(file) === 'utf-16le' ? 2 : 1)
  return end < file.length ? file.subarray(0, end) : undefined
}
const lineFeed = 0x0a

/** The name of a key file in messages. */
export const keyFileName = (input: KeyFileInput, isKeyLog = false): string =>
  typeof input === 'string' ? input : isKeyLog ? 'the key log' : 'the key file'

/** @throws InputError that says which of the flags it is, and not its value */
function secretKeyOf(text: string, index: number): KeyItem {
  if (isHex(text, 32)) return {kind: 'secret_key', publicKey: null, secretKey: fromHex(text)}
  throw new InputError(
    `--secret-key number ${index + 1} is not 64 hex digits but ${text.length} characters`,
    'a secret key is 64 hex digits; for a file of keys use --key FILE',
    'bad-key',
  )
}

function relayKeyOf(text: string): KeyItem {
  if (isHex(text, 32)) return {kind: 'relay_key', publicKey: fromHex(text)}
  throw new InputError(
    `--relay-pk "${text}" is not 64 hex digits`,
    'give the public key of the relay, as in lists of nodes',
    'bad-key',
  )
}
