import {randomBytes} from 'node:crypto'
import type {TcpSessionItem} from '../crypto/key-item.js'
import {loadSodium} from '../crypto/sodium.js'
import {startInspection} from '../live/inspection-host.js'
import type {InspectorSettings} from '../live/inspector.js'
import {loadScript} from '../live/load-script.js'
import {type ProxyRecording, recorderOptions, startRecording} from '../live/recording.js'
import {catchScriptFailures} from '../live/script-failures.js'
import {faultsOf, listenAddresses, type ProxyOptions, secretsOf, timeoutsOf} from '../live/settings.js'
import {type Address, addressText, parseAddress} from '../proxy/explicit/address.js'
import {isOwnListener} from '../proxy/explicit/own-address.js'
import type {Secret} from '../proxy/intercept/intercept.js'
import {scriptRewriter} from '../proxy/intercept/script.js'
import {thrownText} from '../proxy/intercept/thrown.js'
import {Listeners} from '../proxy/net/listener.js'
import {type ProxyOptions as LiveOptions, LiveProxy} from '../proxy/proxy.js'
import type {Io} from '../terminal/io.js'
import {printOptions} from '../terminal/print-options.js'
import {dieOf, onSignals} from '../terminal/signals.js'
import {InputError} from '../wire/input-error.js'

/** `toxtcp proxy`: serves until it is told to stop. @returns the exit status. @throws InputError */
export async function proxy(options: ProxyOptions, io: Io): Promise<number> {
  const addresses = listenAddresses(options)
  const upstream = options.upstream === undefined ? undefined : parseAddress(options.upstream, {lowestPort: 1})
  const faults = faultsOf(options)
  const timeouts = timeoutsOf(options)
  const secrets = await secretsOf(options)
  const intercept = await interceptionOf(options, secrets)
  const settings = inspectorSettings(options, secrets, io)
  const recorder = recorderOptions(options)
  const {stopped, stop} = stopper()
  // First of all: where another proxy listens already, nothing of what that one writes may be touched.
  const listen = await Listeners.bind(addresses)
  let recorded: ProxyRecording | undefined
  const tidings = {
    enough: stop,
    keyFound: (connection: number, item: TcpSessionItem) => recorded?.recording.key(connection, item),
  }
  const host = await begin(upstream, listen, async () => {
    const started = await startInspection(settings, io, options.ownsProcess === true, tidings)
    try {
      recorded = recorder && startRecording(recorder, upstream !== undefined, started)
    } catch (error) {
      started.cancel()
      throw error
    }
    return started
  })
  const live = await LiveProxy.start({
    listen,
    inspection: recorded?.recording ?? host.inspection,
    ...(upstream && {upstream}),
    ...(intercept && {intercept}),
    ...(faults && {faults}),
    ...(options.maxConnections !== undefined && {maxConnections: options.maxConnections}),
    ...timeouts,
  })
  const how = `${upstream ? `before ${addressText(upstream)}` : 'as a SOCKS5 and HTTP proxy'}${intercept ? ', intercepting' : ''}`
  for (const {ip, port} of live.bound) host.note(`listening on ${addressText({host: ip, port})} ${how}`)
  for (const warning of live.warnings) host.note(`warning: ${warning}`)
  if (options.script !== undefined && options.ownsProcess) {
    let failures = 0
    catchScriptFailures(error => {
      if (failures++ === 0) host.note(`the script failed outside onPacket (${thrownText(error)}); forwarding goes on`)
    })
  }
  await untilAsked(options, stop, stopped)
  host.stopping()
  await live.stop()
  return host.end(await recorded?.close())
}

async function begin<T>(upstream: Address | undefined, listen: Listeners, start: () => Promise<T>): Promise<T> {
  try {
    if (upstream && (await isOwnListener(upstream, listen.bound)))
      throw new InputError(
        `the upstream ${addressText(upstream)} is this proxy itself`,
        'let it listen on another port, and point the client there',
      )
    return await start()
  } catch (error) {
    listen.close()
    throw error
  }
}

function stopper(): {readonly stopped: Promise<void>; readonly stop: () => void} {
  let stop = () => {}
  const stopped = new Promise<void>(done => {
    stop = done
  })
  return {stopped, stop}
}

async function untilAsked(
  {stop: signal, ownsProcess}: ProxyOptions,
  stop: () => void,
  stopped: Promise<void>,
): Promise<void> {
  if (signal?.aborted) return
  signal?.addEventListener('abort', stop, {once: true})
  if (!ownsProcess) return stopped
  let asked = 0
  // The signals stay taken: while connections end, a second one ends the process.
  onSignals(signal => (asked++ === 0 ? stop() : dieOf(signal)))
  return stopped
}

async function interceptionOf({script}: ProxyOptions, secrets: readonly Secret[]): Promise<LiveOptions['intercept']> {
  const loaded = script === undefined ? undefined : await loadScript(script)
  if (secrets.length > 0) {
    const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
    return {box: await loadSodium(), random, secrets, ...(loaded && {rewriter: scriptRewriter(loaded)})}
  }
  if (!loaded) return undefined
  throw new InputError(
    '--script is given, and no key to intercept with',
    'packets can only be changed with --relay-key FILE, or --client-key FILE and --relay-pk HEX',
  )
}

function inspectorSettings(options: ProxyOptions, secrets: readonly Secret[], io: Io): InspectorSettings {
  const {filter, count, failOn, keys, writeKeylog, status} = options
  return {
    print: printOptions(options.print, io, 'list', true),
    output: {filter, count, failOn},
    keys,
    secrets,
    isTox: options.upstream !== undefined,
    writeKeylog,
    statusWidth: status && io.isErrorTerminal ? io.width : undefined,
  }
}
