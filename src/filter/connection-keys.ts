import {BoundedMap} from '../session/inner/bounded-map.js'
import {isLastEnd, type SessionRecord} from '../session/record.js'
import {copyOf} from '../wire/bytes.js'
import * as limits from './limits.js'
import {none, type Read} from './names/name.js'
import type {Value} from './values.js'

/** The keys in the handshakes of open connections: they count for all packets, as `ip.addr` is both ends. */
export class ConnectionKeys {
  readonly #keys = new Map<number, readonly Value[]>()
  /** Those of connections that one side has closed: there may be no record of their end. */
  readonly #halfClosed = new BoundedMap<number, readonly Value[]>(limits.halfClosed)

  /** Notes the keys of a handshake. Records of a connection come in order. @param keysOf the keys in a record. */
  note(record: SessionRecord, keysOf: Read): void {
    const {kind, connection} = record
    if (kind !== 'handshake' || connection === null) return
    // Copies: a record is borrowed.
    const keys = keysOf(record).map(key => (key instanceof Uint8Array ? copyOf(key) : key))
    if (keys.length > 0) this.#all(connection).set(connection, [...this.of(record), ...keys])
  }

  /** The keys of the record's connection. */
  of({connection}: SessionRecord): readonly Value[] {
    return (connection === null ? undefined : this.#all(connection).get(connection)) ?? none
  }

  /** After the last record of a connection nothing is kept of it, and after an end of one side up to a bound. */
  forget(record: SessionRecord): void {
    const {kind, connection} = record
    if (kind !== 'end' || connection === null) return
    const keys = this.of(record)
    this.#all(connection).delete(connection)
    if (!isLastEnd(record) && keys.length > 0) this.#halfClosed.set(connection, keys)
  }

  #all(connection: number): Pick<BoundedMap<number, readonly Value[]>, 'get' | 'set' | 'delete'> {
    return this.#halfClosed.get(connection) ? this.#halfClosed : this.#keys
  }
}
