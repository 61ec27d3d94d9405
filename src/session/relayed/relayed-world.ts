import {alterations} from '../../expert/alterations.js'
import {type Finding, joined, noFindings} from '../../expert/finding.js'
import {isLastEnd, isUnread, type SessionRecord} from '../record.js'
import {type CapturedClient, CapturedClients} from './captured-clients.js'
import {Notifications} from './notifications.js'
import {PassedPackets} from './passed-packets.js'

export interface RelayedOptions {
  /** How much of the packets that a relay passes on is compared: all bytes, the first ones, or nothing. */
  readonly comparison: 'whole' | 'first-bytes' | 'none'
  /** Whether records are used only when it is known where their packets arrive, so that they can show it. */
  readonly looksAhead: boolean
  /** Whether a client may have connections that are not read: then nothing rests on what is absent. Default: no. */
  readonly isPart?: boolean
  /** Whether a note in a recording says that a program between the ends changed what this connection carries. */
  readonly isAltered?: (record: SessionRecord) => boolean
}

/** Both connections of the clients at one relay, where both were captured: what the relay does between them. */
export class RelayedWorld {
  readonly #clients: CapturedClients
  readonly #notifications: Notifications
  readonly #isAltered: (record: SessionRecord) => boolean
  readonly #keyOf: (connection: number) => string | undefined
  #passed: PassedPackets | undefined

  /** @param keyOf the key in the handshake of a connection's client, in hex; undefined: it was not seen. */
  constructor(
    {comparison, looksAhead, isPart = false, isAltered = () => false}: RelayedOptions,
    keyOf: (connection: number) => string | undefined,
  ) {
    this.#keyOf = keyOf
    this.#clients = new CapturedClients(isPart)
    this.#notifications = new Notifications(this.#clients)
    this.#isAltered = isAltered
    if (comparison === 'none') return
    this.#passed = new PassedPackets(this.#clients, {comparesAll: comparison === 'whole', looksAhead})
  }

  /** Adds to a record what the other connections show. Records come in order, numbered. */
  take(record: SessionRecord): readonly Finding[] {
    const {connection, kind, from, state} = record
    if (connection === null) return noFindings
    const client = this.#clients.of(connection) ?? this.#confirmed(record, connection)
    if (!client) return noFindings
    if (!isSeen(record) || this.#isAltered(record)) client.isWhole = false
    if (kind === 'end') this.#end(record, client)
    if (kind !== 'frame' || state !== 'open') return noFindings
    if (from === 'relay') client.hearsRelay = true
    const missing = this.#notifications.take(record, client)
    return joined(missing, this.#passed?.take(record, client) ?? noFindings)
  }

  /** No more records come of a connection. */
  over(connection: number): void {
    const client = this.#clients.of(connection)
    if (client) this.#clients.leave(client)
  }

  /** @returns the client whose first frame this is. */
  #confirmed({kind, from, state, index, ends}: SessionRecord, connection: number): CapturedClient | undefined {
    if (kind !== 'frame' || from !== 'client' || state !== 'open' || index !== 0) return undefined
    const pk = this.#keyOf(connection)
    return pk === undefined ? undefined : this.#clients.confirm(connection, pk, ends?.relay ?? null)
  }

  #end(record: SessionRecord, client: CapturedClient): void {
    if (!record.isSecond) this.#notifications.left(record, client)
    if (!isLastEnd(record)) return
    this.#clients.leave(client)
    if (client.isWhole && client.hearsRelay && record.close !== 'capture_end') client.pending?.end()
  }
}

/** What the receiver got may be other bytes than those of the record. */
const areOtherBytes: ReadonlySet<string> = new Set<Finding['code']>(['bytes-conflict', 'segment-damaged'])

/** Whether a record leaves nothing of its connection unseen. */
const isSeen = (record: SessionRecord): boolean =>
  !isUnread(record) && !record.findings.some(({code}) => alterations.has(code) || areOtherBytes.has(code))
