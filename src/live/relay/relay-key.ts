import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Box, KeyPair} from '../../crypto/box.js'
import {keyPairFile} from '../../crypto/key-files.js'
import {readKeys} from '../../files/keys/load-keys.js'
import {userFolder} from '../../files/own-folder.js'
import {writeSecretFile} from '../../files/secret-file.js'
import {InputError} from '../../wire/input-error.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The long-term key pair of an embedded relay, and where it is kept. */
export interface RelayKey extends KeyPair {
  /** undefined: it is not kept. */
  readonly file: string | undefined
  /** It was made now. */
  readonly isNew: boolean
}

/**
 * Read the key pair of a relay; the first time, make one and write it, 64 bytes as tox-bootstrapd has them, mode 0600.
 * @param file undefined: `relay.key` in the user's folder for settings; without such a folder, or if the file cannot be
 *   written, the key is not kept.
 * @throws InputError
 */
export async function relayKeyOf(box: Box, file: string | undefined, env: Environment): Promise<RelayKey> {
  const folder = userFolder('config', env)
  const path = file ?? (folder && join(folder, 'relay.key'))
  if (path === undefined) return {...newPair(box), file: undefined, isNew: true}
  if (existsSync(path)) return {...(await readPair(box, path, env)), file: path, isNew: false}
  const pair = newPair(box)
  try {
    if (file === undefined) mkdirSync(dirname(path), {recursive: true, mode: 0o700})
    await writeSecretFile(path, keyPairFile(pair), false)
  } catch (error) {
    if (file !== undefined) throw error
    return {...pair, file: undefined, isNew: true}
  }
  return {...pair, file: path, isNew: true}
}

const newPair = (box: Box): KeyPair => box.keyPair(new Uint8Array(randomBytes(32)))

async function readPair(box: Box, path: string, env: Environment): Promise<KeyPair> {
  const {items} = await readKeys(path, env)
  const secrets = items.flatMap(item => (item.kind === 'secret_key' ? [item.secretKey] : []))
  if (secrets.length !== 1)
    throw new InputError(
      `${path} holds ${secrets.length === 0 ? 'no secret key' : `${secrets.length} secret keys`}`,
      'a relay has one: toxtcp keys make --out relay.key makes a file with one',
      'bad-key',
    )
  return {publicKey: box.publicKey(secrets[0]!), secretKey: secrets[0]!}
}
