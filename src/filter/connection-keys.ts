import {isLastEnd, type SessionRecord} from '../session/record.js'
import {none, type Read} from './names/name.js'
import type {Value} from './values.js'

/** The keys in the handshakes of open connections: they count for all packets, as `ip.addr` is both ends. */
export class ConnectionKeys {
  readonly #keys = new Map<number, readonly Value[]>()

  /** Notes the keys of a handshake. Records of a connection come in order. @param keysOf the keys in a record. */
  note(record: SessionRecord, keysOf: Read): void {
    const {kind, connection} = record
    if (kind !== 'handshake' || connection === null) return
    // Copies: a record is borrowed.
    const keys = keysOf(record).map(key => (key instanceof Uint8Array ? key.slice() : key))
    if (keys.length > 0) this.#keys.set(connection, [...this.of(record), ...keys])
  }

  /** The keys of the record's connection. */
  of({connection}: SessionRecord): readonly Value[] {
    return (connection === null ? undefined : this.#keys.get(connection)) ?? none
  }

  /** Nothing more comes of the connection of such a record. */
  forget(record: SessionRecord): void {
    if (record.connection !== null && isLastEnd(record)) this.#keys.delete(record.connection)
  }
}
