import {limits} from '../../../protocol/limits.js'
import {otherSide, type Side} from '../../../wire/side.js'
import {microsPerSecond} from '../../../wire/time.js'

/** What one peer of a net_crypto session sent. A packet that is seen at both ends or on several paths counts once. */
export interface PeerLog {
  /** DHT key in hex; null: not known. */
  readonly pk: string | null
  /** Real key in hex; null: not known. */
  realPk: string | null
  /** What it said last that it is called; null: nothing. */
  name: string | null
  cookieRequests: number
  cookieResponses: number
  handshakes: number
  /** Crypto data, opened or sealed. */
  packets: number
  sealed: number
  bytes: number
  /** Different lossless packets that were seen, and how often one was sent again. */
  lossless: number
  resent: number
  /** Lossless packets whose number lies between others, from the first that was seen on, and that were never seen. */
  missing: number
  /** Packets of the other peer that it asked for. */
  requested: number
  /** Whether it said that it is online, and since then not that it is offline. */
  isOnline: boolean
  /** Microseconds since the epoch; null: nothing seen, or no times. */
  last: number | null
  /** The latest packet that says that it is there; those alone count for the silence. */
  lastAlive: number | null
}

/** The log of a peer that has sent nothing yet. @param pk, realPk its keys in hex; null: not known. */
export function newPeerLog(pk: string | null, realPk: string | null): PeerLog {
  return {
    pk,
    realPk,
    name: null,
    cookieRequests: 0,
    cookieResponses: 0,
    handshakes: 0,
    packets: 0,
    sealed: 0,
    bytes: 0,
    lossless: 0,
    resent: 0,
    missing: 0,
    requested: 0,
    isOnline: false,
    last: null,
    lastAlive: null,
  }
}

/** One net_crypto session between two peers, over all connections and relays that it uses. */
export interface CryptoSessionLog {
  /** Counts the sessions of a run, from 0. */
  readonly number: number
  /** The peer whose DHT key is smaller is first. */
  readonly peers: readonly [PeerLog, PeerLog]
  /** Times in microseconds since the epoch; null: not seen. */
  first: number | null
  last: number | null
  /** The first crypto data. */
  established: number | null
  isEstablished: boolean
  /** Age in seconds of the cookie in the latest handshake, since the response that brought it; null: not seen. */
  cookieAgeSeconds: number | null
  /** The peer that ended it, and the record that says so. */
  kill: {readonly by: Side; readonly number: number; readonly time: number | null} | null
  /** Number of the session of the same peers that came after it. */
  replacedBy: number | null
  /** The peer whose connection to a relay ended last, and the record; null: it goes on. */
  left: {readonly by: Side; readonly number: number} | null
}

/** How a session ended, or why it did not begin. */
export const sessionEnds = {
  open: 'still open at the end of the capture',
  killed: 'one peer sent a kill packet',
  'killed-after-silence': 'one peer sent a kill packet after the other one had been silent for 32 s',
  silence: 'one peer was silent for 32 s',
  'connection-closed': 'the connection of one peer to the relay ended',
  replaced: 'the same peers began another session',
  'cookie-request-unanswered': 'nobody answered the cookie request',
  'handshake-missing': 'no handshake followed the cookie response',
  'cookie-refused': 'the handshake came with a cookie of over 15 s: its receiver discards it',
  'handshake-unanswered': 'nobody answered the handshake',
} as const

export type SessionEndKind = keyof typeof sessionEnds

export interface SessionEnd {
  readonly how: SessionEndKind
  /** The peer that did it, or did not do it. */
  readonly by: Side | null
  /** Record that shows it; null: none does. */
  readonly number: number | null
}

/** Seconds without a packet after which c-toxcore gives a friend up. FRIEND_CONNECTION_TIMEOUT. */
const silenceSeconds = limits.friendSilence
/** The other peer counts from the arrival of what is seen here. */
const latitudeSeconds = 1

/** @param now microseconds since the epoch: the end of what was captured. */
export function endOf(log: CryptoSessionLog, now: number | null): SessionEnd {
  const {kill, left, replacedBy, peers, isEstablished} = log
  if (kill) {
    const {last, lastAlive} = peers[otherSide(kill.by)]
    const isLate = silenceBefore(lastAlive ?? last, kill.time) >= silenceSeconds - latitudeSeconds
    return {how: isLate ? 'killed-after-silence' : 'killed', by: kill.by, number: kill.number}
  }
  if (!isEstablished) return endOfAttempt(log)
  const silent = ([0, 1] as const).filter(side => silenceBefore(peers[side].last, now) >= silenceSeconds)
  const [first] = silent.toSorted((a, b) => (peers[a].last ?? 0) - (peers[b].last ?? 0))
  if (left) return {how: 'connection-closed', by: left.by, number: left.number}
  if (first !== undefined) return {how: 'silence', by: first, number: null}
  if (replacedBy !== null) return {how: 'replaced', by: null, number: null}
  return {how: 'open', by: null, number: null}
}

function endOfAttempt({peers, cookieAgeSeconds}: CryptoSessionLog): SessionEnd {
  const sides = [0, 1] as const
  const shaking = sides.filter(side => peers[side].handshakes > 0)
  if (shaking.length === 2) return {how: 'open', by: null, number: null}
  const [sender] = shaking
  if (sender !== undefined) {
    const isOld = cookieAgeSeconds !== null && cookieAgeSeconds > limits.cookieLifetime
    return {how: isOld ? 'cookie-refused' : 'handshake-unanswered', by: otherSide(sender), number: null}
  }
  const answering = sides.find(side => peers[side].cookieResponses > 0)
  if (answering !== undefined) return {how: 'handshake-missing', by: otherSide(answering), number: null}
  const asking = sides.find(side => peers[side].cookieRequests > 0)
  return {how: 'cookie-request-unanswered', by: asking === undefined ? null : otherSide(asking), number: null}
}

const silenceBefore = (last: number | null, now: number | null): number =>
  last === null || now === null ? 0 : (now - last) / microsPerSecond
