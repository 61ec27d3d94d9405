import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'

/**
 * What fixtures/vectors says of the types that this room has to do with; every member is hex unless it says otherwise.
 */
interface Vectors {
  NonceIncrement: {from: string; to: string}
  EncryptedFrame: {hex: string; fields: {key: string; nonce: string; plaintext: string}}
  Session: {
    client_pk: string
    client_sk: string
    relay_pk: string
    relay_sk: string
    client_session_pk: string
    client_session_sk: string
    relay_session_pk: string
    relay_session_sk: string
    client_base_nonce: string
    relay_base_nonce: string
    handshake_shared_key: string
    session_shared_key: string
    c2s_hex: string
    s2c_hex: string
    frames: {dir: 'c2s' | 's2c'; index: number; nonce: string; plaintext: string; hex: string}[]
  }
}

const lines = gunzipSync(readFileSync(new URL('../../fixtures/vectors/vectors.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
const all: {type: string}[] = lines.map(line => JSON.parse(line))

/** The vectors of one type. */
export function vectors<T extends keyof Vectors>(type: T): Vectors[T][] {
  return all.filter(vector => vector.type === type) as unknown as Vectors[T][]
}
