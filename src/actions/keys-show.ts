import type {Box} from '../crypto/box.js'
import {type KeyFile, keyFileKinds} from '../crypto/key-files.js'
import type {SecretKeyItem} from '../crypto/key-item.js'
import {loadSodium} from '../crypto/sodium.js'
import {readKeys} from '../files/load-keys.js'
import {printJson} from '../terminal/user-output.js'
import {escapeText} from '../view/escape.js'
import {toHex} from '../wire/hex/hex.js'
import {InputError} from '../wire/input-error.js'
import {
  isSession,
  type KeysIo,
  type PairJson,
  pairJson,
  pairRows,
  type Row,
  type SessionItem,
  table,
} from './keys-text.js'

export interface KeysShowOptions {
  readonly files: readonly string[]
  /** Show secret and shared keys. */
  readonly reveal: boolean
  readonly json: boolean
  /** TOXTCP_PASSPHRASE is read from it. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Nonces and public keys of a session line by the names of the key log; null is unknown. */
type SessionJson = Record<string, string | null>

interface FileJson {
  readonly file: string
  readonly kind: KeyFile['kind']
  readonly keys: PairJson[]
  readonly sessions: SessionJson[]
  readonly notes: string[]
}

/**
 * Show what key files hold: public keys and nonces, secrets only with `reveal`.
 * @returns exit code
 * @throws InputError
 */
export async function keysShow(options: KeysShowOptions, io: KeysIo): Promise<number> {
  if (options.files.length === 0)
    throw new InputError('there is no key file to show', 'name one or more: toxtcp keys show FILE')
  const box = await loadSodium()
  const shown: FileJson[] = []
  for (const path of options.files) shown.push(describe(path, await readKeys(path, options.env), box, options.reveal))
  if (options.json) printJson(io, {files: shown})
  else io.stdout(shown.map(fileText).join('\n'))
  return 0
}

function describe(file: string, {kind, items, notes}: KeyFile, box: Box, reveal: boolean): FileJson {
  const pairs = items.filter(item => item.kind === 'secret_key')
  const keys = pairs.map(({secretKey}) => pairJson({publicKey: box.publicKey(secretKey), secretKey}, reveal))
  const wrong = pairs.filter((pair, i) => claimsAnother(pair, keys[i]!)).length
  const sessions = items.filter(isSession).map(item => sessionJson(item, reveal))
  if (wrong > 0)
    notes.push(`${wrong} of its public keys do not belong to the secret keys beside them; the ones shown do`)
  return {file, kind, keys, sessions, notes}
}

function claimsAnother({publicKey}: SecretKeyItem, {public_key}: PairJson): boolean {
  return publicKey !== null && toHex(publicKey) !== public_key
}

function sessionJson(item: SessionItem, reveal: boolean): SessionJson {
  const secret = reveal ? {shared_key: toHex(item.sharedKey)} : {}
  if (item.kind === 'tcp_session') {
    return {
      kind: item.kind,
      client_nonce: hexOr(item.clientNonce),
      relay_nonce: hexOr(item.relayNonce),
      client_base_nonce: hexOr(item.clientBaseNonce),
      relay_base_nonce: hexOr(item.relayBaseNonce),
      ...secret,
    }
  }
  return {
    kind: item.kind,
    public_key_a: toHex(item.publicKeyA),
    public_key_b: toHex(item.publicKeyB),
    base_nonce_a: hexOr(item.baseNonceA),
    base_nonce_b: hexOr(item.baseNonceB),
    ...secret,
  }
}

function hexOr(bytes: Uint8Array | null): string | null {
  return bytes && toHex(bytes)
}

function fileText({file, kind, keys, sessions, notes}: FileJson): string {
  const rows: Row[] = keys.flatMap(pairRows)
  for (const {kind: session, ...values} of sessions) {
    rows.push(['session', session === 'tcp_session' ? 'client and relay' : 'net_crypto'])
    for (const [name, value] of Object.entries(values))
      rows.push([`  ${name.replaceAll('_', ' ')}`, value ?? 'unknown'])
  }
  for (const note of notes) rows.push(['note', note])
  // A line feed would be a line end.
  return `${escapeText(file)}: ${keyFileKinds[kind]}\n${table(rows, '  ')}`
}
