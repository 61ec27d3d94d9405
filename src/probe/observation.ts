import type {Box, KeyPair} from '../crypto/box.js'
import {Keyring} from '../crypto/keyring/keyring.js'
import {effectsOf, type Finding, messageOf, severityOf} from '../expert/finding.js'
import type {Effect, Receiver} from '../expert/rule.js'
import type {RuleCode} from '../expert/rules.js'
import {now} from '../proxy/net/clock.js'
import {blamed, type Ends, type SessionRecord} from '../session/record.js'
import {Session} from '../session/session.js'
import type {Close} from '../wire/chunk.js'
import type {Sender} from '../wire/side.js'
import {brokenRules} from './limits.js'

/** A rule that a relay broke, for which a c-toxcore client closes the connection. */
export interface BrokenRule {
  readonly code: RuleCode
  /** The sentence about the first time. */
  readonly message: string
  readonly count: number
}

/** Reads the probe's own connections as an inspector with all keys: which rules do both ends break? */
export class Observation {
  readonly #session: Session
  readonly #keyring: Keyring
  readonly #broken = new Map<RuleCode, {first: Finding; count: number}>()
  readonly #self: Sender
  /** Findings on what the probe itself sent, with the number of the connection. */
  readonly #own: {readonly found: Finding; readonly on: number | null}[] = []
  #opened = 0

  /**
   * @param relayKey the public key that the relay is said to have.
   * @param self which end of its connections the probe is.
   */
  constructor(box: Box, relayKey: Uint8Array, self: Sender = 'client') {
    this.#self = self
    this.#keyring = new Keyring(box)
    this.#keyring.add({kind: 'relay_key', publicKey: relayKey}, 'the probe')
    this.#session = new Session(this.#keyring, record => this.#take(record))
  }

  /**
   * A new connection.
   * @param keys the probe's long-term pair. @param session its pair for this connection.
   * @returns its number.
   */
  open(keys: KeyPair, session: KeyPair, ends: Ends): number {
    for (const pair of [keys, session]) this.#keyring.add({kind: 'secret_key', ...pair}, 'the probe')
    const number = this.#opened++
    this.#session.open(number, {clientEnd: 0, ends}, now())
    return number
  }

  /** Bytes of either end, which nobody writes to any more. */
  bytes(connection: number, from: Sender, bytes: Uint8Array): void {
    this.#session.feed({connection, end: from === 'client' ? 0 : 1, time: now(), bytes})
  }

  closed(connection: number, from: Sender, close: Close): void {
    this.#session.feed({connection, end: from === 'client' ? 0 : 1, time: now(), close})
  }

  /** Rules that the other end broke, in order of the first time. Only errors: the probe provokes some warnings. */
  get broken(): BrokenRule[] {
    return [...this.#broken].map(([code, {first, count}]) => ({
      code,
      message: messageOf(first),
      count,
    }))
  }

  /**
   * Rules that the probe itself broke and that have this effect on this receiver.
   * @param connection only those that it broke there; default: on all of its connections.
   */
  ownRules(receiver: Receiver, effect: Effect, connection?: number): RuleCode[] {
    const own = this.#own.filter(({on}) => connection === undefined || on === connection)
    return [...new Set(own.filter(({found}) => effectsOf(found)[receiver] === effect).map(({found}) => found.code))]
  }

  #take(record: SessionRecord): void {
    const {findings, kind, connection} = record
    if (kind === 'start' || kind === 'end') return
    for (const found of findings) {
      if (blamed(record) === this.#self) this.#own.push({found, on: connection})
      else this.#note(found)
    }
  }

  #note(found: Finding): void {
    if (severityOf(found) !== 'error') return
    const {code} = found
    const known = this.#broken.get(code)
    if (known) known.count++
    else if (this.#broken.size < brokenRules) this.#broken.set(code, {first: found, count: 1})
  }
}
