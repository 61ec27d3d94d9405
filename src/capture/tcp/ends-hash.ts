import {i32be} from '../../wire/integers.js'
import type {Segment} from './tcp-segment.js'

type Ends = Pick<Segment, 'addresses' | 'version' | 'sourceAt' | 'sourcePort' | 'destinationAt' | 'destinationPort'>

/**
 * A hash of addresses and ports, the same for both directions: the sum of both ends' hashes. Shards of captures rest on
 * it, so that it has to stay the same in every version.
 * @returns signed 32 bits.
 */
export function endsHash(segment: Ends): number {
  const {addresses, version} = segment
  return (
    (hashEnd(addresses, segment.sourceAt, version, segment.sourcePort) +
      hashEnd(addresses, segment.destinationAt, version, segment.destinationPort)) |
    0
  )
}

function hashEnd(bytes: Uint8Array, at: number, version: 4 | 6, port: number): number {
  let hash = Math.imul(port + 1, 0x9e3779b1)
  for (let i = 0; i < (version === 4 ? 4 : 16); i += 4) {
    hash = Math.imul(hash ^ i32be(bytes, at + i), 0x85ebca6b)
    hash ^= hash >>> 15
  }
  return hash
}
