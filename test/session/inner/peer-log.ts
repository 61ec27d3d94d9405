import {
  type CryptoSessionLog,
  newPeerLog,
  newSessionLog,
  type PeerLog,
} from '../../../src/session/inner/tracking/session-log.js'

/** What is known of one end of a net_crypto session before its first packet. */
export const peerLog = (more: Partial<PeerLog> = {}): PeerLog => ({...newPeerLog(null, null), ...more})

/** What is known of a session of which everything was seen. */
export const sessionLog = (
  peers: readonly [PeerLog, PeerLog],
  more: Partial<CryptoSessionLog> = {},
): CryptoSessionLog => ({...newSessionLog(0, peers, []), isFromStart: true, first: 0, last: 0, ...more})
