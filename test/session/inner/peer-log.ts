import {newPeerLog, type PeerLog} from '../../../src/session/inner/tracking/session-log.js'

/** What is known of one end of a net_crypto session before its first packet. */
export const peerLog = (more: Partial<PeerLog> = {}): PeerLog => ({...newPeerLog(null, null), ...more})
