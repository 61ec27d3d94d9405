import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {checkPacket} from '../../expert/check.js'
import {finding, messageOf} from '../../expert/finding.js'
import type {Peers} from '../../expert/peers.js'
import {packetWindow} from '../../protocol/table.js'
import {hostPort} from '../../protocol/text.js'
import type {Verdict} from '../../session/recognition/tox-detector.js'
import {blankRecord, noCauses, type SessionRecord} from '../../session/record.js'
import {Session} from '../../session/session.js'
import {World} from '../../session/world.js'
import type {Chunk, Time} from '../../wire/chunk.js'
import {noShift} from '../../wire/window.js'
import {addressText} from '../explicit/address.js'
import type {SuppressedPacket} from '../intercept/annotations.js'
import {recordedSegment, shownReasons} from '../limits.js'
import {closingReason, endNote} from '../net/causes.js'
import {AlteredPackets} from './altered-packets.js'
import {type Leg, LiveConnection} from './live-connection.js'
import {emptyCounts, type LiveCounts} from './live-counts.js'
import type {ProxyEvent} from './proxy-event.js'

export interface LiveSessionOptions {
  readonly keyring: Keyring
  /** Take every connection for Tox, whatever its bytes are. */
  readonly isTox: boolean
  /** Which implementations all ends are; undefined: what the packets of each connection show. */
  readonly peers?: Peers | undefined
  /**
   * Called once for each session as soon as its key is known, with the proxy's number of the connection and that of its
   * records.
   */
  readonly sessionKnown?: ((item: TcpSessionItem, connection: number, recorded: number) => void) | undefined
  readonly emit: (record: SessionRecord) => void
  /** A sentence for the user. */
  readonly note: (sentence: string) => void
}

type Of<K extends ProxyEvent['kind']> = Extract<ProxyEvent, {kind: K}>

/** Makes records of a live proxy's events, which come in order. Synchronous. */
export class LiveSession {
  readonly counts: LiveCounts = emptyCounts()
  readonly #options: LiveSessionOptions
  readonly #world: World
  readonly #session: Session
  /** Open connections by the proxy's number; those to relays also by the session's number. */
  readonly #live = new Map<number, LiveConnection>()
  readonly #legs = new Map<number, LiveConnection>()
  readonly #shown = new Set<string>()
  readonly #altered = new AlteredPackets()

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.#world = new World(options.keyring, options.peers)
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
        this.#turnedAway(event)
        return
      case 'accept_failed':
        if (event.isOutOfDescriptors) this.#outOfDescriptors()
        else this.#noteOnce('a connection could not be accepted: ', event.message)
    }
  }

  /** Nothing more comes. */
  end(): void {
    for (const number of [...this.#live.keys()]) this.#forget(number)
    this.#session.end()
  }

  #turnedAway({client, reason}: Of<'turned_away'>): void {
    if (reason === 'descriptors') this.#outOfDescriptors()
    else if (this.counts.turnedAway++ === 0)
      this.#options.note(`${hostPort(client)} was turned away: the maximum number of connections is open`)
  }

  #outOfDescriptors(): void {
    if (this.counts.outOfDescriptors++ === 0)
      this.#options.note('out of file descriptors: new connections are turned away until others end (see ulimit -n)')
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
    const verdict = live?.detector?.push(chunk)
    if (verdict) this.#decide(live!, verdict)
  }

  #decide(live: LiveConnection, verdict: Verdict): void {
    const {chunks: held = [], protocol} = live.detector ?? {}
    live.detector = undefined
    // Other protocols are forwarded only.
    if (verdict.kind !== 'tox') {
      live.protocol = protocol
      return
    }
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
    for (const off of live.takeHeld()) this.#emitSuppressed(leg, off.packet, off.time)
    for (const chunk of held) this.#pass(live, leg, chunk)
  }

  #pass(live: LiveConnection, leg: Leg, chunk: Chunk): void {
    const {bytes, gap, origin} = chunk
    if (!bytes) {
      this.#session.feed({...chunk, connection: leg.id})
      this.counts.unseen += gap ?? 0
      return
    }
    // A recording splits long chunks in the same way: each segment is a packet.
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
    this.#session.feed({...chunk, connection: leg.id})
    this.#logKeys(live, leg)
  }

  #logKeys(live: LiveConnection, leg: Leg): void {
    if (live.isLogged) return
    const item = live.session ?? live.openedWith(leg.connection.sessionKey)
    if (!item) return
    live.isLogged = true
    live.session = item
    this.#options.sessionKnown?.(item, live.opened.connection, leg.id)
  }

  #intercepted({connection, event, time}: Of<'intercept'>): void {
    const live = this.#live.get(connection)
    if (!live) return
    if (event.kind === 'session') {
      live.session = {kind: 'tcp_session', ...event.session, isOwn: true}
      if (!live.isEmbedded) this.counts.intercepted++
      this.#options.keyring.add(live.session, 'the proxy')
      if (live.leg) this.#logKeys(live, live.leg)
    }
    for (const packet of live.annotations.add(event)) {
      if (live.leg) this.#emitSuppressed(live.leg, packet, time)
      else live.hold(packet, time)
    }
  }

  #closed(event: Of<'closed'>): void {
    const live = this.#live.get(event.connection)
    if (!live) return
    this.counts.open--
    if (live.detector) this.#decide(live, live.detector.end())
    if (event.cause === 'dial_no_descriptors') this.#outOfDescriptors()
    const protocol = live.protocol ? `${live.protocol}, ` : ''
    if (!live.leg && live.requested)
      this.#noteOnce(
        `the connection from ${hostPort(live.opened.client)} `,
        `to ${addressText(live.requested)} is ${protocol}not Tox: it was forwarded only`,
      )
    const note = endNote(event, live)
    if (note) this.#options.note(note)
    this.#forget(event.connection)
  }

  #forget(number: number): void {
    const live = this.#live.get(number)
    this.#live.delete(number)
    if (live?.leg) {
      this.#session.end(live.leg.id)
      this.#world.over(live.leg.id)
      this.#legs.delete(live.leg.id)
      this.#altered.forget(live.leg.id)
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
    const {findings, following} = live.annotations.take(record)
    for (const each of findings)
      if (each.code === 'not-intercepted')
        this.#noteOnce(`the connection from ${hostPort(live.opened.client)} is `, messageOf(each))
    const more = [...findings, ...this.#liveFindings(record, live)]
    if (more.length > 0) record.findings = [...record.findings, ...more]
    this.#world.take(record)
    this.#altered.note(record)
    if (record.kind === 'end') this.#explainEnd(record, live)
    this.#options.emit(record)
    for (const packet of following) this.#emitSuppressed(live.leg!, packet, record.time)
  }

  /** Name no cause if the proxy itself closed, and what its script did if nothing else is known. */
  #explainEnd(record: SessionRecord, {endedBy}: LiveConnection): void {
    if (endedBy) record.causes = noCauses
    else record.causes = this.#altered.causesOf(record)
  }

  /** Say once, for the first of its subjects, what a packet list has no room for. */
  #noteOnce(subject: string, sentence: string): void {
    if (this.#shown.has(sentence) || this.#shown.size >= shownReasons) return
    this.#shown.add(sentence)
    this.#options.note(`${subject}${sentence}`)
  }

  #liveFindings(record: SessionRecord, {endedBy}: LiveConnection) {
    if (record.kind === 'gap' && record.findings.some(({code}) => code === 'bytes-missing'))
      return [finding('bytes-not-inspected', {})]
    if (record.kind === 'end' && !record.isSecond && endedBy)
      return [finding('closed-by-proxy', {why: closingReason(endedBy)})]
    return []
  }

  /** Emit a record for a packet that did not pass the client's leg. */
  #emitSuppressed({id, ends}: Leg, {from, plain, finding: found}: SuppressedPacket, time: Time | null): void {
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
    this.#world.take(record)
    this.#altered.note(record)
    this.#options.emit(record)
  }
}
