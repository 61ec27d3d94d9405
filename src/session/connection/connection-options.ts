import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {Keyring} from '../../crypto/keyring.js'
import type {End} from '../../wire/chunk.js'
import type {Arena} from '../arena.js'
import type {Prelude} from '../prelude.js'
import type {Ends, SessionRecord} from '../record.js'
import type {StreamStart} from './deframer.js'
import type {KeyHints} from './handshake-keys.js'
import type {SessionKey} from './session-keys.js'

/** How a connection is looked at. */
export interface ConnectionOptions {
  readonly keyring: Keyring
  readonly hints: KeyHints
  /** Where plaintexts go. */
  readonly arena: Arena
  /** Which end of the chunks is the client. */
  readonly clientEnd: End
  readonly ends: Ends
  /** How each side begins, [client, relay]. */
  readonly begin: readonly [StreamStart, StreamStart]
  /** False where chunks are no TCP segments: what came together is not known then. */
  readonly hasSegments: boolean
  /** False where the order between both sides is inferred: no finding rests on it then. */
  readonly hasOrder: boolean
  /** The key that seals its frames, where that is known beforehand. */
  readonly session?: SessionKey | undefined
  /** A proxy's talk, whose bytes come before each side's own. */
  readonly prelude?: Prelude | undefined
  /** Told once, when a first frame has opened, what opens the connection's frames: a line of a key log. */
  readonly onKey?: ((id: number, line: TcpSessionItem) => void) | undefined
  /** Takes each record as soon as it is certain. */
  readonly emit: (record: SessionRecord) => void
}
