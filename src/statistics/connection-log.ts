import type {Endpoint} from '../wire/chunk.js'

/**
 * What is counted of one connection. Plain data: it goes from thread to thread. Pairs are [client, relay]; times are
 * microseconds since the epoch.
 */
export interface ConnectionLog {
  readonly connection: number
  client: Endpoint | null
  relay: Endpoint | null
  /** Hex. */
  clientPk: string | null
  /** What preceded the handshake: `SOCKS5 to host:port`. */
  prelude: string | null
  start: number | null
  /** Time of the last record that was counted. */
  last: number | null
  /** Records that were counted. */
  records: number
  /** Handshakes and frames. */
  readonly packets: [number, number]
  readonly bytes: [number, number]
  /** Those frames by the state of their boxes. */
  open: number
  sealed: number
  failed: number
  /** Bytes that were not captured, and in how many places. */
  missing: number
  gaps: number
  /** Pings of each side, and the answers to them. */
  readonly pings: [number, number]
  readonly answered: [number, number]
  /** Those of the pings that were surely not answered, and those of which it is not known. */
  readonly lost: [number, number]
  readonly notKnown: [number, number]
}

export const newConnectionLog = (connection: number): ConnectionLog => ({
  connection,
  ...{client: null, relay: null, clientPk: null, prelude: null, start: null, last: null, records: 0},
  ...{
    packets: [0, 0],
    bytes: [0, 0],
    open: 0,
    sealed: 0,
    failed: 0,
    missing: 0,
    gaps: 0,
    pings: [0, 0],
    answered: [0, 0],
    lost: [0, 0],
    notKnown: [0, 0],
  },
})
