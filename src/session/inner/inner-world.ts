import type {Keyring} from '../../crypto/keyring/keyring.js'
import {levelsOf} from '../../protocol/levels.js'
import {isPacket} from '../../protocol/table.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {fieldOf} from '../../wire/window.js'
import type {SessionRecord} from '../record.js'
import {Answers} from './answers.js'
import {cookieFindings, cookieIn, cookieTypes} from './cookies.js'
import {GroupFragments} from './group-fragments.js'
import {InnerOpener} from './opening/inner-opener.js'
import {slotOf} from './opening/pair-place.js'
import type {InnerKeyListener} from './opening/passage.js'
import {SessionHomes} from './opening/session-homes.js'
import {Deliveries} from './tracking/deliveries.js'
import {SessionTracker} from './tracking/session-tracker.js'

/** What was forgotten of the packets inside packets because a bound was reached. */
export interface Forgotten {
  /** net_crypto sessions. */
  readonly sessions: number
  /** Fragments of packets of groups. */
  readonly fragments: number
  /** Boxes that stayed sealed because the trials had ended before all keys were tried. */
  readonly untried: number
}

/** What is inside the packets of all connections: opens the boxes, and follows who says what to whom. */
export class InnerWorld {
  readonly #keyring: Keyring
  readonly #opener: InnerOpener
  readonly #answers = new Answers()
  readonly #homes = new SessionHomes()
  readonly #sessions: SessionTracker
  readonly #fragments = new GroupFragments()

  constructor(keyring: Keyring, onKey?: InnerKeyListener) {
    this.#keyring = keyring
    const deliveries = new Deliveries(this.#homes)
    this.#opener = new InnerOpener(keyring, {homes: this.#homes, deliveries, onKey})
    this.#sessions = new SessionTracker(deliveries)
  }

  get forgotten(): Forgotten {
    const sessions = Math.max(this.#opener.dropped, this.#sessions.dropped)
    return {sessions, fragments: this.#fragments.dropped, untried: this.#opener.untried}
  }

  /** Adds to a record what it carries and what follows from that. Records come in order, numbered. */
  take(record: SessionRecord): void {
    this.#assign(record)
    this.#sessions.note(record)
    const passage = this.#opener.take(record)
    const [opened] = record.opened
    if (opened && cookieTypes.has(opened.type.name)) this.#checkCookie(record)
    if (passage) {
      const levels = levelsOf(record.window, record.opened)
      this.#answers.take(record, passage, levels)
      this.#sessions.take(record, passage, levels)
      if (record.opened.length > 0) this.#fragments.take(record, passage, levels)
    }
    if (record.kind === 'end' && !record.isSecond) this.#sessions.disconnected(record)
    if (record.kind !== 'handshake' || record.from !== 'client' || record.connection === null) return
    const pk = record.window && fieldOf(record.window, 'pk')
    if (pk instanceof Uint8Array) this.#sessions.connected(record.connection, toHex(pk))
  }

  /** A connection id belongs to another peer from now on. */
  #assign({connection, from, window}: SessionRecord): void {
    if (!window) return
    const isGivenUp = from === 'client' && isPacket(window, 'disconnect_notification')
    if (!isGivenUp && !isPacket(window, 'route_response')) return
    const id = fieldOf(window, 'connection_id')
    if (typeof id === 'number') this.#homes.forget(slotOf(connection, id))
  }

  /** No more records come of a connection. */
  over(connection: number): void {
    this.#opener.over(connection)
    this.#sessions.over(connection)
  }

  #checkCookie(record: SessionRecord): void {
    const {box} = this.#keyring
    const cookie = cookieIn(record, this.#keyring)
    if (cookie) record.inferred = {...record.inferred, cookie}
    const found = box ? cookieFindings(record, box) : []
    if (found.length > 0) record.findings = [...record.findings, ...found]
  }
}
