import type {Side} from '../../../wire/side.js'
import type {SessionRecord} from '../../record.js'
import {LosslessPackets} from './lossless-packets.js'
import {type CryptoSessionLog, newSessionLog, type PeerLog, type Sight} from './session-log.js'

/** Counts of the packets with which a session begins. */
export type Step = 'cookieRequests' | 'cookieResponses' | 'handshakes'

/** What is counted of a packet, by its type. */
export const steps: Readonly<Record<string, Step | undefined>> = {
  cookie_request: 'cookieRequests',
  cookie_response: 'cookieResponses',
  crypto_handshake: 'handshakes',
}

/** A session, and what following it needs. */
export interface Tracked {
  readonly log: CryptoSessionLog
  readonly lossless: readonly [LosslessPackets, LosslessPackets]
  /** Session public keys of both sides, in hex. */
  readonly sessionPks: [string | undefined, string | undefined]
  /** Whether a key of crypto data belongs to it. */
  hasKey: boolean
}

/**
 * A session that begins.
 * @param number counts the sessions of a run.
 * @param sights where its packets may go unseen.
 */
export function newTracked(number: number, peers: readonly [PeerLog, PeerLog], sights: readonly Sight[]): Tracked {
  return {
    log: newSessionLog(number, peers, sights),
    lossless: [new LosslessPackets(peers[0]), new LosslessPackets(peers[1])],
    ...{sessionPks: [undefined, undefined], hasKey: false},
  }
}

/** A packet of a session was seen. */
export function touch({log}: Tracked, side: Side, {time, from, number}: SessionRecord): void {
  log.latest = number
  const micros = time?.micros ?? null
  log.first ??= micros
  log.last = micros
  // What the relay passes on may have been sent before the connection ended.
  if (from === 'client' && log.left?.by === side) log.left = null
}
