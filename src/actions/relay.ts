import {startInspection} from '../live/inspection-host.js'
import {quietHost} from '../live/quiet-host.js'
import type {RelaySettings} from '../live/relay/embedded.js'
import {relayStatus} from '../live/relay/relay-texts.js'
import {RunningProxy} from '../live/running-proxy.js'
import {embeddedUpstream, type ProxyOptions, relayAddress} from '../live/settings.js'
import type {Io} from '../terminal/io.js'
import {printingSettings, scriptFailures, untilAsked} from './proxy.js'

/** The options of `toxtcp relay`. */
export interface RelayOptions
  extends Pick<
    ProxyOptions,
    | 'listen'
    | 'maxConnections'
    | 'handshakeTimeout'
    | 'script'
    | 'status'
    | 'write'
    | 'force'
    | 'embedsKeys'
    | 'writeKeylog'
    | 'keys'
    | 'print'
    | 'filter'
    | 'count'
    | 'failOn'
    | 'peers'
    | 'stop'
    | 'ownsProcess'
  > {
  readonly embedded: RelaySettings
}

/** Milliseconds between two status lines. */
const statusMilliseconds = 500

/** `toxtcp relay`: serve clients as a Tox relay until a signal arrives. @returns the exit status. @throws InputError */
export async function relay(options: RelayOptions, io: Io): Promise<number> {
  const {status, write, writeKeylog} = options
  const settings: ProxyOptions = {
    ...options,
    upstream: embeddedUpstream,
    usualListener: relayAddress,
    relayKey: [],
    clientKey: [],
    quiet: status,
  }
  // Without a recording nobody needs the packets that are not shown.
  const isUnread = status && write === undefined && writeKeylog === undefined && options.failOn === undefined
  const failures = scriptFailures(settings)
  const running = await RunningProxy.start(settings, (inspector, events) =>
    isUnread
      ? Promise.resolve(quietHost(io))
      : startInspection({...inspector, ...printingSettings(settings, io)}, io, options.ownsProcess === true, events),
  )
  failures.noteTo(running.host)
  const timer = isUnread && io.isErrorTerminal ? showStatus(running, io) : undefined
  await untilAsked(settings, running)
  clearInterval(timer)
  io.status('')
  return running.stop()
}

function showStatus({relay: embedded}: RunningProxy, io: Io): NodeJS.Timeout | undefined {
  if (!embedded) return undefined
  let before = 0
  const draw = () => {
    const {counts} = embedded
    io.status(relayStatus(counts, ((counts.relayed - before) * 1000) / statusMilliseconds))
    before = counts.relayed
  }
  draw()
  return setInterval(draw, statusMilliseconds)
}
