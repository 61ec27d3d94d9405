import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'

const file = new URL('../../fixtures/vectors/vectors.jsonl.gz', import.meta.url)

/** All hex. */
export interface Keys {
  readonly client_pk: string
  readonly client_sk: string
  readonly relay_pk: string
  readonly relay_sk: string
  readonly client_session_pk: string
  readonly client_session_sk: string
  readonly relay_session_pk: string
  readonly relay_session_sk: string
  readonly client_base_nonce: string
  readonly relay_base_nonce: string
  readonly handshake_shared_key: string
  readonly session_shared_key: string
}

export interface HandshakeVector {
  readonly hex: string
  readonly fields: {readonly nonce: string}
  readonly keys: Keys
}

export interface SessionVector extends Keys {
  readonly c2s_hex: string
  readonly s2c_hex: string
  readonly frames: readonly {
    readonly dir: 'c2s' | 's2c'
    readonly index: number
    readonly plaintext: string
    readonly hex: string
  }[]
}

interface Vectors {
  readonly ClientHandshake: HandshakeVector
  readonly ServerHandshake: HandshakeVector
  readonly Session: SessionVector
}

const lines = gunzipSync(readFileSync(file))
  .toString()
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as {readonly type: string})

/** All vectors of one type. */
export const vectorsOf = <K extends keyof Vectors>(type: K): Vectors[K][] =>
  lines.filter(line => line.type === type) as unknown as Vectors[K][]

export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
