import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {innerVectors} from './inner-vectors.js'
import {fixture} from './records.js'

export interface Vector {
  readonly type: string
  readonly hex?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly keys?: Readonly<Record<string, string>>
}

const [key, nonce, sendback] = ['11'.repeat(32), '22'.repeat(24), '33'.repeat(8)]
const box = (bytes: number): string => '44'.repeat(bytes)

/** Packets of the types that other programs' vectors do not have. A new packet type gets its line here. */
const madeByHand: readonly (Vector & {readonly hex: string})[] = [
  {type: 'Reserved', hex: '0f01'},
  {type: 'GcLossy', hex: `5c${key}${nonce}${box(17)}`},
  {type: 'OnionAnnounceResponse', hex: `84${sendback}${nonce}${box(49)}`},
  {type: 'OnionNewAnnounceResponse', hex: `88${sendback}${nonce}${box(49)}`},
  {type: 'OnionLayer', hex: box(36)},
  {type: 'OnionAnnounceRequest', hex: `83${nonce}${key}${box(120)}`},
  {type: 'OnionNewAnnounceRequest', hex: `87${nonce}${key}${box(200)}`},
  {type: 'OnionDataRequest', hex: `85${key}${nonce}${key}${box(80)}`},
  {type: 'OnionData', hex: box(40)},
]

export const vectors: readonly (Vector & {readonly hex: string})[] = gunzipSync(
  readFileSync(fixture('vectors/vectors.jsonl.gz')),
)
  .toString()
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Vector)
  .flatMap(vector => (vector.hex === undefined ? [] : [{...vector, hex: vector.hex}]))
  .concat(madeByHand, innerVectors)

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
