import type {Sealing} from './sealing.js'

/** What became of one sealed piece. */
export type Opening =
  /** Plaintext in bytes[start,end). */
  | {
      readonly state: 'open'
      readonly bytes: Uint8Array
      readonly start: number
      readonly end: number
      readonly index: number
      /** How far its nonce is from the expected one, usually 0. */
      readonly offset: number
      /** How the side seals, on the first frame that shows it. */
      readonly sealing: Sealing | undefined
    }
  | {
      readonly state: 'failed'
      readonly index: number
      /** Trust in the key, where this is the first failure: of its side with a certain key, else of the connection. */
      readonly first: 'certain' | 'likely' | undefined
      /** Number of nonces. */
      readonly tried: number
    }
  | {readonly state: 'sealed'; readonly index: number | null}
