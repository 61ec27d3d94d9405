import type {Box} from '../../crypto/box.js'
import {type KeyFile, keyFileKinds} from '../../crypto/key-files.js'
import {loadSodium} from '../../crypto/sodium.js'
import {readKeys} from '../../files/keys/load-keys.js'
import {rowWidth} from '../../terminal/options/print-options.js'
import {escapeText, jsonText} from '../../view/escape.js'
import {exactLines} from '../../wire/advice.js'
import {isEqualBytes} from '../../wire/bytes.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {InputError} from '../../wire/input-error.js'
import {isSession, type KeysIo, type PairJson, pairJson, pairRows, type Row, rowLine, type SessionItem} from './text.js'

export interface KeysShowOptions {
  readonly files: readonly string[]
  /** Show secret and shared keys. */
  readonly reveal: boolean
  readonly json: boolean
  /** TOXTCP_PASSPHRASE is read from it. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Show what key files hold: public keys and nonces, secrets only with `reveal`. A file of a quarter million sessions is
 * printed as it goes.
 * @returns exit code
 * @throws InputError
 */
export async function keysShow(options: KeysShowOptions, io: KeysIo): Promise<number> {
  const {files, reveal, json, env} = options
  if (files.length === 0)
    throw new InputError(
      'no key file is given',
      exactLines('toxtcp keys show FILE', 'toxtcp keys show FILE FILE'),
      'bad-option',
    )
  const box = await loadSodium()
  // All are read before the first is shown: a mistake in one leaves no half of an output.
  const shown: ShownFile[] = []
  for (const path of files) shown.push(shownFile(path, await readKeys(path, env), {box, reveal}))
  if (json) writeJson(shown, io)
  else for (const [at, file] of shown.entries()) writeText(file, at === 0, io)
  return 0
}

/** What is shown of a file. */
interface ShownFile {
  readonly path: string
  readonly kind: KeyFile['kind']
  /** Made as they are iterated over. */
  readonly keys: Iterable<PairJson>
  readonly sessions: Iterable<SessionJson>
  readonly notes: readonly string[]
}

/** Nonces and public keys of a session line by the names of the key log; null is unknown. */
type SessionJson = Record<string, string | null>

function shownFile(
  path: string,
  {kind, items, notes}: KeyFile,
  {box, reveal}: {readonly box: Box; readonly reveal: boolean},
): ShownFile {
  const pairs = items
    .filter(item => item.kind === 'secret_key')
    .map(({publicKey, secretKey}) => ({claimed: publicKey, publicKey: box.publicKey(secretKey), secretKey}))
  const wrong = pairs.filter(({claimed, publicKey}) => claimed && !isEqualBytes(claimed, publicKey)).length
  return {
    path,
    kind,
    keys: mapped(pairs, pair => pairJson(pair, reveal)),
    sessions: mapped(items.filter(isSession), item => sessionJson(item, reveal)),
    notes:
      wrong === 0
        ? notes
        : [...notes, `${wrong} of its public keys do not belong to the secret keys beside them; the ones shown do`],
  }
}

const mapped = <T, U>(items: readonly T[], change: (item: T) => U): Iterable<U> => ({
  *[Symbol.iterator]() {
    for (const item of items) yield change(item)
  },
})

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

/** One object on one line. */
function writeJson(files: readonly ShownFile[], io: KeysIo): void {
  io.data('{"files":[')
  files.forEach(({path, kind, keys, sessions, notes}, at) => {
    io.data(`${at === 0 ? '' : ','}{"file":${jsonText(path)},"kind":"${kind}","keys":[`)
    writeList(keys, io)
    io.data('],"sessions":[')
    writeList(sessions, io)
    io.data(`],"notes":${jsonText(notes)}}`)
  })
  io.data(']}\n')
}

function writeList(items: Iterable<unknown>, io: KeysIo): void {
  let isFirst = true
  for (const item of items) {
    io.data(`${isFirst ? '' : ','}${jsonText(item)}`)
    isFirst = false
  }
}

function writeText(file: ShownFile, isFirst: boolean, io: KeysIo): void {
  // A line feed in the name would be a line end.
  io.stdout(`${isFirst ? '' : '\n'}${escapeText(file.path)}: ${keyFileKinds[file.kind]}\n`)
  let width = 0
  for (const row of rowsOf(file)) width = Math.max(width, row[0].length)
  const room = rowWidth(io)
  for (const [name, value] of rowsOf(file)) io.stdout(rowLine([`  ${name}`, value], width + 2, room))
}

function* rowsOf({keys, sessions, notes}: ShownFile): Generator<Row> {
  for (const pair of keys) yield* pairRows(pair)
  for (const {kind, ...values} of sessions) {
    yield ['session', kind === 'tcp_session' ? 'client and relay' : 'net_crypto']
    for (const [name, value] of Object.entries(values)) yield [`  ${name.replaceAll('_', ' ')}`, value ?? 'unknown']
  }
  for (const note of notes) yield ['note', note]
}
