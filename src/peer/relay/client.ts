import type {RelayEnd} from '../relay-end.js'
import {Links} from './links.js'

/** One client of a relay, from its accepted connection on. Times are milliseconds of the caller's clock. */
export class RelayClient {
  readonly connection: number
  /** IP address that it came from. */
  readonly ip: string
  readonly end: RelayEnd
  readonly openedAt: number
  readonly links = new Links<RelayClient>()
  /** Long-term public key, hex; undefined before its handshake. */
  key: string | undefined
  publicKey: Uint8Array | undefined
  /** It has sent a good frame. */
  isConfirmed = false
  /** Other clients can reach it. */
  isRegistered = false
  /** Data for it is dropped: too many bytes wait already. */
  isCongested = false
  /** Id of the last ping that it was sent, hex; kept after its answer. */
  ping: string | undefined
  isPingAnswered = true
  /** When the last ping was sent; at first, when it was registered. */
  pingedAt = 0
  handshakeAt = 0
  /** Good frames that it has sent. */
  frames = 0

  constructor(connection: number, ip: string, end: RelayEnd, openedAt: number) {
    this.connection = connection
    this.ip = ip
    this.end = end
    this.openedAt = openedAt
  }
}
