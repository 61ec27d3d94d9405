import type {Opener} from './opening/opener.js'
import type {RecordEmitter} from './record-emitter.js'
import {PacketTables} from './tables/packet-tables.js'
import type {Visibility} from './visibility.js'

/** What the parts of one connection work on together. */
export class ConnectionParts {
  #tables: PacketTables | undefined
  readonly #fromStart: boolean

  /** @param fromStart false: the stream began in the middle. */
  constructor(
    readonly emitter: RecordEmitter,
    readonly opener: Opener,
    readonly visibility: Visibility,
    fromStart: boolean,
  ) {
    this.#fromStart = fromStart
  }

  /** Made when a packet first needs them: most connections of a flood never send one. */
  get tables(): PacketTables {
    this.#tables ??= new PacketTables(this.#fromStart, this.opener.facts)
    return this.#tables
  }
}
