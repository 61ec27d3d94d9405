import {type RelaySettings, relaySettingNames} from '../live/relay/embedded.js'
import type {RunningProxy} from '../live/running-proxy.js'
import {embeddedUpstream, type ProxyChoices} from '../live/settings.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import type {OptionNames} from '../wire/text/option-names.js'
import {checkOptions} from './check-options.js'
import {type KeyInputs, keyInputNames, keyOptionsOf} from './key-inputs.js'
import {listOf, type OneOrMore} from './one-or-more.js'
import {Serving, serve} from './serving.js'

/** Options of `startRelay`. Texts have the form of the flags of `toxtcp relay`. */
export interface StartRelayOptions
  extends KeyInputs,
    RelaySettings,
    Pick<
      ProxyChoices,
      'script' | 'write' | 'writeKeylog' | 'peers' | 'maxConnections' | 'handshakeTimeout' | 'idleTimeout'
    > {
  /** Where to listen: `PORT` or `HOST:PORT`, one or several; default: any free port of 127.0.0.1. */
  readonly listen?: OneOrMore<string | number> | undefined
  /** Only records that match this display filter. */
  readonly filter?: string | undefined
  /** Serve without an inspection, which is faster: no `record` and no `key` is emitted. */
  readonly quiet?: boolean | undefined
  /** Replace an existing recording. */
  readonly force?: boolean | undefined
  /** Put session keys into the recording. */
  readonly embedKeys?: boolean | undefined
}

const optionNames: OptionNames<StartRelayOptions> = {
  ...keyInputNames,
  ...relaySettingNames,
  script: true,
  write: true,
  writeKeylog: true,
  peers: true,
  maxConnections: true,
  handshakeTimeout: true,
  idleTimeout: true,
  listen: true,
  filter: true,
  quiet: true,
  force: true,
  embedKeys: true,
}

/** Totals of a relay. */
export interface ToxRelayCounts {
  /** Connections now open. */
  readonly open: number
  /** Those of them that have sent a good frame. */
  readonly confirmed: number
  /** Connections turned away over the limit of all connections. */
  readonly turnedAway: number
  /** Connections that the relay closed, by cause: the code of a rule, or what `toxtcp relay` prints at its end. */
  readonly closed: ReadonlyMap<string, number>
  /** Packets passed on from client to client. */
  readonly relayed: number
  /** Packets dropped because their receivers read too slowly. */
  readonly dropped: number
}

/** A serving relay. Use `startRelay`. */
export class ToxRelay extends Serving {
  /** Long-term public key, 64 hex digits: what clients give to tox_add_tcp_relay. */
  get publicKey(): string {
    return toHex(this.running().relayKey!)
  }

  get counts(): ToxRelayCounts {
    const {turnedAway} = this.running().counts
    const {closed, ...counts} = this.running().relay!.counts
    return {...counts, turnedAway, closed: new Map(closed)}
  }
}

/**
 * Start a Tox TCP relay, as `toxtcp relay` is: a relay for tests of clients, which can also misbehave. Its key is new
 * and not kept, unless `key` names a file.
 *
 * @throws InputError for wrong options, an address that cannot be listened on, a file that cannot be opened.
 *
 * @example
 * ```ts
 * import {startRelay} from 'toxtcp'
 *
 * const relay = await startRelay({like: 'tox-rs', provocations: ['silent-pings']})
 * console.log(relay.port, relay.publicKey)
 * relay.on('record', record => console.log(record.connection, record.from, record.type))
 * process.once('SIGINT', () => relay.stop())
 * ```
 */
export async function startRelay(options: StartRelayOptions = {}): Promise<ToxRelay> {
  checkOptions(options, optionNames)
  const {listen = '0', force = false, embedKeys = false, filter, quiet = false, write, writeKeylog} = options
  return serve(
    {
      ...options,
      upstream: embeddedUpstream,
      embedded: options,
      listen: listOf(listen).map(String),
      relayKey: [],
      clientKey: [],
      force,
      embedsKeys: embedKeys,
      keys: keyOptionsOf(options),
    },
    {filter, isQuiet: quiet && write === undefined && writeKeylog === undefined},
    (running: () => RunningProxy) => new ToxRelay(running),
  )
}
