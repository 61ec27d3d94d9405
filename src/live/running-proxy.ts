import {randomBytes} from 'node:crypto'
import type {TcpSessionItem} from '../crypto/key-item.js'
import {loadSodium} from '../crypto/sodium.js'
import {relayClients} from '../peer/relay/limits.js'
import {hostPort} from '../protocol/text.js'
import type {Rewriter} from '../proxy/connection-context.js'
import type {EmbeddedRelay} from '../proxy/embedded/embedded-relay.js'
import {type Address, addressText} from '../proxy/explicit/address.js'
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
import {type Embedded, startEmbedded} from './relay/embedded.js'
import {relayNotes, relaySummary} from './relay/relay-texts.js'
import {
  embeddedUpstream,
  impairmentsOf,
  listenAddresses,
  type ProxySettings,
  secretsOf,
  timeoutsOf,
  upstreamOf,
  usualAddress,
  usualPorts,
} from './settings.js'

/** Exit status of a proxy whose recording failed. */
const failedStatus = 2

/** Starts the inspection of the proxy's traffic. @throws InputError */
export type HostStarter = (settings: InspectorSettings, events: InspectorEvents) => Promise<InspectionHost>

/** Wraps the rewriter of the script, if there is one. */
export type RewriterWrapper = (script: Rewriter | undefined) => Rewriter

/** A serving proxy with its inspection and its recording. */
export class RunningProxy {
  /** Resolves when no more output is wanted. */
  readonly enough: Promise<void>
  readonly host: InspectionHost
  readonly #live: LiveProxy
  readonly #recorded: ProxyRecording | undefined
  readonly #embedded: Embedded | undefined

  /** Whether packets can be changed. */
  readonly isIntercepting: boolean

  private constructor(
    parts: Parts & {readonly embedded: Embedded | undefined; readonly isIntercepting: boolean},
    live: LiveProxy,
    enough: Promise<void>,
  ) {
    this.host = parts.host
    this.isIntercepting = parts.isIntercepting
    this.#recorded = parts.recorded
    this.#embedded = parts.embedded
    this.#live = live
    this.enough = enough
  }

  /** Resolves when all listeners are bound. @throws InputError; then nothing stays open. */
  static async start(
    settings: ProxySettings,
    startHost: HostStarter,
    wrapper?: RewriterWrapper,
  ): Promise<RunningProxy> {
    const embedded = await embeddedOf(settings)
    try {
      return await RunningProxy.#start(settings, embedded, startHost, wrapper)
    } catch (error) {
      embedded?.relay.stop()
      throw error
    }
  }

  static async #start(
    settings: ProxySettings,
    embedded: Embedded | undefined,
    startHost: HostStarter,
    wrapper: RewriterWrapper | undefined,
  ): Promise<RunningProxy> {
    const addresses = listenAddresses(settings)
    const upstream = upstreamOf(settings)
    const servesAll = settings.upstream === embeddedUpstream
    const impairments = impairmentsOf(settings)
    const timeouts = timeoutsOf(settings)
    const access = await accessOf(settings)
    const secrets = await secretsOf(settings)
    const ownSecrets: readonly Secret[] = embedded ? [{of: 'relay', secretKey: embedded.key.secretKey}] : []
    const intercept = await interceptionOf(
      settings,
      servesAll && (settings.script !== undefined || wrapper) && secrets.length === 0 ? ownSecrets : secrets,
      wrapper,
    )
    const recorder = recorderOptions(settings)
    let stop = () => {}
    const enough = new Promise<void>(resolve => {
      stop = resolve
    })
    // Listen before opening any output file: if the port is taken, another proxy may be writing to the same files.
    const listen = await (addresses.length > 0
      ? Listeners.bind(addresses)
      : Listeners.bindFirstFree(settings.usualListener ?? usualAddress, usualPorts))
    const isTox = upstream !== undefined || servesAll
    const parts = await partsOf({recorder, upstream, isTox, listen}, events =>
      startHost(
        {
          keys: settings.keys,
          secrets: [...secrets, ...ownSecrets],
          isTox,
          peers: settings.peers,
          isRecording: recorder !== undefined,
          writeKeylog: settings.writeKeylog,
        },
        {...events, enough: stop},
      ),
    )
    const {host, recorded} = parts
    const maxConnections = settings.maxConnections ?? (servesAll ? relayClients : undefined)
    const live = await LiveProxy.start({
      listen,
      inspection: recorded?.recording ?? host.inspection,
      access,
      ...(upstream && {upstream}),
      ...(embedded && {embedded: {relay: embedded.relay, servesAll}}),
      ...(intercept && {intercept}),
      ...(impairments && {impairments}),
      ...(maxConnections !== undefined && {maxConnections}),
      ...timeouts,
    })
    const role = roleOf(upstream, servesAll, intercept !== undefined)
    for (const bound of live.bound) host.note(`listening on ${hostPort(bound)} ${role}`)
    if (addresses.length === 0 && !servesAll)
      for (const advice of adviceFor(live.bound[0]!, settings)) host.note(advice)
    for (const warning of live.warnings) host.note(`warning: ${warning}`)
    if (embedded) for (const note of relayNotes(embedded, live.bound[0]!, servesAll)) host.note(note)
    return new RunningProxy({...parts, embedded, isIntercepting: intercept !== undefined}, live, enough)
  }

  /** The embedded relay, if there is one. */
  get relay(): EmbeddedRelay | undefined {
    return this.#embedded?.relay
  }

  /** Long-term public key of the embedded relay. */
  get relayKey(): Uint8Array | undefined {
    return this.#embedded?.key.publicKey
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
    this.#embedded?.relay.stop()
    if (this.#embedded?.relay.hasServed) for (const line of relaySummary(this.#embedded.relay)) this.host.note(line)
    const recorded = await this.#recorded?.close()
    const status = await this.host.end(recorded)
    return recorded?.hasFailed ? Math.max(status, failedStatus) : status
  }
}

interface Parts {
  readonly host: InspectionHost
  readonly recorded: ProxyRecording | undefined
}

/** What a running proxy does, in words. */
function roleOf(upstream: Address | undefined, isRelay: boolean, isIntercepting: boolean): string {
  const role = isRelay
    ? 'as a Tox relay'
    : upstream
      ? `for the relay ${addressText(upstream)}`
      : 'as a SOCKS5 and HTTP proxy'
  return isIntercepting ? `${role}, intercepting` : role
}

/** Start the embedded relay, if one is wanted. @throws InputError */
async function embeddedOf(settings: ProxySettings): Promise<Embedded | undefined> {
  const relay = settings.embedded ?? (settings.upstream === embeddedUpstream ? {} : undefined)
  if (!relay) return undefined
  return startEmbedded(await loadSodium(), relay, timeoutsOf(settings).handshakeSeconds, settings.keys.env)
}

interface PartsOptions {
  readonly recorder: ReturnType<typeof recorderOptions>
  readonly upstream: Address | undefined
  readonly isTox: boolean
  readonly listen: Listeners
}

async function partsOf(
  {recorder, upstream, isTox, listen}: PartsOptions,
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
      recorded = recorder && startRecording(recorder, isTox, host)
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

async function interceptionOf(
  {script}: ProxySettings,
  secrets: readonly Secret[],
  wrapper: RewriterWrapper | undefined,
): Promise<LiveOptions['intercept']> {
  const loaded = typeof script === 'string' ? await loadScript(script) : script
  if (secrets.length > 0) {
    const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
    const byScript = loaded && scriptRewriter(loaded)
    const rewriter = wrapper ? wrapper(byScript) : byScript
    return {box: await loadSodium(), random, secrets, ...(rewriter && {rewriter})}
  }
  if (!loaded) return undefined
  throw new InputError(
    '--script is given without a key to intercept with',
    'packets can only be changed with --relay-key FILE, or --client-key FILE and --relay-pk HEX',
    'bad-option',
  )
}
