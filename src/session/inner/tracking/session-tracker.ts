import type {Level} from '../../../protocol/levels.js'
import {limits as protocolLimits} from '../../../protocol/limits.js'
import {packetFields} from '../../../protocol/table.js'
import {toHex} from '../../../wire/hex/hex-bytes.js'
import {otherSide, type Side} from '../../../wire/side.js'
import {microsPerSecond} from '../../../wire/time.js'
import {fieldOf, lengthOf, type Window} from '../../../wire/window.js'
import type {Delivery, SessionFacts} from '../../inferred.js'
import {isUnread, type SessionRecord} from '../../record.js'
import {BoundedMap} from '../bounded-map.js'
import * as limits from '../limits.js'
import type {Passage} from '../opening/passage.js'
import {SessionHomes} from '../opening/session-homes.js'
import {Deliveries} from './deliveries.js'
import {FileTracker} from './file-tracker.js'
import {requestedNumbers} from './lossless-packets.js'
import {OpenClients} from './open-clients.js'
import {type CryptoSessionLog, endOf, isAllSeen, isSilenceSeen, newPeerLog} from './session-log.js'
import {StrayCalls} from './stray-calls.js'
import {newTracked, type Step, steps, type Tracked, touch} from './tracked-session.js'

/** Longest crypto data that may end a session: one byte, filled up to eight. c-toxcore CRYPTO_MAX_PADDING. */
const longestKill = 1 + 2 + protocolLimits.mac + 4 + 4 + 8

/** Ids of packets that are sent until they arrive. c-toxcore PACKET_ID_RANGE_LOSSLESS_START, _END. */
const [firstLossless, lastLossless] = [16, 191]

/**
 * Follows net_crypto sessions over all connections: which packet is new, sent again, or the same one seen on its
 * arrival; what is missing; how long answers take; how each session began and ended.
 */
export class SessionTracker {
  /** Latest session of two peers. */
  readonly #current = new BoundedMap<string, Tracked>(limits.cryptoSessions)
  readonly #byKey = new WeakMap<Uint8Array, Tracked>()
  readonly #deliveries: Deliveries
  /** When a cookie response with a cookie was seen: microseconds by the cookie in hex. */
  readonly #cookies = new BoundedMap<string, number>(limits.rememberedPeers)
  readonly #realKeys = new BoundedMap<string, string>(limits.rememberedPeers)
  readonly #clients = new OpenClients()
  /** Sessions of a peer that are not over, oldest first. */
  readonly #byPeer = new BoundedMap<string, Tracked[]>(limits.rememberedPeers)
  readonly #files = new FileTracker()
  readonly #calls = new StrayCalls()
  #count = 0

  constructor(deliveries = new Deliveries(new SessionHomes())) {
    this.#deliveries = deliveries
  }

  /** Sessions that were forgotten because too many others came after them. */
  get dropped(): number {
    return this.#current.dropped
  }

  /** A client begins a connection. @param pk its key in hex. */
  connected(connection: number, pk: string): void {
    this.#clients.connected(connection, pk)
  }

  /** Any record. One whose contents were not seen may end a session. */
  note(record: SessionRecord): void {
    this.#clients.heard(record)
    if (isUnread(record)) this.#clients.unread(record)
  }

  /** No more records come of a connection. */
  over(connection: number): void {
    this.#clients.over(connection)
  }

  /** A connection is over: with its last one, the sessions of a client are, too. */
  disconnected(record: SessionRecord): void {
    const client = this.#clients.disconnected(record)
    if (!client) return
    const {pk, isLast} = client
    const sessions = (this.#byPeer.get(pk) ?? []).filter(({log}) => log.kill === null)
    if (isLast && record.close !== 'capture_end')
      for (const {log} of sessions)
        log.left ??= {by: log.peers[0].pk === pk ? 0 : 1, number: record.number, isCertain: isAllSeen(log)}
    const now = record.time?.micros ?? null
    const ends = sessions.map(({log}) => ({log, end: endOf(log, now)})).filter(({end}) => end.how !== 'unknown')
    if (ends.length > 0) record.inferred = {...record.inferred, sessions: ends}
  }

  /** Adds what follows from the payload of a record. @param levels of the record. */
  take(record: SessionRecord, passage: Passage, levels: readonly Level[]): void {
    const level = levels[1]
    if (level?.window.type.layer !== 'payload' || level.window.type.tail < 0) return
    if (passage.place.id !== passage.pair.id) this.#forget(passage.place.id)
    this.#clients.passed(record, [passage.sender, passage.receiver])
    const {name} = level.window.type
    const step = steps[name]
    if (step) this.#begin(record, passage, level, step)
    else if (name === 'crypto_data') this.#data(record, passage, level, levels[2]?.window)
  }

  /** A packet before the session is established. */
  #begin(record: SessionRecord, passage: Passage, level: Level, step: Step): void {
    const {pair} = passage
    const {name} = level.window.type
    const delivery = this.#deliveries.ofBox(record, pair, level.window, level.opened !== undefined)
    const isNew = delivery.state === 'first'
    const tracked = this.#attempt(pair.id, pair.side, level, isNew) ?? this.#start(pair.id, pair.side, passage)
    const {log} = tracked
    const own = log.peers[pair.side]
    const micros = record.time?.micros ?? null
    if (name === 'crypto_handshake') {
      const sessionPk = hexOf(level.opened, 'session_pk')
      if (sessionPk !== undefined) tracked.sessionPks[pair.side] = sessionPk
      const given = this.#cookies.get(hexOf(level.window, 'cookie') ?? '')
      log.cookieAgeSeconds = given === undefined || micros === null ? null : (micros - given) / microsPerSecond
      const answer = hexOf(level.opened, 'answer_cookie')
      if (answer !== undefined && micros !== null && isNew) this.#cookies.set(answer, micros)
    }
    const cookie = name === 'cookie_response' ? hexOf(level.opened, 'cookie') : undefined
    if (cookie !== undefined && micros !== null && isNew) this.#cookies.set(cookie, micros)
    const real = name === 'cookie_request' ? hexOf(level.opened, 'real_pk') : undefined
    if (real !== undefined) own.realPk = real
    if (real !== undefined && own.pk !== null) this.#realKeys.set(own.pk, real)
    log.isFromStart = true
    if (delivery.isSent) {
      if (own[step]++ === 0) log.asked = micros
      own.last = micros
    }
    touch(tracked, pair.side, record)
    note(record, {log, side: pair.side, delivery, ...nothingMore})
  }

  /** The attempt of two peers that a packet belongs to; undefined: it begins one. */
  #attempt(id: string, side: Side, {window, opened}: Level, isNew: boolean): Tracked | undefined {
    const tracked = this.#current.get(id)
    if (!tracked || !isNew) return tracked
    const {log, sessionPks} = tracked
    if (log.kill || log.left) return undefined
    if (window.type.name === 'cookie_request') return log.isEstablished ? undefined : tracked
    const sessionPk = window.type.name === 'crypto_handshake' ? hexOf(opened, 'session_pk') : undefined
    const known = sessionPks[side]
    return sessionPk !== undefined && known !== undefined && known !== sessionPk ? undefined : tracked
  }

  /** What was at a place of unknown peers goes on as the session of the peers that were found. */
  #forget(id: string): void {
    const tracked = this.#current.get(id)
    if (!tracked) return
    this.#current.delete(id)
    for (const {pk} of tracked.log.peers) {
      const sessions = pk === null ? undefined : this.#byPeer.get(pk)
      if (sessions?.includes(tracked)) sessions.splice(sessions.indexOf(tracked), 1)
    }
  }

  #start(id: string, side: Side, {sender, receiver}: Pick<Passage, 'sender' | 'receiver'>): Tracked {
    const [first, second] = side === 0 ? [sender, receiver] : [receiver, sender]
    const peers = [newPeerLog(first, this.#realKeyOf(first)), newPeerLog(second, this.#realKeyOf(second))] as const
    const sights = [first, second].map(pk => this.#clients.sightOf(pk))
    const tracked = newTracked(this.#count++, peers, sights)
    const {log} = tracked
    const before = this.#current.get(id)
    if (before) before.log.replacedBy = log.number
    this.#current.set(id, tracked)
    for (const {pk} of log.peers)
      if (pk !== null) {
        const sessions = this.#byPeer.get(pk) ?? []
        if (before) sessions.splice(sessions.indexOf(before), sessions.includes(before) ? 1 : 0)
        if (sessions.push(tracked) > limits.sessionsPerPeer) sessions.shift()
        this.#byPeer.set(pk, sessions)
      }
    return tracked
  }

  #realKeyOf(pk: string | null): string | null {
    return (pk !== null && this.#realKeys.get(pk)) || null
  }

  #data(record: SessionRecord, passage: Passage, level: Level, content: Window | undefined): void {
    const {pair, session} = passage
    const {id, side} = pair
    const tracked = this.#ofKey(session?.key, id) ?? this.#start(id, side, passage)
    if (session) {
      tracked.hasKey = true
      this.#byKey.set(session.key, tracked)
    }
    const {log, lossless} = tracked
    const own = log.peers[side]
    const micros = record.time?.micros ?? null
    log.isEstablished = true
    log.established ??= micros
    touch(tracked, side, record)
    const delivery = this.#deliveries.ofBox(record, pair, level.window, level.opened !== undefined)
    const {isNews, isSent} = delivery
    const isSealed = level.opened === undefined
    if (delivery.state === 'first')
      own.mayEndAt = isSealed && lengthOf(level.window) <= longestKill ? record.number : null
    else if (!isSealed && delivery.first === own.mayEndAt) own.mayEndAt = null
    if (isSealed && delivery.state === 'first') own.lastSealed = micros
    if (isSent) {
      own.packets++
      own.bytes += lengthOf(level.window)
      if (!level.opened) own.sealed++
      own.last = micros
    } else if (isNews) own.sealed--
    const number = numberOf(level.opened, 'packet_number')
    const start = numberOf(level.opened, 'buffer_start')
    if (number === undefined || start === undefined) {
      if (isSent) lossless[side].newest(true)
      note(record, {log, side, delivery, ...nothingMore})
      return
    }
    const missing = content ? requestedNumbers(content, start) : []
    if (isSent || isNews) own.requested += missing.length
    const roundTripMicros =
      record.from === 'relay' && micros !== null ? lossless[otherSide(side)].acknowledged(start, micros) : null
    const kind = content ? content.bytes[content.start]! : kindIn(level.opened)
    const isLossless = kind >= firstLossless && kind <= lastLossless
    const before = isLossless && (isSent || isNews) ? this.#losslessBefore(record, tracked, side, number) : undefined
    if (!isLossless) lossless[side].reached(number)
    if (isSent && !before) lossless[side].newest(false)
    if ((isSent || isNews) && content) this.#content(record, log, side, content)
    const isEnd = log.kill?.number === record.number
    const {unacknowledged} = lossless[side]
    const known = {
      log,
      side,
      delivery: (isSent ? before : undefined) ?? delivery,
      missing,
      roundTripMicros,
      unacknowledged,
    }
    const facts: SessionFacts = isEnd ? {...known, end: endOf(log, micros)} : known
    note(record, facts)
    if (!content) return
    const isNew = isNews && !before
    const stray = isNew ? this.#calls.take(content, facts) : undefined
    if (stray) record.findings = [...record.findings, stray]
    const file = this.#files.take(content, facts, number, isNew, lossless[side])
    if (file) note(record, {...facts, file})
  }

  /** The session of a key, else the latest of two peers where nothing speaks against it. */
  #ofKey(key: Uint8Array | undefined, id: string): Tracked | undefined {
    const known = key && this.#byKey.get(key)
    if (known) return known
    const current = this.#current.get(id)
    return key && current?.hasKey ? undefined : current
  }

  /** @returns how a lossless packet relates to those before, where one with its number was sent before. */
  #losslessBefore(
    {number: record, from, time}: SessionRecord,
    {log, lossless}: Tracked,
    side: Side,
    number: number,
  ): Delivery | undefined {
    const first = this.#deliveries.sentBefore(record, log.number, side, number)
    if (first !== undefined) {
      lossless[side].resent(number)
      return {state: 'again', first}
    }
    lossless[side].sent(number, from === 'client' ? (time?.micros ?? null) : null)
    return undefined
  }

  #content({number, time}: SessionRecord, log: CryptoSessionLog, side: Side, content: Window): void {
    const {name} = content.type
    const micros = time?.micros ?? null
    if (name === 'alive') log.peers[side].lastAlive = micros
    else if (name === 'online') log.peers[side].isOnline = true
    else if (name === 'offline') log.peers[side].isOnline = false
    else if (name === 'nickname') log.peers[side].name = packetFields(content, 'nickname')?.nickname || null
    else if (name === 'crypto_kill') {
      const isCertain = micros !== null && isSilenceSeen(log, otherSide(side), micros)
      log.kill ??= {by: side, number, time: micros, isCertain}
    }
  }
}

/** What stays unknown of a packet whose numbers are not known. */
const nothingMore = {missing: [], roundTripMicros: null, unacknowledged: null} as const

function note(record: SessionRecord, session: SessionFacts): void {
  record.inferred = record.inferred === undefined ? {session} : {...record.inferred, session}
}

function hexOf(window: Window | undefined, name: string): string | undefined {
  const value = window && fieldOf(window, name)
  return value instanceof Uint8Array ? toHex(value) : undefined
}

/** The first byte of what a plaintext carries, which no packet type has; 0: it carries nothing. */
function kindIn(plain: Window | undefined): number {
  const data = plain && fieldOf(plain, 'data')
  return data instanceof Uint8Array ? (data[0] ?? 0) : 0
}

function numberOf(window: Window | undefined, name: string): number | undefined {
  const value = window && fieldOf(window, name)
  return typeof value === 'number' ? value : undefined
}
