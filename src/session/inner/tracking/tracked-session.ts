import type {Side} from '../../../wire/side.js'
import type {SessionRecord} from '../../record.js'
import {LosslessPackets} from './lossless-packets.js'
import type {CryptoSessionLog, PeerLog} from './session-log.js'

/** A session, and what following it needs. */
export interface Tracked {
  readonly log: CryptoSessionLog
  readonly lossless: readonly [LosslessPackets, LosslessPackets]
  /** Session public keys of both sides, in hex. */
  readonly sessionPks: [string | undefined, string | undefined]
  /** Whether a key of crypto data belongs to it. */
  hasKey: boolean
  /** The peer whose latest packet stays sealed and may end the session; undefined: neither. */
  mayEndBy: Side | undefined
  /** The record of its latest packet. */
  latest: number
}

/** A session that begins. @param number counts the sessions of a run. */
export function newTracked(number: number, peers: readonly [PeerLog, PeerLog]): Tracked {
  return {
    log: {
      ...{number, peers, first: null, last: null, established: null, isEstablished: false},
      ...{cookieAgeSeconds: null, kill: null, replacedBy: null, left: null},
    },
    lossless: [new LosslessPackets(peers[0]), new LosslessPackets(peers[1])],
    ...{sessionPks: [undefined, undefined], hasKey: false, mayEndBy: undefined, latest: 0},
  }
}

/** A packet of a session was seen. */
export function touch(tracked: Tracked, side: Side, {time, from, number}: SessionRecord): void {
  const {log} = tracked
  tracked.latest = number
  const micros = time?.micros ?? null
  log.first ??= micros
  log.last = micros
  // What the relay passes on may have been sent before the connection ended.
  if (from === 'client' && log.left?.by === side) log.left = null
}
