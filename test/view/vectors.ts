import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {fixture} from './records.js'

export interface Vector {
  readonly type: string
  readonly hex?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly keys?: Readonly<Record<string, string>>
}

export const vectors: readonly (Vector & {readonly hex: string})[] = gunzipSync(
  readFileSync(fixture('vectors/vectors.jsonl.gz')),
)
  .toString()
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Vector)
  .flatMap(vector => (vector.hex === undefined ? [] : [{...vector, hex: vector.hex}]))

const named: Readonly<Record<string, string>> = {
  ServerHandshake: 'relay_handshake',
  'IpPort/padded': 'padded_ip_port',
  'IpPort/unpadded': 'ip_port',
  PackedNode: 'node',
}

/** Type name of a vector's outermost level. EncryptedFrame has none: its plaintext is any packet. */
export function typeNameOf({type}: Vector): string {
  const base = type.replace(/\/.*/, '')
  return named[type] ?? base.replace(/(?<=[a-z])[A-Z]/g, letter => `_${letter}`).toLowerCase()
}
