import {limits} from '../../protocol/limits.js'
import {hostPort} from '../../protocol/text.js'
import type {Endpoint} from '../../wire/chunk.js'
import {BoundedMap} from '../inner/bounded-map.js'
import type {PendingPackets} from './pending-packets.js'
import type {RouteTable} from './route-table.js'

/** A client whose connection to a relay is captured from its handshake on. */
export class CapturedClient {
  /** False once something on the connection was not seen: then nothing rests on what is absent. */
  isWhole = true
  /** Whether anything of the relay was seen after its handshake. */
  hearsRelay = false
  /** Made when the relay gives it a connection id: a flood of connections has none. */
  routes: RouteTable | undefined
  /** Packets for this client that were seen on their way to the relay, once there are any. */
  pending: PendingPackets | undefined

  /**
   * @param pk in hex.
   * @param relay host and port; empty: not known.
   */
  constructor(
    readonly connection: number,
    readonly pk: string,
    readonly relay: string,
  ) {}
}

/** The clients whose connections are open, by connection and by key. */
export class CapturedClients {
  readonly #byConnection = new Map<number, CapturedClient>()
  readonly #byKey = new BoundedMap<string, readonly CapturedClient[]>(limits.onlineKeys)

  /** @param isPart whether a client may have connections that are not read. */
  constructor(readonly isPart: boolean) {}

  /** The client of a connection; undefined: its start was not seen. */
  of(connection: number): CapturedClient | undefined {
    return this.#byConnection.get(connection)
  }

  /** Open connections of a client. @param pk in hex. */
  named(pk: string): readonly CapturedClient[] {
    return this.#byKey.get(pk) ?? none
  }

  /** The connection of a client at a relay, if that is certainly the only one, of which everything was seen. */
  wholeAt(pk: string, relay: string): CapturedClient | undefined {
    if (relay === '' || this.isPart) return undefined
    const [client, second] = this.named(pk).filter(each => each.relay === relay)
    return client?.isWhole && !second ? client : undefined
  }

  /** The first frame of a client opens. @param pk its key, in hex. */
  confirm(connection: number, pk: string, relay: Endpoint | null): CapturedClient {
    const client = new CapturedClient(connection, pk, relay ? hostPort(relay) : '')
    this.#byConnection.set(connection, client)
    this.#byKey.set(pk, [...this.named(pk), client])
    return client
  }

  /** The connection of a client is over. */
  leave(client: CapturedClient): void {
    this.#byConnection.delete(client.connection)
    const others = this.named(client.pk).filter(each => each !== client)
    if (others.length > 0) this.#byKey.set(client.pk, others)
    else this.#byKey.delete(client.pk)
  }
}

const none: readonly CapturedClient[] = []
