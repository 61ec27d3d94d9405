import type {PeersName} from '../expert/peers.js'
import {type KeyFileInput, type KeyOptions, keyFileName, readKeys} from '../files/keys/load-keys.js'
import type {Impairments} from '../proxy/connection-context.js'
import {type Address, parseAddress} from '../proxy/explicit/address.js'
import type {Secret} from '../proxy/intercept/intercept-event.js'
import type {Script} from '../proxy/intercept/script.js'
import {secrets as mostSecrets} from '../proxy/limits.js'
import type {Rotation} from '../proxy/recording/recording-files.js'
import type {PrintFlags} from '../terminal/options/print-options.js'
import {bytesOf, bytesOrSecondsOf, secondsOf, timerSeconds} from '../terminal/options/quantity.js'
import type {OutputOptions} from '../terminal/output.js'
import {addFlags} from '../wire/advice.js'
import {fromHex} from '../wire/hex/hex-bytes.js'
import {isHex} from '../wire/hex/is-hex.js'
import {InputError} from '../wire/input-error.js'
import type {OptionNames} from '../wire/text/option-names.js'
import type {RelaySettings} from './relay/embedded.js'

/** Settings of a proxy that have the same form in the command line and in the library. All are optional. */
export interface ProxyChoices {
  /** The relay, `HOST:PORT`; `embedded`: one in this process. Absent: clients name it, by SOCKS5 or HTTP CONNECT. */
  readonly upstream?: string | undefined
  /** Destinations that SOCKS5 and HTTP clients may name, each `[HOST:]PORT`, where `*` is any host or port. */
  readonly allow?: readonly string[] | undefined
  /** The user name that SOCKS5 and HTTP clients must give, and the file with the password: `USER:FILE`. */
  readonly auth?: string | undefined
  /** Changes, drops, delays or injects packets when intercepting: the path of a module, or its exports. */
  readonly script?: string | Script | undefined
  /** Record into this pcapng file. */
  readonly write?: string | undefined
  /** Continue the recording in another file after this size or time: `100M`, `1h`. */
  readonly rotate?: string | undefined
  /** Number of the recording's files that are kept. */
  readonly keep?: number | undefined
  /** Append the session keys to this key log. */
  readonly writeKeylog?: string | undefined
  /** Delay of all bytes: `50ms`. */
  readonly latency?: string | undefined
  /** Random variation of the delay, up to this much more or less. */
  readonly jitter?: string | undefined
  /** Bytes per second in each direction: `10k`. */
  readonly rate?: string | undefined
  /** Most bytes of a TCP segment that is sent. */
  readonly split?: number | undefined
  /** Close each connection after this size or time. */
  readonly closeAfter?: string | undefined
  /** Seed of the random numbers that `jitter` uses. */
  readonly seed?: number | undefined
  /** Which implementation all ends are: severities and causes follow it. Default: auto. */
  readonly peers?: PeersName | undefined
  /** Most connections at a time; more are turned away. */
  readonly maxConnections?: number | undefined
  /** Time limit for a connection to be established. */
  readonly handshakeTimeout?: string | undefined
  /** Close a connection after this time without data. */
  readonly idleTimeout?: string | undefined
}

export const proxyChoiceNames: OptionNames<ProxyChoices> = {
  upstream: true,
  allow: true,
  auth: true,
  script: true,
  write: true,
  rotate: true,
  keep: true,
  writeKeylog: true,
  latency: true,
  jitter: true,
  rate: true,
  split: true,
  closeAfter: true,
  seed: true,
  peers: true,
  maxConnections: true,
  handshakeTimeout: true,
  idleTimeout: true,
}

/** Settings of a proxy, without those of its output. */
export interface ProxySettings extends ProxyChoices {
  /** Each [HOST:]PORT; none: 127.0.0.1 and the first free port from 33446. */
  readonly listen: readonly string[]
  /** Files of long-term secret keys: with any, connections are intercepted. */
  readonly relayKey: readonly KeyFileInput[]
  readonly clientKey: readonly KeyFileInput[]
  /** Replace an existing recording. */
  readonly force: boolean
  /** Put session keys into the recording. */
  readonly embedsKeys: boolean
  readonly keys: KeyOptions
  /**
   * The embedded relay, which serves all clients with `upstream: 'embedded'`, and those that begin with a Tox handshake
   * without an upstream. Absent: none, but with `upstream: 'embedded'` the usual one.
   */
  readonly embedded?: RelaySettings | undefined
  /** Where to listen if no address is given, and the first port that is tried. */
  readonly usualListener?: Address | undefined
}

/** The options of `toxtcp proxy`. */
export interface ProxyOptions extends ProxySettings, OutputOptions {
  readonly status: boolean
  readonly print: PrintFlags
  /** Stops the proxy, as a signal does. */
  readonly stop?: AbortSignal | undefined
  /** Output may be written to the process's own descriptors by any thread. */
  readonly ownsProcess?: boolean | undefined
}

/** Host to listen on by default. */
const loopback = '127.0.0.1'

/** Where to listen if nobody says it: next to 33445, the usual port of relays; and how many ports are tried. */
export const usualAddress: Address = {host: loopback, port: 33_446}
export const usualPorts = 100

/** Value of `upstream` for the embedded relay. */
export const embeddedUpstream = 'embedded'

/** Address of the relay; undefined without one, and for the embedded relay. @throws InputError */
export const upstreamOf = ({upstream}: Pick<ProxyChoices, 'upstream'>): Address | undefined =>
  upstream === undefined || upstream === embeddedUpstream ? undefined : parseAddress(upstream, {lowestPort: 1})

/** The usual port of relays. */
export const relayAddress: Address = {host: loopback, port: 33_445}

/** The given addresses, perhaps none. @throws InputError */
export const listenAddresses = ({listen}: ProxySettings): Address[] =>
  listen.map(text => parseAddress(text, {defaultHost: loopback, lowestPort: 0}))

/** @throws InputError */
export function impairmentsOf(options: ProxySettings): Impairments | undefined {
  const {latency, jitter, rate, split, closeAfter, seed} = options
  if ([latency, jitter, rate, split, closeAfter].every(value => value === undefined)) return undefined
  const close = closeAfter === undefined ? undefined : bytesOrSecondsOf(closeAfter, '--close-after')
  return {
    seed: seed ?? 0,
    ...(latency !== undefined && {latencyMilliseconds: 1000 * secondsOf(latency, '--latency', 'ms')}),
    ...(jitter !== undefined && {jitterMilliseconds: 1000 * secondsOf(jitter, '--jitter', 'ms')}),
    ...(rate !== undefined && {bytesPerSecond: bytesOf(rate, '--rate')}),
    ...(split !== undefined && {splitBytes: split}),
    ...(close &&
      ('bytes' in close
        ? {closeAfterBytes: close.bytes}
        : {closeAfterSeconds: timerSeconds(close.seconds, closeAfter!, '--close-after')})),
  }
}

/** Flags that record, in hints. */
export const recordingFlags: readonly string[] = ['-w', 'recording.pcapng']

/** @throws InputError */
export function rotationOf({rotate, keep, write}: ProxySettings): Rotation | undefined {
  if (rotate === undefined) {
    if (keep !== undefined)
      throw new InputError(
        '--keep is given without --rotate',
        addFlags([...(write === undefined ? recordingFlags : []), '--rotate', '100M']),
        'bad-option',
      )
    return undefined
  }
  if (write === undefined) throw new InputError('--rotate is given without -w', addFlags(recordingFlags), 'bad-option')
  return {...bytesOrSecondsOf(rotate, '--rotate'), ...(keep !== undefined && {keep})}
}

/** The given timeouts, in seconds. @throws InputError */
export const timeoutsOf = ({
  handshakeTimeout,
  idleTimeout,
}: ProxySettings): {handshakeSeconds?: number; idleSeconds?: number} => ({
  ...(handshakeTimeout !== undefined && {handshakeSeconds: secondsOf(handshakeTimeout, '--handshake-timeout', 's')}),
  ...(idleTimeout !== undefined && {idleSeconds: secondsOf(idleTimeout, '--idle-timeout', 's')}),
})

/** Long-term secret keys to intercept with; none: connections are forwarded unchanged. @throws InputError */
export async function secretsOf({
  relayKey,
  clientKey,
  keys,
}: Pick<ProxySettings, 'relayKey' | 'clientKey' | 'keys'>): Promise<Secret[]> {
  const ofRelays = await secretKeysIn(relayKey, keys)
  const ofClients = await secretKeysIn(clientKey, keys)
  const relays = keys.relayPk.filter(text => isHex(text, 32)).map(fromHex)
  if (ofClients.length > 0 && relays.length === 0) {
    throw new InputError(
      '--client-key is given without --relay-pk',
      "a client's secret key opens handshakes together with the relay's public key: add --relay-pk HEX",
      'bad-option',
    )
  }
  const secrets: Secret[] = ofRelays.map(secretKey => ({of: 'relay', secretKey}))
  for (const secretKey of ofClients)
    for (const relayKeyBytes of relays) secrets.push({of: 'client', secretKey, relayKey: relayKeyBytes})
  if (secrets.length > mostSecrets)
    throw new InputError(
      `${secrets.length} keys to intercept with are too many: at most ${mostSecrets}`,
      undefined,
      'bad-option',
    )
  return secrets
}

async function secretKeysIn(files: readonly KeyFileInput[], {env}: KeyOptions): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  for (const file of files) {
    const {items} = await readKeys(file, env)
    const keys = items.flatMap(item => (item.kind === 'secret_key' ? [item.secretKey] : []))
    if (keys.length === 0)
      throw new InputError(
        `${keyFileName(file)} holds no secret key`,
        'to intercept, give a long-term secret key of the relay or of the client',
        'bad-option',
      )
    for (const key of keys) found.push(key)
  }
  return found
}
