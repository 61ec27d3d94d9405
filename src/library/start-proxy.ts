import {EventEmitter} from 'node:events'
import {keyLogLine} from '../crypto/keylog.js'
import type {KeyFileInput} from '../files/keys/load-keys.js'
import {compileFilter} from '../filter/compile.js'
import {startObserving} from '../live/observing.js'
import type {RelaySettings} from '../live/relay/embedded.js'
import {RunningProxy} from '../live/running-proxy.js'
import type {ProxyChoices} from '../live/settings.js'
import {detached} from '../session/record.js'
import type {Endpoint} from '../wire/chunk.js'
import {type KeyInputs, keyOptionsOf, listOf, type OneOrMore} from './key-inputs.js'
import {ToxRecord} from './tox-record.js'

/** Options of `startProxy`. Texts have the form of the flags of `toxtcp proxy`. */
export interface StartProxyOptions extends KeyInputs, Omit<ProxyChoices, 'allow'> {
  /** Where to listen: `PORT` or `HOST:PORT`, one or several; default: any free port of 127.0.0.1. */
  readonly listen?: OneOrMore<string | number> | undefined
  /** Destinations that SOCKS5 and HTTP clients may name, `[HOST:]PORT` with `*` for any host or port. */
  readonly allow?: OneOrMore<string> | undefined
  /** Only records that match this display filter. */
  readonly filter?: string | undefined
  /** Key files of relays: with any, connections are intercepted. */
  readonly relayKey?: OneOrMore<KeyFileInput> | undefined
  /** Key files of clients; with `relayKeys`, connections are intercepted. */
  readonly clientKey?: OneOrMore<KeyFileInput> | undefined
  /** Replace an existing recording. */
  readonly force?: boolean | undefined
  /** Put session keys into the recording. */
  readonly embedKeys?: boolean | undefined
  /** The relay of `upstream: 'embedded'`. Texts have the form of the flags of `toxtcp relay`. */
  readonly embedded?: RelaySettings | undefined
}

/** Events of a proxy, with the arguments of their listeners. */
export interface ProxyEvents {
  /** A record of a Tox connection: a packet, a start, an end or a gap. */
  record: [record: ToxRecord]
  /** A session key became known: the proxy's number of the connection, and a line for a key log. */
  key: [connection: number, line: string]
  /** A sentence for the user. */
  note: [sentence: string]
}

/** A serving proxy. */
export class ToxProxy extends EventEmitter<ProxyEvents> {
  /** Sentences for the user from the time before it served. */
  readonly notes: string[] = []
  readonly #running: () => RunningProxy
  #stopped: Promise<void> | undefined

  /** Use `startProxy`. @param running returns the proxy once it serves. */
  constructor(running: () => RunningProxy) {
    super()
    this.#running = running
  }

  /** Port of the first address. */
  get port(): number {
    return this.addresses[0]!.port
  }

  /** Addresses that the proxy listens on. */
  get addresses(): readonly Endpoint[] {
    return this.#running().bound
  }

  /** Connections now open, accepted so far, and turned away over the limit. */
  get counts(): {readonly open: number; readonly accepted: number; readonly turnedAway: number} {
    return this.#running().counts
  }

  /**
   * End all connections. Resolves when the last record was emitted and everything is written; a second call waits for
   * the same.
   * @throws what a listener threw
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#running()
      .stop()
      .then(() => {})
    return this.#stopped
  }
}

/**
 * Start a proxy between Tox clients and relays. Bytes are forwarded first and inspected afterwards: a slow listener
 * delays records, not connections.
 *
 * @throws InputError for wrong options, an address that cannot be listened on, a file that cannot be opened.
 *
 * @example
 * ```ts
 * import {startProxy} from 'toxtcp'
 *
 * const proxy = await startProxy({listen: 33446, upstream: '127.0.0.1:33445', keylog: 'keys.log'})
 * proxy.on('record', record => console.log(record.connection, record.from, record.type))
 * process.once('SIGINT', () => proxy.stop())
 * ```
 */
export async function startProxy(options: StartProxyOptions = {}): Promise<ToxProxy> {
  const {listen = '0', allow, relayKey, clientKey, force = false, embedKeys = false, filter} = options
  const matches = filter === undefined ? undefined : compileFilter(filter)
  let running: RunningProxy | undefined
  const proxy = new ToxProxy(() => running!)
  running = await RunningProxy.start(
    {
      ...options,
      listen: listOf(listen).map(String),
      allow: listOf(allow),
      relayKey: listOf(relayKey),
      clientKey: listOf(clientKey),
      force,
      embedsKeys: embedKeys,
      keys: keyOptionsOf(options),
    },
    (settings, events) =>
      startObserving(
        settings,
        {
          ...events,
          keyFound(connection, item, recorded) {
            events.keyFound(connection, item, recorded)
            proxy.emit('key', connection, keyLogLine(item))
          },
        },
        {
          record(record) {
            if (!matches || matches(record)) proxy.emit('record', new ToxRecord(detached(record)))
          },
          note(sentence) {
            if (running) proxy.emit('note', sentence)
            else proxy.notes.push(sentence)
          },
        },
      ),
  )
  return proxy
}
