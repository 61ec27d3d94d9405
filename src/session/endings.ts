import {effectsOf, type Finding, receiversReacting} from '../expert/finding.js'
import {isOfCToxcore} from '../expert/peers.js'
import {limits} from '../protocol/limits.js'
import type {Sender} from '../wire/side.js'
import {microsPerSecond} from '../wire/time.js'
import {ofHandshake, ofNothing} from './connection/tables/reactions.js'
import type {Cause, SessionRecord} from './record.js'

/** What is kept of a record that may have caused an end. */
type BlamedRecord = Pick<SessionRecord, 'number' | 'kind' | 'packets' | 'from' | 'time' | 'index'>

/** A record is large, and its bytes are not its own: only what is looked at later is kept. */
const blamed = ({number, kind, packets, from, time, index}: SessionRecord): BlamedRecord => ({
  number,
  kind,
  packets,
  from,
  time,
  index,
})

/** A record that some receiver closes on. */
interface Violation {
  readonly finding: Finding
  readonly record: BlamedRecord
  /** What was not seen of the connection of that record. */
  readonly seen: Seen
}

/** What was not seen of a connection. */
interface Seen {
  /** Number of the latest record whose contents were not seen; 0: all were. */
  unread: number
}

/**
 * Collects, per connection, what a receiver would close on, and says at its end which of it the side that closed may
 * have had for a reason.
 */
export class Endings {
  readonly #violations = new Map<number, Violation[]>()
  /** Connections that were replaced by one with the same client key, and what that one sent. */
  readonly #replaced = new Map<number, Violation[]>()

  /** Handshakes of clients, of which a relay's hanging up may be the answer. */
  readonly #handshakes = new Map<number, BlamedRecord>()

  /** Latest pings of connections: an end without an answer is about one of them. */
  readonly #pings = new Map<number, BlamedRecord[]>()

  /** What was not seen of connections of which there is something to say. */
  readonly #seen = new Map<number, Seen>()

  /** Note a ping, numbered. */
  ping(record: SessionRecord): void {
    const {connection} = record
    if (connection === null) return
    const list = this.#pings.get(connection) ?? []
    this.#pings.set(connection, list)
    list.push(blamed(record))
    if (list.length > limits.pendingPings) list.shift()
  }

  /** Note what a numbered record means for the end of its connection, and of others. */
  note(record: SessionRecord): void {
    if (record.findings.length === 0 || record.connection === null || record.kind === 'end') return
    const seen = this.#seen.get(record.connection) ?? {unread: 0}
    this.#seen.set(record.connection, seen)
    if (isUnread(record)) seen.unread = record.number
    if (record.kind === 'handshake' && record.from === 'client') this.#handshakes.set(record.connection, blamed(record))
    for (const finding of record.findings) {
      const effects = Object.values(effectsOf(finding))
      if (effects.includes('closes_peer') && 'connection' in finding.data)
        this.#noteReplaced(finding.data.connection, {finding, record: blamed(record), seen})
      if (!effects.includes('closes') && !isRefusal(finding) && !isDoubt(finding)) continue
      const list = this.#violations.get(record.connection) ?? []
      this.#violations.set(record.connection, list)
      list.push({finding, record: blamed(record), seen})
      if (list.length > limits.causes) list.shift()
    }
  }

  /** The other connection may be over already, and then nothing takes its entry out. */
  #noteReplaced(connection: number, violation: Violation): void {
    const list = this.#replaced.get(connection) ?? []
    this.#replaced.set(connection, list)
    list.push(violation)
    if (list.length > limits.causes) list.shift()
    if (this.#replaced.size <= limits.onlineKeys) return
    const [oldest] = this.#replaced.keys()
    if (oldest !== undefined) this.#replaced.delete(oldest)
  }

  /**
   * The causes of an end, likeliest first: those on which c-toxcore closes before those on which only tox-rs does, the
   * latest first.
   */
  causesOf(end: SessionRecord): Cause[] {
    const connection = end.connection!
    const violations = this.#violations.get(connection) ?? []
    const replaced = end.from === 'relay' ? (this.#replaced.get(connection) ?? []) : []
    const pings = this.#pings.get(connection) ?? []
    const handshake = this.#handshakes.get(connection)
    const seen = this.#seen.get(connection) ?? {unread: 0}
    this.forget(connection)
    const closer = end.from
    if (closer === null || end.close === 'capture_end') return []
    const own = end.findings.map((finding): Violation => {
      const ping =
        finding.code === 'ping-unanswered' &&
        pings.find(({from, index}) => from === closer && index === finding.data.index)
      const cause = finding.code === 'client-handshake-box' ? handshake : ping
      const doubted = finding.code === 'frame-or-key-wrong' && violations.find(each => isDoubt(each.finding))?.record
      return {finding, record: cause || doubted || end, seen}
    })
    const sent = violations.filter(violation => isRefusal(violation.finding) || isPossible(violation, closer, end))
    const found = [
      ...[...sent, ...own].map(violation => causeOf(violation, closer, end)),
      ...replaced
        .filter(violation => isReplacement(violation, seen, end))
        .map(violation => causeOf(violation, closer, end, 'closes_peer')),
    ].filter(({receivers, finding}) => receivers.length > 0 || isRefusal(finding))
    if (found.length === 0)
      return own.filter(({finding}) => isMereCause(finding)).map(each => causeOf(each, closer, end))
    return merged(found.sort((a, b) => rank(b) - rank(a) || b.number - a.number))
  }

  /** Nothing more comes of a connection. */
  forget(connection: number): void {
    this.#pings.delete(connection)
    this.#handshakes.delete(connection)
    this.#seen.delete(connection)
    this.#violations.delete(connection)
    this.#replaced.delete(connection)
  }
}

// What must have been seen for a cause. What was found rests on its own evidence; that an end is about it rests on all
// that came between them: an answer that stayed sealed or was lost would show that the side that closed had read on.

/** Whether the side that closed may have done so because of what the other side sent. */
const isPossible = (violation: Violation, closer: Sender, end: SessionRecord): boolean =>
  violation.record.from !== closer && wasSeenSince(violation, violation.seen) && !isRefuted(violation, end)

/**
 * Whether a relay may have closed a connection because the same client began another one: it does so at once. Which
 * relays do it at the handshake and which at the first frame shows only where that frame was seen.
 * @param seen of the connection that ended.
 */
function isReplacement(violation: Violation, seen: Seen, {time}: SessionRecord): boolean {
  const {record} = violation
  const micros = time && record.time ? time.micros - record.time.micros : Number.POSITIVE_INFINITY
  const isAtOnce = micros <= limits.inFlightSeconds * microsPerSecond
  return isAtOnce && wasSeenSince(violation, seen) && wasSeenSince(violation, violation.seen)
}

/** Whether all contents of a connection were seen since a rule was broken. */
const wasSeenSince = ({record}: Violation, {unread}: Seen): boolean => unread <= record.number

/** What no key here opens may say anything. What the right key does not open says nothing to its receiver either. */
const isUnread = ({kind, findings}: SessionRecord): boolean =>
  kind === 'gap' || findings.some(found => found.code === 'frame-sealed' || isDoubt(found))

/** Whether the side that closed has answered this frame or a later one: it read on, and so did not close on this. */
function isRefuted({finding, record: {kind, index}}: Violation, {readTo = ofNothing}: SessionRecord): boolean {
  // The nonce of a repeated frame says where the frame was before.
  if (finding.code === 'frame-repeated') return false
  // What follows a handshake in its segment is the first frame.
  const place = kind !== 'handshake' ? index : finding.code.startsWith('frame-with-') ? 0 : ofHandshake
  return place !== null && place <= readTo
}

/** One cause per rule, the first of each, with the number of all. */
function merged(causes: readonly Cause[]): Cause[] {
  const byCode = new Map<string, Cause>()
  for (const cause of causes) {
    const first = byCode.get(cause.finding.code)
    byCode.set(cause.finding.code, first ? {...first, count: first.count + 1} : cause)
  }
  return [...byCode.values()]
}

/** Named where there is no other cause. It accuses nobody, and no record has it as a finding. */
export const isMereCause = ({code}: Finding): boolean => code === 'client-left' || code === 'frame-or-key-wrong'

/** Whether a frame, or the key that was given for it, is wrong. */
const isDoubt = ({code}: Finding): boolean => code === 'key-does-not-fit'

/** A proxy's refusal ends a connection, whichever side closes it. */
const isRefusal = ({code}: Finding): boolean => code === 'proxy-refused'

const rank = ({receivers}: Cause): number => (receivers.some(isOfCToxcore) ? 1 : 0)

/** @param effect what the receiver does that makes it a cause. */
function causeOf(
  {finding, record}: Violation,
  closer: Sender,
  end: SessionRecord,
  effect: 'closes' | 'closes_peer' = 'closes',
): Cause {
  // Who closed is the receiver of what the other side sent.
  const receivers = receiversReacting(finding, effect, closer === 'relay' ? 'client' : 'relay', end.peers)
  const isBefore = record !== end && end.time && record.time
  const secondsBefore = isBefore ? (end.time.micros - record.time.micros) / 1_000_000 : null
  return {finding, number: record.number, packets: record.packets, count: 1, receivers, secondsBefore}
}
