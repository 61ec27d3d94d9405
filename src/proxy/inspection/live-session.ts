import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {Keyring} from '../../crypto/keyring.js'
import {checkPacket} from '../../expert/check.js'
import {finding, messageOf} from '../../expert/finding.js'
import type {KeyLogFollower} from '../../files/key-log-follower.js'
import {packetWindow} from '../../protocol/table.js'
import {hostPort} from '../../protocol/text.js'
import type {Verdict} from '../../session/recognition/tox-detector.js'
import {blankRecord, noCauses, type SessionRecord} from '../../session/record.js'
import {Session} from '../../session/session.js'
import {World} from '../../session/world.js'
import type {Chunk, Endpoint, Time} from '../../wire/chunk.js'
import {noShift} from '../../wire/window.js'
import type {SuppressedPacket} from '../intercept/annotations.js'
import {keyLogLooks, keyLogPatience, recordedSegment, toldReasons} from '../limits.js'
import {closingReason, endNote} from '../net/causes.js'
import {type Leg, LiveConnection} from './live-connection.js'
import type {ProxyEvent} from './proxy-event.js'

export interface LiveSessionOptions {
  readonly keyring: Keyring
  /** Every connection goes to a relay, whatever it looks like. */
  readonly isTox: boolean
  /** Given each session's key, once, as soon as it is known, with the proxy's number of the connection. */
  readonly sessionKnown?: ((item: TcpSessionItem, connection: number) => void) | undefined
  /** Key logs that others write. */
  readonly followed?: KeyLogFollower | undefined
  readonly emit: (record: SessionRecord) => void
  /** A sentence for the user. */
  readonly note: (sentence: string) => void
}

/** What passed so far. */
export interface LiveCounts {
  connections: number
  /** Connections to relays, and those of them that were opened by intercepting. */
  tox: number
  intercepted: number
  open: number
  turnedAway: number
  frames: number
  /** Bytes of Tox connections, [client, relay]. */
  bytes: [number, number]
  /** Bytes that were forwarded without being looked at. */
  unseen: number
}

type Of<K extends ProxyEvent['kind']> = Extract<ProxyEvent, {kind: K}>

/** Makes records of what a live proxy carries. Synchronous; what it is told comes in order. */
export class LiveSession {
  readonly counts: LiveCounts = {
    connections: 0,
    tox: 0,
    intercepted: 0,
    open: 0,
    turnedAway: 0,
    frames: 0,
    bytes: [0, 0],
    unseen: 0,
  }
  readonly #options: LiveSessionOptions
  readonly #world = new World()
  readonly #session: Session
  /** By the proxy's number, and, of Tox connections, by the session's. */
  readonly #live = new Map<number, LiveConnection>()
  readonly #legs = new Map<number, LiveConnection>()
  readonly #told = new Set<string>()
  #lookedMicros = 0

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.#session = new Session(options.keyring, record => this.#emit(record), {world: null})
  }

  observe(event: ProxyEvent): void {
    switch (event.kind) {
      case 'opened':
        this.#opened(event)
        return
      case 'connected':
        this.#live.get(event.connection)?.reached(event)
        return
      case 'chunk':
        this.#chunk(event.chunk)
        return
      case 'intercept':
        this.#intercepted(event)
        return
      case 'ending':
        this.#live.get(event.connection)?.ending(event.cause)
        return
      case 'closed':
        this.#closed(event)
        return
      case 'turned_away':
        if (this.counts.turnedAway++ === 0)
          this.#options.note(`${hostPort(event.client)} was turned away: as many connections as are allowed are open`)
    }
  }

  /** Nothing more comes. */
  end(): void {
    for (const number of [...this.#live.keys()]) this.#forget(number)
    this.#session.end()
  }

  #opened(event: Of<'opened'>): void {
    this.counts.connections++
    this.counts.open++
    const live = new LiveConnection(event, this.#options.isTox)
    this.#live.set(event.connection, live)
  }

  #chunk(chunk: Chunk): void {
    const live = this.#live.get(chunk.connection)
    if (live?.leg) this.#pass(live, live.leg, chunk)
    const verdict = live?.recogniser?.push(chunk)
    if (verdict) this.#decide(live!, verdict)
  }

  #decide(live: LiveConnection, verdict: Verdict): void {
    const held = live.recogniser?.chunks ?? []
    live.recogniser = undefined
    // Others are forwarded, and left alone.
    if (verdict.kind === 'other') return
    const {prelude} = verdict
    const id = this.counts.tox++
    const {time} = live.opened
    const ends = {client: live.opened.client, relay: live.relay}
    this.#legs.set(id, live)
    const connection = this.#session.open(
      id,
      {clientEnd: 0, ends, begin: verdict.begin, prelude, isGuess: verdict.isGuess},
      time,
    )
    const leg: Leg = {id, ends, connection}
    live.leg = leg
    this.#logKeys(live, leg)
    for (const off of live.takeHeld()) this.#say(leg, off.packet, off.time)
    for (const chunk of held) this.#pass(live, leg, chunk)
  }

  #pass(live: LiveConnection, leg: Leg, chunk: Chunk): void {
    const {bytes, gap, origin} = chunk
    if (!bytes) {
      this.#session.feed({...chunk, connection: leg.id})
      this.counts.unseen += gap ?? 0
      return
    }
    // As it is recorded: each segment is a packet.
    for (let at = 0, packet = origin?.packet; at < bytes.length; at += recordedSegment, packet = packet && packet + 1) {
      this.#bytes(live, leg, {
        ...chunk,
        bytes: bytes.subarray(at, at + recordedSegment),
        ...(packet && {origin: {packet, offset: 0}}),
      })
    }
  }

  #bytes(live: LiveConnection, leg: Leg, chunk: Chunk): void {
    this.counts.bytes[chunk.end] += chunk.bytes!.length
    if (leg.connection.sessionKey === undefined) this.#lookAtLogs(live, chunk.time!)
    this.#session.feed({...chunk, connection: leg.id})
    this.#logKeys(live, leg)
  }

  /** Before each of the first chunks that nothing opens; later now and then. */
  #lookAtLogs(live: LiveConnection, {micros}: Time): void {
    const {followed} = this.#options
    if (!followed) return
    if (live.looks++ >= keyLogLooks && micros - this.#lookedMicros < keyLogPatience * 1000) return
    this.#lookedMicros = micros
    followed.look()
  }

  #logKeys(live: LiveConnection, leg: Leg): void {
    if (live.isLogged) return
    const item = live.session ?? live.openedWith(leg.connection.sessionKey)
    if (!item) return
    live.isLogged = true
    live.session = item
    this.#options.sessionKnown?.(item, live.opened.connection)
  }

  #intercepted({connection, event, time}: Of<'intercept'>): void {
    const live = this.#live.get(connection)
    if (!live) return
    if (event.kind === 'session') {
      live.session = {kind: 'tcp_session', ...event.session}
      this.counts.intercepted++
      this.#options.keyring.add(live.session, 'the proxy')
      if (live.leg) this.#logKeys(live, live.leg)
    }
    for (const packet of live.marks.add(event)) {
      if (live.leg) this.#say(live.leg, packet, time)
      else live.hold(packet, time)
    }
  }

  #closed(event: Of<'closed'>): void {
    const live = this.#live.get(event.connection)
    if (!live) return
    this.counts.open--
    if (live.recogniser) this.#decide(live, live.recogniser.end())
    const note = endNote(event, live)
    if (note) this.#options.note(note)
    this.#forget(event.connection)
  }

  #forget(number: number): void {
    const live = this.#live.get(number)
    this.#live.delete(number)
    if (live?.leg) {
      this.#session.end(live.leg.id)
      this.#legs.delete(live.leg.id)
    }
    if (live?.session) this.#options.keyring.forgetTcpSession(live.session)
  }

  // Records

  #emit(record: SessionRecord): void {
    const live = this.#legs.get(record.connection!)
    if (!live) {
      this.#options.emit(this.#world.take(record))
      return
    }
    live.heard(record)
    if (record.kind === 'frame') this.counts.frames++
    const {findings, behind} = live.marks.take(record)
    for (const each of findings)
      if (each.code === 'not-intercepted') this.#tellOnce(messageOf(each), live.opened.client)
    const more = [...findings, ...this.#liveFindings(record, live)]
    if (more.length > 0) record.findings = [...record.findings, ...more]
    this.#world.take(record)
    if (record.kind === 'end' && live.endedBy) record.causes = noCauses
    this.#options.emit(record)
    for (const packet of behind) this.#say(live.leg!, packet, record.time)
  }

  /** What a list has no room to say, and the user waits for: why packets stay sealed. */
  #tellOnce(sentence: string, client: Endpoint): void {
    if (this.#told.has(sentence) || this.#told.size >= toldReasons) return
    this.#told.add(sentence)
    this.#options.note(`the connection from ${hostPort(client)} is ${sentence}`)
  }

  #liveFindings(record: SessionRecord, {endedBy}: LiveConnection) {
    if (record.kind === 'gap' && record.findings.some(({code}) => code === 'bytes-missing'))
      return [finding('bytes-not-inspected', {})]
    if (record.kind === 'end' && endedBy) return [finding('closed-by-proxy', {why: closingReason(endedBy)})]
    return []
  }

  /** A packet that did not pass the client's leg, as a record of its own. */
  #say({id, ends}: Leg, {from, plain, finding: found}: SuppressedPacket, time: Time | null): void {
    const window = packetWindow(plain, 0, plain.length, noShift) ?? null
    const record: SessionRecord = {
      ...blankRecord,
      kind: 'packet',
      connection: id,
      ends,
      from,
      time,
      state: 'plain',
      window,
      findings: window ? [found, ...checkPacket(window, from)] : [found],
    }
    this.#options.emit(this.#world.take(record))
  }
}
