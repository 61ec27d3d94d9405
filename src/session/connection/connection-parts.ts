import type {Opener} from './opening/opener.js'
import type {RecordEmitter} from './record-emitter.js'
import type {PacketTables} from './tables/packet-tables.js'
import type {Visibility} from './visibility.js'

/** What the parts of one connection work on together. */
export interface ConnectionParts {
  readonly emitter: RecordEmitter
  readonly opener: Opener
  readonly tables: PacketTables
  readonly visibility: Visibility
}
