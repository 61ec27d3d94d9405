import {mostPings} from '../probe/limits.js'

/** Bounds of options that are whole numbers, by their names in the library, and of the flags that are the same. */
export const optionBounds = {
  threads: {min: 0, max: 64},
  ports: {min: 1, max: 65_535},
  keep: {min: 1, max: Number.MAX_SAFE_INTEGER},
  split: {min: 1, max: Number.MAX_SAFE_INTEGER},
  seed: {min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER},
  maxConnections: {min: 1, max: Number.MAX_SAFE_INTEGER},
  maxUnconfirmed: {min: 1, max: Number.MAX_SAFE_INTEGER},
  maxPerAddress: {min: 1, max: Number.MAX_SAFE_INTEGER},
  count: {min: 1, max: mostPings},
} as const
