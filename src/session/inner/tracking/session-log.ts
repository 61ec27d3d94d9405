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
  /** Its latest packet that stays sealed: microseconds since the epoch; null: none, or no times. */
  lastSealed: number | null
  /** Record of its latest packet, if that stays sealed and is as short as one that ends the session. */
  mayEndAt: number | null
}

/** What was not seen of the connections of a client. */
export interface Sight {
  /** The latest record whose contents were not seen, 0: none; and its microseconds since the epoch, null: no times. */
  unread: number
  time: number | null
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
    lastSealed: null,
    mayEndAt: null,
  }
}

/** A packet with which a peer ends a session. */
export interface Kill {
  readonly by: Side
  /** Its record. */
  readonly number: number
  /** Microseconds since the epoch; null: not known. */
  readonly time: number | null
  /** Whether all was seen that may show that the other peer had not been silent. */
  readonly isCertain: boolean
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
  /** Whether a packet was seen with which sessions begin. */
  isFromStart: boolean
  /** The first packet of the latest step before the session is established: microseconds since the epoch. */
  asked: number | null
  /** Record of its latest packet. */
  latest: number
  /** Where packets of the session may have gone unseen; shared with other sessions of the same peers. */
  readonly sights: readonly Sight[]
  /** Age in seconds of the cookie in the latest handshake, since the response that brought it; null: not seen. */
  cookieAgeSeconds: number | null
  /** The packet that ended it. */
  kill: Kill | null
  /** Number of the session of the same peers that came after it. */
  replacedBy: number | null
  /**
   * The peer whose connection to a relay ended last, the record, and whether all was seen that may have ended the
   * session before. null: it goes on.
   */
  left: {readonly by: Side; readonly number: number; readonly isCertain: boolean} | null
}

/** The log of a session of which nothing was seen yet. */
export const newSessionLog = (
  number: number,
  peers: readonly [PeerLog, PeerLog],
  sights: readonly Sight[],
): CryptoSessionLog => ({
  ...{number, peers, sights, first: null, last: null, established: null, isEstablished: false},
  ...{isFromStart: false, asked: null, latest: 0},
  ...{cookieAgeSeconds: null, kill: null, replacedBy: null, left: null},
})

/**
 * How a session ended, or why it did not begin. Each is said only where all was seen that may show another end; what
 * goes over UDP, or over relays that were not captured, cannot be seen.
 */
export const sessionEnds = {
  open: 'still open at the end of the capture',
  unknown: 'not known: a packet that stayed sealed or was not captured may have ended it',
  killed: 'one peer sent a kill packet, and the other one had not been silent for 32 s',
  'killed-after-silence': 'one peer sent a kill packet after the other one had been silent for 32 s',
  'killed-after-unseen': 'one peer sent a kill packet; whether the other one had been silent was not seen',
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

/** Seconds in which an answer comes: c-toxcore asks again each second. */
const answerSeconds = limits.inFlightSeconds

/** @param now microseconds since the epoch: the end of what was captured. */
export function endOf(log: CryptoSessionLog, now: number | null): SessionEnd {
  const {kill, left, replacedBy, peers, isEstablished} = log
  if (kill) return {how: killOf(log, kill), by: kill.by, number: kill.number}
  if (!(left?.isCertain ?? (replacedBy === null ? isAllSeen(log) : isSeenWhole(log)))) return unknown
  if (!isEstablished) return endOfAttempt(log, now)
  const silent = ([0, 1] as const).filter(side => silenceBefore(peers[side].last, now) >= silenceSeconds)
  const [first] = silent.toSorted((a, b) => (peers[a].last ?? 0) - (peers[b].last ?? 0))
  if (left) return {how: 'connection-closed', by: left.by, number: left.number}
  if (first !== undefined) return {how: 'silence', by: first, number: null}
  if (replacedBy !== null) return {how: 'replaced', by: null, number: null}
  return open
}

const open: SessionEnd = {how: 'open', by: null, number: null}
const unknown: SessionEnd = {how: 'unknown', by: null, number: null}

/** Whether everything was seen that may have ended a session since its latest packet. */
export const isAllSeen = ({peers, sights, latest}: CryptoSessionLog): boolean =>
  peers.every(({mayEndAt}) => mayEndAt === null) && sights.every(({unread}) => unread < latest)

/** Whether everything of its peers was seen, so that what seems to begin another session is not a part of this one. */
const isSeenWhole = (log: CryptoSessionLog): boolean =>
  log.isFromStart && isAllSeen(log) && log.sights.every(({unread}) => unread === 0)

/** When the other peer must have been heard by, not to have been silent where a session ends at this time. */
const silentSince = (time: number): number => time - (silenceSeconds - latitudeSeconds) * microsPerSecond

/** Whether all was seen that may show that a peer has not been silent for as long as ends a session. */
export function isSilenceSeen({peers, sights, isFromStart, first}: CryptoSessionLog, side: Side, now: number): boolean {
  const since = silentSince(now)
  const {lastSealed} = peers[side]
  const wasThere = isFromStart || (first !== null && first <= since)
  const isOpen = lastSealed === null || lastSealed <= since
  return wasThere && isOpen && sights.every(({unread, time}) => unread === 0 || (time !== null && time <= since))
}

function killOf({peers}: CryptoSessionLog, {by, time, isCertain}: Kill): SessionEndKind {
  const {last, lastAlive} = peers[otherSide(by)]
  if (time === null) return 'killed-after-unseen'
  const since = silentSince(time)
  if (lastAlive !== null && lastAlive > since) return 'killed'
  if (!isCertain) return 'killed-after-unseen'
  return (lastAlive ?? last ?? time) <= since ? 'killed-after-silence' : 'killed'
}

function endOfAttempt({peers, cookieAgeSeconds, asked, left}: CryptoSessionLog, now: number | null): SessionEnd {
  const sides = [0, 1] as const
  const shaking = sides.filter(side => peers[side].handshakes > 0)
  const mayStillCome = left === null && asked !== null && silenceBefore(asked, now) < answerSeconds
  if (shaking.length === 2 || mayStillCome) return open
  const [sender] = shaking
  if (sender !== undefined) {
    const isOld = cookieAgeSeconds !== null && cookieAgeSeconds > limits.cookieLifetime
    return {how: isOld ? 'cookie-refused' : 'handshake-unanswered', by: otherSide(sender), number: null}
  }
  const answering = sides.find(side => peers[side].cookieResponses > 0)
  if (answering !== undefined) return {how: 'handshake-missing', by: otherSide(answering), number: null}
  const asking = sides.find(side => peers[side].cookieRequests > 0)
  // Only copies were seen, of packets that were taken for those of others.
  if (asking === undefined) return unknown
  return {how: 'cookie-request-unanswered', by: otherSide(asking), number: null}
}

const silenceBefore = (last: number | null, now: number | null): number =>
  last === null || now === null ? 0 : (now - last) / microsPerSecond
