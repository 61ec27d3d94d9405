import {EventEmitter} from 'node:events'
import {keyLogLine} from '../crypto/keylog.js'
import {compileFilter} from '../filter/compile.js'
import {startObserving} from '../live/observing.js'
import {quietHost} from '../live/quiet-host.js'
import {RunningProxy} from '../live/running-proxy.js'
import type {ProxySettings} from '../live/settings.js'
import {detached} from '../session/record.js'
import type {Endpoint} from '../wire/chunk.js'
import {ToxRecord} from './tox-record.js'

/** Events of a proxy or a relay, with the arguments of their listeners. */
export interface ServingEvents {
  /** A record of a Tox connection: a packet, a start, an end or a gap. */
  record: [record: ToxRecord]
  /** A session key became known: the number of the connection, and a line for a key log. */
  key: [connection: number, line: string]
  /** A sentence for the user. */
  note: [sentence: string]
}

/** What a proxy and a relay have in common while they serve. */
export abstract class Serving extends EventEmitter<ServingEvents> {
  /** Sentences for the user from the time before it served. */
  readonly notes: string[] = []
  protected readonly running: () => RunningProxy
  #stopped: Promise<void> | undefined

  /** @param running returns what serves, once it does. */
  constructor(running: () => RunningProxy) {
    super()
    this.running = running
  }

  /** Port of the first address. */
  get port(): number {
    return this.addresses[0]!.port
  }

  /** Addresses that it listens on. */
  get addresses(): readonly Endpoint[] {
    return this.running().bound
  }

  /**
   * End all connections. Resolves when the last record was emitted and everything is written; a second call waits for
   * the same.
   * @throws what a listener threw
   */
  stop(): Promise<void> {
    this.#stopped ??= this.running()
      .stop()
      .then(() => {})
    return this.#stopped
  }
}

/** What is inspected, and which records are emitted. */
export interface Inspecting {
  /** Only records that match this display filter. */
  readonly filter: string | undefined
  /** Nothing is inspected: no records and no keys. */
  readonly isQuiet: boolean
}

/** Start a proxy or a relay whose records are events. @param create makes the emitter. @throws InputError */
export async function serve<Server extends Serving>(
  settings: ProxySettings,
  {filter, isQuiet}: Inspecting,
  create: (running: () => RunningProxy) => Server,
): Promise<Server> {
  const matches = filter === undefined ? undefined : compileFilter(filter)
  let running: RunningProxy | undefined
  const server = create(() => running!)
  const note = (sentence: string) => {
    if (running) server.emit('note', sentence)
    else server.notes.push(sentence)
  }
  running = await RunningProxy.start(settings, (inspector, events) =>
    isQuiet
      ? Promise.resolve(quietHost({note}))
      : startObserving(
          inspector,
          {
            ...events,
            keyFound(connection, item, recorded) {
              events.keyFound(connection, item, recorded)
              server.emit('key', connection, keyLogLine(item))
            },
          },
          {
            record(record) {
              if (!matches || matches(record)) server.emit('record', new ToxRecord(detached(record)))
            },
            note,
          },
        ),
  )
  return server
}
