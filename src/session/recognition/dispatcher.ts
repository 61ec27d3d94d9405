import type {Keyring} from '../../crypto/keyring/keyring.js'
import {limits} from '../../protocol/limits.js'
import {copyOf} from '../../wire/bytes.js'
import type {Chunk, Conflict, End} from '../../wire/chunk.js'
import {Fifo} from '../../wire/memory/fifo.js'
import {fromHandshakes} from '../connection-setup.js'
import type {ConnectionSink} from '../connection-sink.js'
import {EndpointHints} from './hints/endpoint-hints.js'
import {mayBeRelay} from './hints/relay-votes.js'
import {ToxDetector, type Verdict, type WaitingChunk} from './tox-detector.js'
import {newlyTracked, setAside, type TcpOpening, type TrackedConnection} from './tracked-connection.js'

/** What waits for its turn: a connection's beginning and end, and what comes between. */
type Waiting = Chunk | {readonly conflict: Conflict} | 'start' | 'over'

function bytesOf(what: Waiting): number {
  if (typeof what === 'string') return 0
  return ('conflict' in what ? what.conflict : what).bytes?.length ?? 0
}

/**
 * Tells Tox connections from others, and passes theirs on. Chunks keep the order of the wire over all connections:
 * those after one of a connection that is not recognised yet wait for it, up to a bound.
 */
export class Dispatcher {
  /** Connections that are not Tox. */
  others = 0
  /** Tox connections. */
  count = 0
  readonly #hints: EndpointHints
  readonly #tracked = new Map<number, TrackedConnection>()
  /** Open connections that may conflict. */
  #comparing = 0
  /** Connections that the sink knows, or knew. */
  #begun = 0
  /** Connections that were decided before it was certain what they are, because too many bytes waited. */
  hurried = 0
  /** Connections that are not decided yet, oldest first. */
  readonly #undecided = new Set<TrackedConnection>()
  #undecidedBytes = 0
  /** Bytes of the queue. */
  #queueBytes = 0
  /** Capture time of the latest chunk, in microseconds. */
  #now = 0
  /** Chunks that began to wait in the block at hand. */
  #waiting: {readonly tracked: TrackedConnection; readonly chunk: WaitingChunk}[] = []
  readonly #queue = new Fifo<{readonly tracked: TrackedConnection; readonly what: Waiting}>()

  /**
   * @param ports connections from or to these are Tox whatever they look like.
   * @param keyring session lines in it show which end is the client where nothing else does.
   */
  constructor(
    readonly sink: ConnectionSink,
    readonly ports: readonly number[],
    keyring: Keyring,
  ) {
    this.#hints = new EndpointHints(ports, keyring)
  }

  /** The bytes of chunks will not be there any more after this call: what waits is copied. */
  copyWaiting(): void {
    for (const {tracked, chunk} of this.#waiting)
      if (chunk.bytes && (this.#queue.length > 0 || tracked.recogniser || tracked.reset))
        chunk.bytes = copyOf(chunk.bytes)
    this.#waiting = []
  }

  open(connection: number, opening: TcpOpening): void {
    this.#hints.count(opening.ends)
    const recogniser = new ToxDetector(() => this.#hints.of(opening))
    const tracked = newlyTracked(connection, opening, recogniser)
    this.#tracked.set(connection, tracked)
    this.#undecided.add(tracked)
    this.#enqueue(tracked, 'start')
  }

  chunk(passing: Chunk): void {
    const tracked = this.#tracked.get(passing.connection)
    if (!tracked) return
    if (passing.resumes) this.#resume(tracked, passing.end)
    else if (tracked.reset) this.#keepAfterReset(tracked, tracked.reset, passing)
    const chunk = this.#queue.length > 0 || tracked.recogniser ? this.#wait(tracked, passing) : passing
    if (chunk.time) this.#now = chunk.time.micros
    if (chunk.close) tracked.openEnds--
    const {recogniser} = tracked
    if (recogniser) {
      const verdict = recogniser.push(chunk) ?? (tracked.openEnds === 0 ? recogniser.end() : undefined)
      const isReset = verdict?.kind === 'other' && chunk.close === 'rst' && tracked.undecidedBytes <= limits.resetBytes
      if (isReset) {
        tracked.reset = recogniser
        tracked.resetBytes = tracked.undecidedBytes
      }
      if (verdict) this.#decide(tracked, verdict)
      if (tracked.isAside) {
        if (verdict) this.#passAside(tracked)
        else this.#boundUndecided()
        return
      }
    }
    if (tracked.verdict && !this.#isShown(tracked)) this.#drain()
    else if (this.#queue.length === 0 && tracked.verdict) this.#pass(tracked, chunk)
    else {
      this.#enqueue(tracked, chunk)
      this.#drain()
    }
    this.#boundUndecided()
  }

  /** What comes of a connection after the RST that ended it before it was recognised: kept up to a bound. */
  #keepAfterReset(tracked: TrackedConnection, reset: ToxDetector, chunk: Chunk): void {
    tracked.resetBytes += (chunk.bytes?.length ?? 0) + limits.chunkBytes
    if (tracked.resetBytes > limits.resetBytes) tracked.reset = undefined
    else reset.push(this.#wait(tracked, chunk))
  }

  /** An end goes on after a close. Where that was a RST which left too little to recognise, there is more now. */
  #resume(tracked: TrackedConnection, end: End): void {
    tracked.openEnds++
    const {reset} = tracked
    if (!reset) return
    reset.withdrawClose(end)
    tracked.reset = undefined
    tracked.recogniser = reset
    tracked.verdict = undefined
    setAside(tracked)
    tracked.undecidedBytes = 0
    this.#undecided.add(tracked)
    this.others--
  }

  /** Nothing more comes of a connection, of which both ends have closed. */
  over(connection: number): void {
    const tracked = this.#tracked.get(connection)
    if (!tracked) return
    this.#tracked.delete(connection)
    if (this.#queue.length > 0) this.#enqueue(tracked, 'over')
    else if (tracked.isBegun) this.#end(tracked)
  }

  #enqueue(tracked: TrackedConnection, what: Waiting): void {
    this.#queue.push({tracked, what})
    this.#queueBytes += bytesOf(what)
    tracked.queued++
  }

  #wait(tracked: TrackedConnection, chunk: Chunk): WaitingChunk {
    const waiting = {...chunk}
    this.#waiting.push({tracked, chunk: waiting})
    if (tracked.recogniser) {
      const bytes = (chunk.bytes?.length ?? 0) + limits.chunkBytes
      tracked.undecidedBytes += bytes
      this.#undecidedBytes += bytes
    }
    return waiting
  }

  /** Other bytes for what was given as chunks. It keeps its place among them. */
  conflict(conflict: Conflict): void {
    const tracked = this.#tracked.get(conflict.connection)
    if (!tracked) return
    if (!tracked.verdict) this.#dispute(tracked, conflict)
    else if (tracked.queued > 0) this.#enqueue(tracked, {conflict})
    else if (tracked.isBegun) this.sink.conflict(conflict)
  }

  /** Other bytes came for the first ones: of damaged ones it is known which are right. */
  #dispute(tracked: TrackedConnection, conflict: Conflict): void {
    const {damaged, packet} = conflict
    if (damaged === undefined) tracked.isDisputed = true
    else if (damaged !== packet) tracked.recogniser?.replace(conflict)
  }

  /** While too many bytes wait: the connection that has waited longest is decided by what there is of it. */
  #boundUndecided(): void {
    if (this.#undecidedBytes <= limits.undecidedBytes) return
    for (const tracked of this.#undecided) {
      if (this.#undecidedBytes <= limits.undecidedBytes) return
      if (tracked.undecidedBytes === 0) continue
      this.hurried++
      this.#decide(tracked, tracked.recogniser!.end())
      if (tracked.isAside) this.#passAside(tracked)
      else this.#drain()
    }
  }

  #decide(tracked: TrackedConnection, verdict: Verdict): void {
    tracked.verdict = verdict
    this.#undecided.delete(tracked)
    this.#undecidedBytes -= tracked.undecidedBytes
    if (!tracked.isAside) tracked.recogniser = undefined
    const {ends} = tracked.opening
    if (verdict.kind !== 'tox') {
      this.others++
      if (verdict.kind === 'other' && verdict.isCertain) for (const end of ends) this.#hints.relays.refute(end)
      return
    }
    // A proxy serves other connections than those to relays.
    if (!verdict.prelude) this.#hints.relays.confirm(ends[verdict.clientEnd === 0 ? 1 : 0], verdict.isGuess)
  }

  #drain(): void {
    for (let next = this.#queue.head; next; next = this.#queue.head) {
      const {tracked, what} = next
      if (!tracked.verdict && !tracked.isAside) {
        if (this.#isWorthWaiting(tracked)) return
        setAside(tracked)
      }
      this.#queue.shift()
      tracked.queued--
      const isTwice = tracked.queuedTwice > 0
      if (isTwice) tracked.queuedTwice--
      this.#queueBytes -= bytesOf(what)
      if (!isTwice && this.#isShown(tracked)) this.#pass(tracked, what)
    }
  }

  /** Whether the chunks behind one of a connection that is not recognised yet still wait for it. */
  #isWorthWaiting({opening}: TrackedConnection): boolean {
    const micros = opening.time === null ? 0 : this.#now - opening.time.micros
    return (
      this.#queue.length <= limits.chunksInOrder &&
      this.#queueBytes <= limits.bytesInOrder &&
      micros <= limits.orderPatience * 1_000_000
    )
  }

  /** A connection whose chunks have waited in its recogniser alone. */
  #passAside(tracked: TrackedConnection): void {
    const {recogniser} = tracked
    tracked.recogniser = undefined
    tracked.isAside = false
    if (!this.#isShown(tracked)) return
    for (const chunk of recogniser!.chunks) this.#pass(tracked, chunk)
  }

  /** Whether records are made of it: it is Tox, or a proxy did not connect to what may be a relay. */
  #isShown({verdict}: TrackedConnection): boolean {
    if (verdict?.kind !== 'refused') return verdict?.kind === 'tox'
    return mayBeRelay(verdict.prelude.destination, this.ports)
  }

  #pass(tracked: TrackedConnection, what: Waiting): void {
    if (!tracked.isBegun) this.#begin(tracked)
    if (what === 'over') this.#end(tracked)
    else if (what === 'start') return
    else if ('conflict' in what) this.sink.conflict(what.conflict)
    else this.sink.feed(what)
  }

  #end({connection, mayConflict}: TrackedConnection): void {
    if (mayConflict) this.#comparing--
    this.sink.end(connection)
  }

  #begin(tracked: TrackedConnection): void {
    const {connection, opening, verdict, isDisputed} = tracked
    if (!verdict || verdict.kind === 'other') return
    const {clientEnd, prelude} = verdict
    const {begin, isGuess: bySizes} = verdict.kind === 'tox' ? verdict : {begin: fromHandshakes, isGuess: false}
    const isGuess = bySizes || isDisputed
    tracked.isBegun = true
    if (verdict.kind === 'tox') this.count++
    const place = this.#begun++
    const ends = {client: opening.ends[clientEnd], relay: opening.ends[clientEnd === 0 ? 1 : 0]}
    const {part, time} = opening
    const mayConflict = this.#comparing < limits.rivalConnections
    if (mayConflict) this.#comparing++
    tracked.mayConflict = mayConflict
    const doubts = {isGuess, isDisputed, mayConflict}
    this.sink.open(connection, {place, clientEnd, ends, begin, prelude, part, ...doubts}, time)
  }
}
