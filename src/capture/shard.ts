import {endsHash} from './tcp/ends-hash.js'

/** A share of all TCP connections: those of which a hash of both ends has the remainder `number - 1`. */
export interface Shard {
  /** Place among all shards, from 1. */
  readonly number: number
  readonly count: number
}

/** Whether the connection of a segment belongs to a shard: the same in every run, and for both directions. */
export const isInShard = (segment: Parameters<typeof endsHash>[0], {number, count}: Shard): boolean =>
  spread(endsHash(segment)) % count === number - 1

/** Every bit of the hash counts in the remainder. MurmurHash3, fmix32. @returns unsigned 32 bits. */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
