import type {Close, End, Origin, Time} from '../../wire/chunk.js'
import {distance} from '../../wire/integers.js'
import {ipv4Text, ipv6Text} from '../../wire/text/address.js'
import {limits} from '../limits.js'
import {Acknowledgements} from './acknowledgements.js'
import type {History} from './history.js'
import {OrderEvidence} from './order-evidence.js'
import type {Payload, PlacedPayload} from './payload.js'
import {ChecksumEvidence} from './sums/checksum-evidence.js'
import type {Segment} from './tcp-segment.js'

/**
 * One of the two hosts of a connection: 0 sent its first captured packet. Not the same as an end, which may be known
 * only later.
 */
export type Party = 0 | 1

export class TcpConnection {
  readonly number: number
  readonly version: 4 | 6
  /**
   * Addresses of 4 or 16 bytes, then, where there are any, the Ethernet addresses of 6 bytes, by party. One array of
   * all: an array needs 200 bytes besides those that it holds.
   */
  readonly #addresses: Uint8Array
  readonly ports: readonly [number, number]
  readonly directions: readonly [TcpDirection, TcpDirection] = [new TcpDirection(this, 0), new TcpDirection(this, 1)]
  /** Time and number of the first packet. */
  readonly time: Time | null
  readonly packet: number
  /** The party that is end 0. */
  opener: Party = 0
  /** Whether a SYN was captured before any data. */
  hasSyn = false
  /** Whether an open event was given for it, and one that it is over. */
  isOpened = false
  isOver = false
  /** Closed by both ends, or reset. */
  isFinished = false
  /** Number of segments so far. */
  segments = 0
  readonly hash: number
  /** The next connection with the same hash. */
  next: TcpConnection | undefined
  /** Number of segments of the capture at this connection's last segment, and when it was queued for removal. */
  heardAt = 0
  queuedAt = 0

  constructor(number: number, segment: Segment, hash: number) {
    const {addresses, sourceAt, destinationAt, bytes, hardwareAt} = segment
    this.number = number
    this.version = segment.version
    const size = addressSize(segment)
    const own = new Uint8Array(2 * size + (hardwareAt < 0 ? 0 : 2 * hardwareSize))
    own.set(addresses.subarray(sourceAt, sourceAt + size))
    own.set(addresses.subarray(destinationAt, destinationAt + size), size)
    if (hardwareAt >= 0) {
      const middle = hardwareAt + hardwareSize
      own.set(bytes.subarray(middle, middle + hardwareSize), 2 * size)
      own.set(bytes.subarray(hardwareAt, middle), 2 * size + hardwareSize)
    }
    this.#addresses = own
    this.ports = [segment.sourcePort, segment.destinationPort]
    this.time = segment.time
    this.packet = segment.packet
    this.hash = hash
  }

  /** The direction in which a segment travels; undefined if it is of another connection. */
  directionOf(segment: Segment): TcpDirection | undefined {
    if (segment.version !== this.version) return undefined
    const {sourcePort, destinationPort, sourceAt, destinationAt, addresses} = segment
    const [port0, port1] = this.ports
    const own = this.#addresses
    const size = addressSize(this)
    if (
      sourcePort === port0 &&
      destinationPort === port1 &&
      isAt(own, 0, size, addresses, sourceAt) &&
      isAt(own, size, size, addresses, destinationAt)
    )
      return this.directions[0]
    if (
      sourcePort === port1 &&
      destinationPort === port0 &&
      isAt(own, size, size, addresses, sourceAt) &&
      isAt(own, 0, size, addresses, destinationAt)
    )
      return this.directions[1]
    return undefined
  }

  /** Address of a party as text. */
  address(party: Party): string {
    return (this.version === 4 ? ipv4Text : ipv6Text)(this.#addresses, party * addressSize(this))
  }

  /** Ethernet address of a party, 6 bytes, borrowed; undefined where there was none. */
  hardware(party: Party): Uint8Array | undefined {
    const start = 2 * addressSize(this) + party * hardwareSize
    return start < this.#addresses.length ? this.#addresses.subarray(start, start + hardwareSize) : undefined
  }
}

/** Whether an address, `own[start..start+size)`, is at that place of some bytes. */
function isAt(own: Uint8Array, start: number, size: number, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < size; i++) if (own[start + i] !== bytes[at + i]) return false
  return true
}

const hardwareSize = 6
const addressSize = ({version}: {readonly version: 4 | 6}): number => (version === 4 ? 4 : 16)

/** Where a direction ends, by its FIN or RST. */
export interface Closing {
  /** Sequence number after its last byte. */
  readonly seq: number
  readonly kind: 'fin' | 'rst'
  readonly origin: Origin
  /** The next byte of the direction, and the capture time, when it came. */
  readonly nextThen: number
  readonly time: Time | null
  /**
   * A RST in the place of bytes that were captured and not acknowledged: the other host may never have had them, so
   * that it would not ignore the RST.
   */
  readonly isDoubtful: boolean
  /** Number of segments of the capture when it came. */
  readonly order: number
}

/** One direction of a connection: the bytes that one party sends. */
export class TcpDirection {
  /** Whether any of its segments was captured. Until then the numbers below mean nothing. */
  isStarted = false
  /** Whether its SYN was captured, and the sequence number of the SYN. */
  hasSyn = false
  syn = 0
  /** Sequence number of the byte that was awaited first. */
  first = 0
  /** Sequence number of the next byte to deliver, and its offset in the stream. */
  next = 0
  position = 0
  /**
   * Copies of what came too early: sorted, without overlaps, all after `next`. Once the direction is closed: of what
   * came after its end, in case that is acknowledged.
   */
  readonly pending: PlacedPayload[] = []
  /** What they count against the limits. */
  pendingBytes = 0
  /** A segment too far away to be believed until the next one continues it. */
  far: PlacedPayload | undefined
  closing: Closing | undefined
  closed: Close | undefined
  /** A FIN has ended it, and the other party has acknowledged the FIN. */
  isFinReceived = false
  /** It was closed, and goes on with the next bytes. */
  isResuming = false
  /** Up to here the other host has acknowledged what was captured. */
  received = 0
  /** A SYN with another number than the direction has: perhaps that of a new connection with the same ports. */
  strangeSyn: Segment | undefined
  history: History | undefined
  /** The first number that the other party acknowledged while no segment was captured. */
  #firstAcknowledged: number | undefined
  /** The other party has received bytes, although no segment was captured. */
  hasUnheardBytes = false
  readonly acknowledgements = new Acknowledgements()
  readonly order = new OrderEvidence(this.acknowledgements)
  readonly checksums = new ChecksumEvidence()
  /** Since when `next` is missing: capture time, and the number of segments of the connection when that was found. */
  #hole: {readonly next: number; readonly micros: number; readonly segments: number} | undefined

  constructor(
    readonly connection: TcpConnection,
    readonly party: Party,
  ) {}

  get other(): TcpDirection {
    return this.connection.directions[this.party === 0 ? 1 : 0]
  }

  /** The end that sends these bytes. Certain once the connection is opened. */
  get end(): End {
    return this.party === this.connection.opener ? 0 : 1
  }

  start(seq: number): void {
    this.isStarted = true
    this.first = this.next = this.received = seq
  }

  /** Bytes of the other direction are delivered. @returns whether they may answer bytes that were not delivered. */
  isOvertakenBy(payload: Payload): boolean {
    return this.order.isOvertakenBy(payload, this.isStarted && !this.closed ? this.next : undefined)
  }

  /** The other party acknowledged everything before `ack`. */
  acknowledge(ack: number, nowMicros: number): void {
    if (!this.isStarted) {
      this.#firstAcknowledged ??= ack
      // One more may be that of a FIN.
      if (distance(ack, this.#firstAcknowledged) > 1) this.hasUnheardBytes = true
    }
    if (!this.isStarted || this.closed) {
      this.acknowledgements.count = 0
      if (this.closed === 'fin' && distance(ack, this.next) === 1) this.isFinReceived = true
      return
    }
    this.acknowledgements.add(ack, this.next, nowMicros)
    if (distance(ack, this.received) > 0 && distance(ack, this.next) <= 0) this.received = ack
  }

  /**
   * Whether its receiver ignored a FIN or RST: it has acknowledged the bytes in whose place the RST came; or bytes
   * before the FIN or RST are missing, newer ones came, and nobody acknowledged the missing ones.
   */
  get isClosingRefuted(): boolean {
    const {closing, next, acknowledgements} = this
    if (closing?.isDoubtful) return this.received === closing.nextThen
    if (!closing || closing.nextThen === next) return false
    const left = distance(closing.seq, next)
    return left > 0 && acknowledgements.past(next) < left
  }

  /** Whether the other party has acknowledged a FIN that was captured. */
  get isClosingAcknowledged(): boolean {
    const {closing, acknowledgements} = this
    return (
      closing?.kind === 'fin' && acknowledgements.count > 0 && distance(acknowledgements.farthest, closing.seq) === 1
    )
  }

  /** Whether bytes that came after the end of the direction are acknowledged. A FIN itself counts as one byte. */
  isEndRefuted(ack: number): boolean {
    const [late] = this.pending
    if (!late || !this.closed || this.closed === 'capture_end') return false
    const past = distance(ack, this.next)
    return distance(ack, late.seq) > (this.closed === 'fin' ? 1 : 0) && past <= limits.windowBytes
  }

  /** Whether it may go on although it was closed: nobody has acknowledged its FIN, or a RST ended it. */
  get mayResume(): boolean {
    return this.closed === 'rst' || (this.closed === 'fin' && !this.isFinReceived)
  }

  /**
   * Whether something waits for missing bytes. Acknowledged bytes alone do not count: nothing comes too late while
   * nothing follows them.
   */
  get isWaiting(): boolean {
    return !this.closed && (this.pending.length > 0 || this.closing !== undefined)
  }

  /** Length of the gap before the next bytes, or the end, that came; 0 without a gap. */
  get missing(): number {
    const [next] = this.pending
    if (next) return distance(next.seq, this.next)
    if (this.closing) return Math.max(0, distance(this.closing.seq, this.next))
    const acknowledged = this.acknowledgements.past(this.next)
    // A single one may be the sequence number of the FIN, which is not a byte.
    return acknowledged > 1 ? acknowledged : 0
  }

  /** Whether to stop waiting for the missing bytes. */
  isLost(nowMicros: number): boolean {
    if (!this.isWaiting) {
      this.#hole = undefined
      return false
    }
    const {segments} = this.connection
    if (this.#hole?.next !== this.next) {
      // Bytes have been missing since those after them came, also while others before them were awaited.
      const since = (this.pending[0] ?? this.closing)?.time?.micros ?? nowMicros
      this.#hole = {next: this.next, micros: Math.min(nowMicros, since), segments}
    }
    const hole = this.#hole
    const isAcknowledged = this.acknowledgements.past(this.next) > 0
    const isReset = this.closing?.kind === 'rst'
    const witnesses =
      this.pending.length +
      (isAcknowledged ? Math.min(this.acknowledgements.count, 2) : 0) +
      (isReset ? 2 : this.closing ? 1 : 0)
    if (witnesses < 2) return false
    const waited = nowMicros - hole.micros
    const followed = segments - hole.segments
    if ((isAcknowledged || isReset) && followed >= limits.patienceSegments) return true
    // Not by time alone: on a quiet connection the next few segments may be minutes away.
    const isEnough = followed >= limits.patienceLeastSegments || this.#isOver
    if (isAcknowledged && waited >= limits.patienceMicros && isEnough) return true
    return waited >= (isAcknowledged && !this.closing ? limits.patienceMostMicros : limits.unacknowledgedMicros)
  }

  /** Whether both sides have closed and the other one has all of this one: nothing is sent any more. */
  get #isOver(): boolean {
    const {closing, other} = this
    if (!closing || !(other.closed || other.closing)) return false
    return this.acknowledgements.past(this.next) >= distance(closing.seq, this.next)
  }
}
