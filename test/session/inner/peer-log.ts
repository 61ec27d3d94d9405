import type {PeerLog} from '../../../src/session/inner/tracking/session-log.js'

/** What is known of one end of a net_crypto session before its first packet. */
export const peerLog = (more: Partial<PeerLog> = {}): PeerLog => ({
  ...{pk: null, realPk: null, name: null},
  ...{cookieRequests: 0, cookieResponses: 0, handshakes: 0, packets: 0, sealed: 0, bytes: 0},
  ...{lossless: 0, resent: 0, missing: 0, requested: 0, isOnline: false, last: null, lastAlive: null},
  ...more,
})
