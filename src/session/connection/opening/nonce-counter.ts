import type {Sealing} from './sealing.js'

/** One side's nonces, and how it seals. */
export interface NonceCounter {
  /** Nonce offset of the next frame. Counted even while nothing opens. */
  index: number
  /** How many frames may have been missed before the next one. */
  missed: number
  failures: number
  /** Frames on which all keys were tried in vain. */
  searched: number
  /** Known once a frame has opened. */
  sealing: Sealing | undefined
  /** Whether mistakes in sealing have been looked for. */
  hasTriedMistakes: boolean
  /** Ways that the side may seal: the one that is known, or else all; undefined: to be found. */
  candidates: readonly Sealing[] | undefined
}

export const newCounter = (): NonceCounter => ({
  index: 0,
  missed: 0,
  failures: 0,
  searched: 0,
  sealing: undefined,
  hasTriedMistakes: false,
  candidates: undefined,
})
