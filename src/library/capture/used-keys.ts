import type {TcpSessionItem} from '../../crypto/key-item.js'
import {keyLogLine, type LoggedItem} from '../../crypto/keylog.js'
import type {InnerKeyItem} from '../../session/inner/opening/inner-opener.js'

/** Most keys of boxes inside packets that a capture file is given: a reader holds at most 50,000 keys. */
const innerKeys = 40_000

/** Keys that opened something, by connection: those of sessions and pairs, no secret key. */
export class UsedKeys {
  readonly #sessions = new Map<number, TcpSessionItem>()
  /** Connections in which each key opened a box, by its line in a key log. */
  readonly #inner = new Map<string, {readonly item: InnerKeyItem; readonly connections: Set<number>}>()
  /** Keys that were left out at the bound. */
  dropped = 0

  session(connection: number, item: TcpSessionItem): void {
    this.#sessions.set(connection, item)
  }

  inner(connection: number, item: InnerKeyItem): void {
    const line = keyLogLine(item)
    const known = this.#inner.get(line)
    if (known) known.connections.add(connection)
    else if (this.#inner.size < innerKeys) this.#inner.set(line, {item, connections: new Set([connection])})
    else this.dropped++
  }

  /** Keys of frames, then of boxes inside packets, of these connections. */
  of(connections: ReadonlySet<number>): {
    readonly sessions: readonly LoggedItem[]
    readonly inner: readonly LoggedItem[]
  } {
    const isWanted = (connection: number): boolean => connections.has(connection)
    return {
      sessions: [...this.#sessions].filter(([id]) => isWanted(id)).map(([, item]) => item),
      inner: [...this.#inner.values()].filter(each => [...each.connections].some(isWanted)).map(({item}) => item),
    }
  }
}
