import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import type {Arena} from '../arena.js'
import type {SessionRecord} from '../record.js'
import type {KeySearch} from './opening/handshake-keys.js'

/** What the connections of one run share. */
export interface ConnectionResources {
  readonly keyring: Keyring
  readonly search: KeySearch
  /** Memory for plaintexts. */
  readonly arena: Arena
  /** Takes each record as soon as it is certain. */
  readonly emit: (record: SessionRecord) => void
  /** Called once, when a first frame has opened, with the key that opens the connection's frames. */
  readonly onKey: ((connection: number, item: TcpSessionItem) => void) | undefined
}
