import {randomBytes} from 'node:crypto'
import type {TcpSessionItem} from '../crypto/key-item.js'
import {loadSodium} from '../crypto/sodium.js'
import {hostPort} from '../protocol/text.js'
import {type Address, addressText, parseAddress} from '../proxy/explicit/address.js'
import {isOwnListener} from '../proxy/explicit/own-address.js'
import type {Secret} from '../proxy/intercept/intercept-event.js'
import {scriptRewriter} from '../proxy/intercept/script.js'
import {Listeners} from '../proxy/net/listener.js'
import {type ProxyOptions as LiveOptions, LiveProxy} from '../proxy/proxy.js'
import type {Endpoint} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {accessOf} from './access.js'
import {adviceFor} from './advice.js'
import type {InspectionHost} from './inspection-host.js'
import type {InspectorEvents, InspectorSettings} from './inspector.js'
import {loadScript} from './load-script.js'
import {type ProxyRecording, recorderOptions, startRecording} from './recording.js'
import {
  impairmentsOf,
  listenAddresses,
  type ProxySettings,
  secretsOf,
  timeoutsOf,
  usualAddress,
  usualPorts,
} from './settings.js'

/** Exit status of a proxy whose recording failed. */
const failedStatus = 2

/** Starts the inspection of the proxy's traffic. @throws InputError */
export type HostStarter = (settings: InspectorSettings, events: InspectorEvents) => Promise<InspectionHost>

/** A serving proxy with its inspection and its recording. */
export class RunningProxy {
  /** Resolves when no more output is wanted. */
  readonly enough: Promise<void>
  readonly host: InspectionHost
  readonly #live: LiveProxy
  readonly #recorded: ProxyRecording | undefined

  private constructor(parts: Parts, live: LiveProxy, enough: Promise<void>) {
    this.host = parts.host
    this.#recorded = parts.recorded
    this.#live = live
    this.enough = enough
  }

  /** Resolves when all listeners are bound. @throws InputError; then nothing stays open. */
  static async start(settings: ProxySettings, startHost: HostStarter): Promise<RunningProxy> {
    const addresses = listenAddresses(settings)
    const upstream = settings.upstream === undefined ? undefined : parseAddress(settings.upstream, {lowestPort: 1})
    const impairments = impairmentsOf(settings)
    const timeouts = timeoutsOf(settings)
    const access = await accessOf(settings)
    const secrets = await secretsOf(settings)
    const intercept = await interceptionOf(settings, secrets)
    const recorder = recorderOptions(settings)
    let stop = () => {}
    const enough = new Promise<void>(resolve => {
      stop = resolve
    })
    // Listen before opening any output file: if the port is taken, another proxy may be writing to the same files.
    const listen = await (addresses.length > 0
      ? Listeners.bind(addresses)
      : Listeners.bindFirstFree(usualAddress, usualPorts))
    const parts = await partsOf(recorder, upstream, listen, events =>
      startHost(
        {
          keys: settings.keys,
          secrets,
          isTox: upstream !== undefined,
          peers: settings.peers,
          isRecording: recorder !== undefined,
          writeKeylog: settings.writeKeylog,
        },
        {...events, enough: stop},
      ),
    )
    const {host, recorded} = parts
    const live = await LiveProxy.start({
      listen,
      inspection: recorded?.recording ?? host.inspection,
      access,
      ...(upstream && {upstream}),
      ...(intercept && {intercept}),
      ...(impairments && {impairments}),
      ...(settings.maxConnections !== undefined && {maxConnections: settings.maxConnections}),
      ...timeouts,
    })
    const role = upstream ? `for the relay ${addressText(upstream)}` : 'as a SOCKS5 and HTTP proxy'
    for (const bound of live.bound)
      host.note(`listening on ${hostPort(bound)} ${role}${intercept ? ', intercepting' : ''}`)
    if (addresses.length === 0) for (const advice of adviceFor(live.bound[0]!, settings)) host.note(advice)
    for (const warning of live.warnings) host.note(`warning: ${warning}`)
    return new RunningProxy(parts, live, enough)
  }

  /** Bound addresses, in the order given. */
  get bound(): readonly Endpoint[] {
    return this.#live.bound
  }

  /** Connections now open, accepted so far, and turned away over the limit. */
  get counts(): LiveProxy['counts'] {
    return this.#live.counts
  }

  /**
   * End all connections, and resolve when everything is inspected and recorded.
   * @returns the exit status.
   * @throws what the inspector threw
   */
  async stop(): Promise<number> {
    this.host.stopping()
    await this.#live.stop()
    const recorded = await this.#recorded?.close()
    const status = await this.host.end(recorded)
    return recorded?.hasFailed ? Math.max(status, failedStatus) : status
  }
}

interface Parts {
  readonly host: InspectionHost
  readonly recorded: ProxyRecording | undefined
}

async function partsOf(
  recorder: ReturnType<typeof recorderOptions>,
  upstream: Address | undefined,
  listen: Listeners,
  start: (events: Omit<InspectorEvents, 'enough'>) => Promise<InspectionHost>,
): Promise<Parts> {
  try {
    if (upstream && (await isOwnListener(upstream, listen.bound)))
      throw new InputError(
        `the upstream ${addressText(upstream)} is this proxy itself`,
        'let it listen on another port, and point the client there',
        'bad-address',
      )
    let recorded: ProxyRecording | undefined
    const host = await start({
      keyFound: (connection: number, item: TcpSessionItem) => recorded?.recording.key(connection, item),
    })
    try {
      recorded = recorder && startRecording(recorder, upstream !== undefined, host)
    } catch (error) {
      host.cancel()
      throw error
    }
    return {host, recorded}
  } catch (error) {
    listen.close()
    throw error
  }
}

async function interceptionOf({script}: ProxySettings, secrets: readonly Secret[]): Promise<LiveOptions['intercept']> {
  const loaded = typeof script === 'string' ? await loadScript(script) : script
  if (secrets.length > 0) {
    const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
    return {box: await loadSodium(), random, secrets, ...(loaded && {rewriter: scriptRewriter(loaded)})}
  }
  if (!loaded) return undefined
  throw new InputError(
    '--script is given without a key to intercept with',
    'packets can only be changed with --relay-key FILE, or --client-key FILE and --relay-pk HEX',
    'bad-option',
  )
}
