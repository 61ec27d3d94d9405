import type {KeyFileInput} from '../files/keys/load-keys.js'
import {type RelaySettings, relaySettingNames} from '../live/relay/embedded.js'
import type {RunningProxy} from '../live/running-proxy.js'
import {type ProxyChoices, proxyChoiceNames} from '../live/settings.js'
import type {OptionNames} from '../wire/text/option-names.js'
import {checkOptions} from './check-options.js'
import {type KeyInputs, keyInputNames, keyOptionsOf} from './key-inputs.js'
import {listOf, type OneOrMore} from './one-or-more.js'
import {Serving, serve} from './serving.js'

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
  /** Key files of clients; with `relayKey`, connections are intercepted. */
  readonly clientKey?: OneOrMore<KeyFileInput> | undefined
  /** Replace an existing recording. */
  readonly force?: boolean | undefined
  /** Put session keys into the recording. */
  readonly embedKeys?: boolean | undefined
  /** The relay of `upstream: 'embedded'`. Texts have the form of the flags of `toxtcp relay`. */
  readonly embedded?: RelaySettings | undefined
}

const optionNames: OptionNames<StartProxyOptions> = {
  ...keyInputNames,
  ...proxyChoiceNames,
  listen: true,
  filter: true,
  relayKey: true,
  clientKey: true,
  force: true,
  embedKeys: true,
  embedded: true,
}

/** A serving proxy. Use `startProxy`. */
export class ToxProxy extends Serving {
  /** Connections now open, accepted so far, and turned away over the limit. */
  get counts(): {readonly open: number; readonly accepted: number; readonly turnedAway: number} {
    return this.running().counts
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
  checkOptions(options, optionNames)
  checkOptions(options.embedded ?? {}, relaySettingNames)
  const {listen = '0', allow, relayKey, clientKey, force = false, embedKeys = false, filter} = options
  return serve(
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
    {filter, isQuiet: false},
    (running: () => RunningProxy) => new ToxProxy(running),
  )
}
