import {EventEmitter} from 'node:events'
import {keyLogLine} from '../crypto/keylog.js'
import type {KeyFileInput} from '../files/load-keys.js'
import {compileFilter} from '../filter/compile.js'
import {startObserving} from '../live/observing.js'
import {RunningProxy} from '../live/running-proxy.js'
import type {Script} from '../proxy/intercept/script.js'
import {detached} from '../session/record.js'
import type {Endpoint} from '../wire/chunk.js'
import {type KeyInputs, keyOptionsOf, listOf, type OneOrMore} from './key-inputs.js'
import {ToxRecord} from './tox-record.js'

/** Which connections a proxy takes, and what it does to them. Texts are those of the flags of `toxtcp proxy`. */
export interface StartProxyOptions extends KeyInputs {
  /** Where to listen: `PORT` or `HOST:PORT`, one or several; default: any free port of 127.0.0.1. */
  readonly listen?: OneOrMore<string | number> | undefined
  /** The relay, `HOST:PORT`; default: clients name it, by SOCKS5 or HTTP CONNECT. */
  readonly upstream?: string | undefined
  /** Only records that match this display filter. */
  readonly filter?: string | undefined
  /** Key files of relays: with any, connections are intercepted. */
  readonly relayKey?: OneOrMore<KeyFileInput> | undefined
  /** Key files of clients; with `relayKeys`, connections are intercepted. */
  readonly clientKey?: OneOrMore<KeyFileInput> | undefined
  /** Changes, drops, delays or injects packets when intercepting: a path of a module, or its hook. */
  readonly script?: string | Script | undefined
  /** Record into this pcapng file. */
  readonly write?: string | undefined
  /** Replace the recording that is there. */
  readonly force?: boolean | undefined
  /** Put the keys that are found into the recording. */
  readonly embedKeys?: boolean | undefined
  /** Begin another file of the recording after this size or time: `100M`, `1h`. */
  readonly rotate?: string | undefined
  /** Files of the recording that are kept. */
  readonly keep?: number | undefined
  /** Append the keys that are found to this key log. */
  readonly writeKeylog?: string | undefined
  /** Delay of all bytes: `50ms`. */
  readonly latency?: string | undefined
  /** Further delay by chance, up to this. */
  readonly jitter?: string | undefined
  /** Bytes a second: `10k`. */
  readonly rate?: string | undefined
  /** Pass bytes on in pieces of this size. */
  readonly split?: number | undefined
  /** Close connections after this size or time. */
  readonly closeAfter?: string | undefined
  /** Seed of the random numbers that `jitter` uses. */
  readonly seed?: number | undefined
  /** Connections at a time; more are turned away. */
  readonly maxConnections?: number | undefined
  readonly handshakeTimeout?: string | undefined
  readonly idleTimeout?: string | undefined
}

/** What a proxy emits, with the arguments of each listener. */
export interface ProxyEvents {
  /** Something happened on a Tox connection. */
  record: [record: ToxRecord]
  /** The key of a connection's frames is known: the proxy's number of the connection, and a line for a key log. */
  key: [connection: number, line: string]
  /** A sentence for the user. */
  note: [sentence: string]
}

/** A proxy that serves. */
export class ToxProxy extends EventEmitter<ProxyEvents> {
  /** Sentences for the user from before it served. */
  readonly notes: string[] = []
  readonly #running: () => RunningProxy
  #stopped: Promise<void> | undefined

  /** @param running gives the proxy once it serves. Use `startProxy`. */
  constructor(running: () => RunningProxy) {
    super()
    this.#running = running
  }

  /** The port of the first address. */
  get port(): number {
    return this.addresses[0]!.port
  }

  /** Addresses that it listens on. */
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
 * Start a proxy between Tox clients and relays. Bytes are forwarded first and looked at after: a slow listener delays
 * records, not connections.
 *
 * @throws InputError for options with a mistake, an address that cannot be listened on, a file that cannot be opened.
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
  const {listen = '0', relayKey, clientKey, force = false, embedKeys = false, filter} = options
  const matches = filter === undefined ? undefined : compileFilter(filter)
  const {latency, jitter, rate, split, closeAfter, seed, maxConnections, handshakeTimeout, idleTimeout} = options
  const {upstream, script, write, rotate, keep, writeKeylog} = options
  let running: RunningProxy | undefined
  const proxy = new ToxProxy(() => running!)
  running = await RunningProxy.start(
    {
      ...{latency, jitter, rate, split, closeAfter, seed, maxConnections, handshakeTimeout, idleTimeout},
      ...{upstream, script, write, rotate, keep, writeKeylog, force},
      listen: listOf(listen).map(String),
      relayKey: listOf(relayKey),
      clientKey: listOf(clientKey),
      embedsKeys: embedKeys,
      keys: keyOptionsOf(options),
    },
    (settings, events) =>
      startObserving(
        settings,
        {
          ...events,
          keyFound(connection, item) {
            events.keyFound(connection, item)
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
