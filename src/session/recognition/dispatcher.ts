import type {Keyring} from '../../crypto/keyring/keyring.js'
import {SearchBudget} from '../../crypto/search-budget.js'
import {limits} from '../../protocol/limits.js'
import {hostPort} from '../../protocol/text.js'
import type {Chunk, Conflict, End, Endpoint, Time} from '../../wire/chunk.js'
import {Fifo} from '../../wire/memory/fifo.js'
import {fromHandshakes, type PartStart} from '../connection-setup.js'
import type {ConnectionSink} from '../connection-sink.js'
import {clientByKeys} from './hints/direction.js'
import {mayBeRelay, RelayVotes} from './hints/relay-votes.js'
import {otherPorts} from './other-protocols.js'
import {type Hints, ToxDetector, type Verdict} from './tox-detector.js'

/** What is known of a TCP connection before its first chunk; as a capture's reassembly reports it. */
export interface TcpOpening {
  readonly ends: readonly [Endpoint, Endpoint]
  readonly hasSyn: boolean
  readonly time: Time | null
  /** The end that is a relay, where the source of the chunks says so. */
  readonly relayEnd?: End | undefined
  /** Where its sides begin, if this is a part of a connection of which more is known. */
  readonly part?: PartStart | undefined
}

/** Ports where relays usually listen: tox-bootstrapd's settings, and ports that firewalls let pass. */
const relayPorts = new Set([33445, 33446, 3389, 443, 80])

/** The end of which something is true, the second rather than the first: it was connected to. */
const oneOf = (ends: readonly [Endpoint, Endpoint], isIt: (end: Endpoint) => boolean): End | undefined =>
  isIt(ends[1]) ? 1 : isIt(ends[0]) ? 0 : undefined

/** A chunk that waits. Its bytes are views of a block until the block is through, then a copy. */
type WaitingChunk = {-readonly [K in keyof Chunk]: Chunk[K]}

/** A TCP connection that has not ended. */
interface Tracked {
  readonly connection: number
  readonly opening: TcpOpening
  recogniser: ToxDetector | undefined
  verdict: Verdict | undefined
  /** What a RST decided, while too little of the connection was seen: it may go on. */
  reset: ToxDetector | undefined
  /** What the chunks in it count against the limit. */
  resetBytes: number
  /** A segment has brought other bytes for its first ones. */
  isDisputed: boolean
  /** The sink may wait for other bytes of it: it keeps some for that. */
  mayConflict: boolean
  /** True once the sink knows it. */
  isBegun: boolean
  /** Its chunks no longer wait in the queue, but in the recogniser. */
  isAside: boolean
  /** What the queue has of it. */
  queued: number
  /** The first of these that the recogniser has, too: they are not passed on from the queue. */
  queuedTwice: number
  /** What the chunks in its recogniser count against the limit. */
  undecidedBytes: number
  /** Ends that have not closed. One that has may go on. */
  openEnds: number
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
  /** For the search by keys alone: what opens frames may be on another thread. */
  readonly #budget = new SearchBudget()
  readonly #tracked = new Map<number, Tracked>()
  /** Open connections that may conflict. */
  #comparing = 0
  /** Connections that the sink knows, or knew. */
  #begun = 0
  readonly #relays = new RelayVotes()
  /** Connections that were decided before it was certain what they are, because too many bytes waited. */
  hurried = 0
  /** Connections that are not decided yet, oldest first. */
  readonly #undecided = new Set<Tracked>()
  #undecidedBytes = 0
  /** Bytes of the queue. */
  #queueBytes = 0
  /** Capture time of the latest chunk, in microseconds. */
  #now = 0
  /** Chunks that began to wait in the block at hand. */
  #waiting: {readonly tracked: Tracked; readonly chunk: WaitingChunk}[] = []
  /** How many connections each endpoint has had, up to a bound. */
  readonly #endpoints = new Map<string, number>()
  readonly #queue = new Fifo<{readonly tracked: Tracked; readonly what: Chunk | 'start' | 'over'}>()

  /**
   * @param ports connections from or to these are Tox whatever they look like.
   * @param keyring session lines in it show which end is the client where nothing else does.
   */
  constructor(
    readonly sink: ConnectionSink,
    readonly ports: readonly number[],
    readonly keyring: Keyring,
  ) {}

  /** The bytes of chunks will not be there any more after this call: what waits is copied. */
  copyWaiting(): void {
    for (const {tracked, chunk} of this.#waiting)
      if (chunk.bytes && (this.#queue.length > 0 || tracked.recogniser || tracked.reset))
        chunk.bytes = chunk.bytes.slice()
    this.#waiting = []
  }

  open(connection: number, opening: TcpOpening): void {
    for (const end of opening.ends) this.#count(hostPort(end))
    this.#budget.addConnection()
    const recogniser = new ToxDetector(() => this.#hintsOf(opening))
    const tracked: Tracked = {
      connection,
      opening,
      recogniser,
      verdict: undefined,
      reset: undefined,
      resetBytes: 0,
      isDisputed: false,
      mayConflict: false,
      isBegun: false,
      isAside: false,
      queued: 0,
      queuedTwice: 0,
      undecidedBytes: 0,
      openEnds: 2,
    }
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
      this.#queueBytes += chunk.bytes?.length ?? 0
      this.#drain()
    }
    this.#boundUndecided()
  }

  /** What comes of a connection after the RST that ended it before it was recognised: kept up to a bound. */
  #keepAfterReset(tracked: Tracked, reset: ToxDetector, chunk: Chunk): void {
    tracked.resetBytes += (chunk.bytes?.length ?? 0) + limits.chunkBytes
    if (tracked.resetBytes > limits.resetBytes) tracked.reset = undefined
    else reset.push(this.#wait(tracked, chunk))
  }

  /** An end goes on after a close. Where that was a RST which left too little to recognise, there is more now. */
  #resume(tracked: Tracked, end: End): void {
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

  #enqueue(tracked: Tracked, what: Chunk | 'start' | 'over'): void {
    this.#queue.push({tracked, what})
    tracked.queued++
  }

  #wait(tracked: Tracked, chunk: Chunk): WaitingChunk {
    const waiting = {...chunk}
    this.#waiting.push({tracked, chunk: waiting})
    if (tracked.recogniser) {
      const bytes = (chunk.bytes?.length ?? 0) + limits.chunkBytes
      tracked.undecidedBytes += bytes
      this.#undecidedBytes += bytes
    }
    return waiting
  }

  conflict(conflict: Conflict): void {
    const tracked = this.#tracked.get(conflict.connection)
    if (tracked?.isBegun) this.sink.conflict(conflict)
    else if (tracked) tracked.isDisputed = true
  }

  #hintsOf({ends, hasSyn, relayEnd: known}: TcpOpening): Hints {
    const given: End | undefined = known ?? oneOf(ends, ({port}) => this.ports.includes(port))
    const relayEnd = given ?? oneOf(ends, end => this.#relays.of(end) > 0)
    return {
      hasSyn,
      isTox: given !== undefined,
      relayVotes: relayEnd === undefined ? 0 : this.#relays.of(ends[relayEnd]),
      relayEnd,
      isOtherPort: ends.some(({port}) => otherPorts.has(port)),
      likelyClient: () => this.#likelyClient(ends),
      clientByKeys: sides => clientByKeys(this.keyring, sides, this.#budget),
    }
  }

  #count(endpoint: string): void {
    const count = this.#endpoints.get(endpoint)
    if (count !== undefined || this.#endpoints.size < limits.onlineKeys) this.#endpoints.set(endpoint, (count ?? 0) + 1)
  }

  /**
   * A relay has many connections at one port, and that is a well-known one, or at least lower than those that systems
   * choose.
   */
  #likelyClient(ends: readonly [Endpoint, Endpoint]): End {
    const [first, second] = ends.map(end => this.#endpoints.get(hostPort(end)) ?? 0) as [number, number]
    if (first !== second) return first < second ? 0 : 1
    const [a, b] = ends.map(({port}) => relayPorts.has(port)) as [boolean, boolean]
    if (a !== b) return b ? 0 : 1
    return ends[0].port < ends[1].port ? 1 : 0
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

  #decide(tracked: Tracked, verdict: Verdict): void {
    tracked.verdict = verdict
    this.#undecided.delete(tracked)
    this.#undecidedBytes -= tracked.undecidedBytes
    if (!tracked.isAside) tracked.recogniser = undefined
    const {ends} = tracked.opening
    if (verdict.kind !== 'tox') {
      this.others++
      if (verdict.kind === 'other' && verdict.isCertain) for (const end of ends) this.#relays.refute(end)
      return
    }
    // A proxy serves other connections than those to relays.
    if (!verdict.prelude) this.#relays.confirm(ends[verdict.clientEnd === 0 ? 1 : 0], verdict.isGuess)
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
      if (typeof what === 'object') this.#queueBytes -= what.bytes?.length ?? 0
      if (!isTwice && this.#isShown(tracked)) this.#pass(tracked, what)
    }
  }

  /** Whether the chunks behind one of a connection that is not recognised yet still wait for it. */
  #isWorthWaiting({opening}: Tracked): boolean {
    const micros = opening.time === null ? 0 : this.#now - opening.time.micros
    return (
      this.#queue.length <= limits.chunksInOrder &&
      this.#queueBytes <= limits.bytesInOrder &&
      micros <= limits.orderPatience * 1_000_000
    )
  }

  /** A connection whose chunks have waited in its recogniser alone. */
  #passAside(tracked: Tracked): void {
    const {recogniser} = tracked
    tracked.recogniser = undefined
    tracked.isAside = false
    if (!this.#isShown(tracked)) return
    for (const chunk of recogniser!.chunks) this.#pass(tracked, chunk)
  }

  /** Whether records are made of it: it is Tox, or a proxy did not connect to what may be a relay. */
  #isShown({verdict}: Tracked): boolean {
    if (verdict?.kind !== 'refused') return verdict?.kind === 'tox'
    return mayBeRelay(verdict.prelude.destination, this.ports)
  }

  #pass(tracked: Tracked, what: Chunk | 'start' | 'over'): void {
    if (!tracked.isBegun) this.#begin(tracked)
    if (what === 'over') this.#end(tracked)
    else if (what !== 'start') this.sink.feed(what)
  }

  #end({connection, mayConflict}: Tracked): void {
    if (mayConflict) this.#comparing--
    this.sink.end(connection)
  }

  #begin(tracked: Tracked): void {
    const {connection, opening, verdict} = tracked
    if (!verdict || verdict.kind === 'other') return
    const {clientEnd, prelude} = verdict
    const {begin, isGuess: bySizes} = verdict.kind === 'tox' ? verdict : {begin: fromHandshakes, isGuess: false}
    const isGuess = bySizes || tracked.isDisputed
    tracked.isBegun = true
    if (verdict.kind === 'tox') this.count++
    const place = this.#begun++
    const ends = {client: opening.ends[clientEnd], relay: opening.ends[clientEnd === 0 ? 1 : 0]}
    const {part, time} = opening
    const mayConflict = this.#comparing < limits.rivalConnections
    if (mayConflict) this.#comparing++
    tracked.mayConflict = mayConflict
    this.sink.open(connection, {place, clientEnd, ends, begin, prelude, isGuess, part, mayConflict}, time)
  }
}

/** Chunks of the connection wait in its recogniser alone: also those that the queue has. */
function setAside(tracked: Tracked): void {
  tracked.isAside = true
  tracked.queuedTwice = tracked.queued
}
