import type {Box} from '../crypto/box.js'
import type {Address} from '../proxy/explicit/address.js'
import type {StageName} from './stages.js'

/** A relay by its address and public key. */
export interface RelayTarget extends Address {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** What all connections to one relay need. */
export interface ProbeContext {
  readonly box: Box
  readonly relay: RelayTarget
  /** A SOCKS5 proxy through which the relay is reached. */
  readonly socks?: Address | undefined
  /** Time limit for each step. */
  readonly timeoutMilliseconds: number
}

/** Options of `probeTarget`. */
export interface ProbeOptions extends ProbeContext {
  /** Number of pings that are timed. */
  readonly pings: number
  /** Called before each stage. */
  readonly progress?: ((stage: StageName) => void) | undefined
}
