import type {TcpSessionItem} from '../../crypto/key-item.js'
import {keyLogLine, type LoggedItem} from '../../crypto/keylog.js'
import type {InnerKeyItem} from '../../session/inner/opening/passage.js'
import {isLastEnd, type SessionRecord} from '../../session/record.js'
import {NumberSet} from '../../wire/memory/number-set.js'
import {countText} from '../../wire/text/phrases.js'
import * as limits from '../limits.js'

interface InnerKey {
  readonly item: InnerKeyItem
  /** Whether it opened a box in a chosen connection. */
  isChosen: boolean
  /** Connections in which it opened a box before they were chosen. */
  readonly connections: Set<number>
}

/** Keys that opened something, by connection: those of sessions and pairs, no secret key. */
export class UsedKeys {
  readonly #chosen: NumberSet
  readonly #sessions = new Map<number, TcpSessionItem>()
  /** By its line in a key log. */
  readonly #inner = new Map<string, InnerKey>()
  /** How many `connections` these keys have. */
  #places = 0
  /** Connections whose key was left out at a bound, and keys of boxes inside packets that were. */
  readonly #keyless = new NumberSet()
  #dropped = 0

  /** @param chosen connections whose keys are wanted; it grows while records pass. */
  constructor(chosen: NumberSet) {
    this.#chosen = chosen
  }

  session(connection: number, item: TcpSessionItem): void {
    if (this.#sessions.size < limits.embeddedSessions) this.#sessions.set(connection, item)
    else this.#keyless.add(connection)
  }

  inner(connection: number, item: InnerKeyItem): void {
    const key = this.#innerKey(item)
    if (key && this.#chosen.has(connection)) key.isChosen = true
    else if (key && !key.isChosen && this.#places < limits.unchosenPlaces) {
      key.connections.add(connection)
      this.#places++
    } else if (!key?.isChosen) this.#dropped++
  }

  /** The key of a connection that is over, and of which nothing was chosen, makes room for others. */
  end(record: SessionRecord): void {
    const {connection} = record
    if (connection !== null && isLastEnd(record) && !this.#chosen.has(connection)) this.#sessions.delete(connection)
  }

  /** Keys of frames, then of boxes inside packets, of the chosen connections. */
  of(): {readonly sessions: readonly LoggedItem[]; readonly inner: readonly LoggedItem[]} {
    const isChosen = (connection: number): boolean => this.#chosen.has(connection)
    return {
      sessions: [...this.#sessions].filter(([id]) => isChosen(id)).map(([, item]) => item),
      inner: [...this.#inner.values()]
        .filter(key => key.isChosen || [...key.connections].some(isChosen))
        .map(({item}) => item),
    }
  }

  /** What was left out because a bound was reached; whole sentences. */
  get notes(): readonly string[] {
    const keyless = [...this.#keyless].filter(connection => this.#chosen.has(connection)).length
    return [
      ...(keyless > 0 ? [`the keys of ${countText(keyless, 'connection')} were over the bound and left out`] : []),
      ...(this.#dropped > 0
        ? [`${countText(this.#dropped, 'key')} of boxes inside packets were over the bound and left out`]
        : []),
    ]
  }

  /** What is known of a key; undefined: at the bound. */
  #innerKey(item: InnerKeyItem): InnerKey | undefined {
    const line = keyLogLine(item)
    const known = this.#inner.get(line)
    if (known || this.#inner.size >= limits.embeddedInnerKeys) return known
    const key = {item, isChosen: false, connections: new Set<number>()}
    this.#inner.set(line, key)
    return key
  }
}
