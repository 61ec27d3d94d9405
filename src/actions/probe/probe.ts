import {existsSync} from 'node:fs'
import {loadSodium} from '../../crypto/sodium.js'
import {relayListBytes} from '../../files/limits.js'
import {probeTarget} from '../../probe/probe-relay.js'
import {probeRelays} from '../../probe/probe-relays.js'
import {parseRelays, type RelayList, relayAt, relayOf} from '../../probe/relay-list.js'
import type {RelayProbe} from '../../probe/relay-probe.js'
import {stages} from '../../probe/stages.js'
import type {ProbeOptions as RelayProbeOptions, RelayTarget} from '../../probe/target.js'
import {type Address, addressText, parseAddress} from '../../proxy/explicit/address.js'
import type {Io} from '../../terminal/io.js'
import {colorLevelOf, rowWidth} from '../../terminal/options/print-options.js'
import {secondsOf} from '../../terminal/options/quantity.js'
import {readInput} from '../../terminal/read-input.js'
import {stopAtSignal} from '../../terminal/signals.js'
import {printJson, printText} from '../../terminal/user-output.js'
import type {TableStyle} from '../../view/stats/table.js'
import {theme} from '../../view/theme.js'
import {exactLines} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'
import {countText} from '../../wire/text/phrases.js'
import {probeJson, probesJson} from './report/json.js'
import {relaysText, stagesText} from './report/tables.js'

export interface ProbeOptions {
  /** `HOST:PORT KEY`, several of these, or the file of a list; `-` for standard input. */
  readonly targets: readonly string[]
  readonly count: number
  readonly timeout: string
  readonly socks?: string | undefined
  readonly jobs: number
  readonly rate: number
  /** Probe again after this time, and so on. */
  readonly interval?: string | undefined
  /** Serve metrics of these probes here: `[HOST:]PORT`. */
  readonly metrics?: string | undefined
  /** Ends repeated probes. Default: a signal to the process. */
  readonly stop?: AbortSignal | undefined
  /** Send wrong packets, and compare what the relay does with the known implementations. */
  readonly suite: boolean
  /** Allow that with a relay on another machine. */
  readonly allowRemote: boolean
  /** Be a relay at `[HOST:]PORT`, and send wrong packets to the client that connects. */
  readonly client?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

const usage = exactLines(
  'toxtcp probe HOST:PORT KEY',
  'toxtcp probe LIST',
  'curl -s https://nodes.tox.chat/json | toxtcp probe -',
)

/** `toxtcp probe`. @returns the exit status. @throws InputError */
export async function probe(options: ProbeOptions, io: Io): Promise<number> {
  const {targets, client} = options
  if (client !== undefined) return clientOf({...options, client}, io)
  const isOne = targets.length === 2 || targets.length === 3
  const {relays, withoutTcp} = await relaysOf(targets, io)
  if (withoutTcp > 0) io.note(`${countText(withoutTcp, 'node')} of the list without a TCP port: not probed`)
  const settings = await settingsOf(options)
  const {interval, metrics} = options
  if (interval === undefined && metrics !== undefined)
    throw new InputError(
      '--metrics is given without --interval',
      exactLines('toxtcp probe HOST:PORT KEY --interval 1min --metrics 9100'),
      'bad-option',
    )
  if (interval !== undefined) return watch(relays, settings, {...options, interval}, io)
  if (options.suite) return suiteOf(relays, settings, options, io)
  return isOne ? probeOne(relays[0]!, settings, options, io) : probeMany(relays, settings, options, io)
}

type Settings = Omit<RelayProbeOptions, 'relay' | 'progress'>

async function settingsOf({count, timeout, socks}: ProbeOptions): Promise<Settings> {
  return {
    box: await loadSodium(),
    pings: count,
    timeoutMilliseconds: 1000 * positiveSeconds(timeout, '--timeout'),
    ...(socks !== undefined && {socks: socksAddress(socks)}),
  }
}

/** @throws InputError for a time of 0, too. */
function positiveSeconds(text: string, flag: string): number {
  const seconds = secondsOf(text, flag, 's')
  if (seconds === 0)
    throw new InputError(`${flag} "${text}" leaves no time`, `for example ${flag} 500ms or ${flag} 10s`, 'bad-option')
  return seconds
}

const socksAddress = (text: string): Address => parseAddress(text, {lowestPort: 1})

/** The relays that the arguments name. @throws InputError */
async function relaysOf(targets: readonly string[], io: Io): Promise<RelayList> {
  const [first, second, third] = targets
  const named = (...relays: RelayTarget[]): RelayList => ({relays, withoutTcp: 0})
  if (first !== undefined && second !== undefined) {
    if (third !== undefined && targets.length === 3 && !/:\d+$/.test(first)) return named(relayOf(first, second, third))
    if (targets.length % 2 === 0) return named(...pairsOf(targets).map(([address, key]) => relayAt(address, key)))
    const last = targets.at(-1)
    throw new InputError(`"${last}" is one argument too many, or a relay without its key`, usage, 'bad-option')
  }
  if (first === undefined && io.isInputTerminal) throw new InputError('no relay is given', usage, 'bad-option')
  const file = first ?? '-'
  if (file !== '-' && /:\d+$/.test(file) && !existsSync(file))
    throw new InputError(`the public key of ${file} is missing`, exactLines(`toxtcp probe ${file} KEY`), 'bad-option')
  if (file !== '-' && !existsSync(file))
    throw new InputError(`${file} is neither HOST:PORT nor a file with a list of relays`, usage, 'bad-option')
  const list = parseRelays(new TextDecoder().decode(await readInput(file, relayListBytes, io)))
  if (list.relays.length === 0)
    throw new InputError(
      `${file === '-' ? 'standard input' : file} lists no relay`,
      'a line is HOST:PORT KEY; the JSON of nodes.tox.chat is read, too',
    )
  return list
}

const pairsOf = (texts: readonly string[]): [string, string][] =>
  texts.flatMap((text, index): [string, string][] => (index % 2 === 0 ? [[text, texts[index + 1]!]] : []))

async function watch(
  relays: readonly RelayTarget[],
  settings: Settings,
  {interval, metrics, jobs, rate, json, stop, suite}: ProbeOptions & {readonly interval: string},
  io: Io,
): Promise<number> {
  if (suite)
    throw new InputError(
      '--suite and --interval exclude each other',
      exactLines('toxtcp probe --suite HOST:PORT KEY'),
      'bad-option',
    )
  const intervalSeconds = positiveSeconds(interval, '--interval')
  const address = metrics === undefined ? undefined : parseAddress(metrics, {defaultHost: '127.0.0.1', lowestPort: 0})
  const {probeWatch} = await import('./watch.js')
  return probeWatch(relays, settings, {intervalSeconds, metrics: address, jobs, perSecond: rate, json, stop}, io)
}

async function suiteOf(
  relays: readonly RelayTarget[],
  settings: Settings,
  options: ProbeOptions,
  io: Io,
): Promise<number> {
  const {allowRemote, json} = options
  const [relay, ...others] = relays
  if (!relay || others.length > 0)
    throw new InputError(
      `--suite takes one relay, and ${relays.length} are given`,
      exactLines('toxtcp probe --suite HOST:PORT KEY'),
      'bad-option',
    )
  const {probeSuite} = await import('./suite.js')
  return probeSuite({...settings, relay}, {allowRemote, json, style: tableStyle(options, io)}, io)
}

async function clientOf(options: ProbeOptions & {readonly client: string}, io: Io): Promise<number> {
  const {client: listen, targets, json, timeout} = options
  if (targets.length > 0)
    throw new InputError(
      `--client waits for a client, and "${targets[0]}" is given as a relay`,
      exactLines(`toxtcp probe --client ${listen}`),
      'bad-option',
    )
  const {probeClient} = await import('./clients.js')
  return probeClient(
    {
      box: await loadSodium(),
      listen,
      timeoutMilliseconds: 1000 * positiveSeconds(timeout, '--timeout'),
      json,
      style: tableStyle(options, io),
      stop: options.stop ?? stopAtSignal(),
    },
    io,
  )
}

async function probeOne(relay: RelayTarget, settings: Settings, options: ProbeOptions, io: Io): Promise<number> {
  const result = await probeTarget({
    ...settings,
    relay,
    progress: stage => showProgress(io, `${addressText(relay)}: ${stages[stage]} ...`),
  })
  showProgress(io, '')
  if (options.json) printJson(io, probeJson(result))
  else printText(io, stagesText(result, tableStyle(options, io)))
  return result.isHealthy ? 0 : 1
}

async function probeMany(
  relays: readonly RelayTarget[],
  settings: Settings,
  options: ProbeOptions,
  io: Io,
): Promise<number> {
  const {jobs, rate} = options
  const finished: RelayProbe[] = []
  const results = await probeRelays(relays, {
    ...settings,
    jobs,
    perSecond: rate,
    done: result => {
      finished.push(result)
      const unhealthy = finished.filter(({isHealthy}) => !isHealthy).length
      showProgress(io, `${finished.length} of ${countText(relays.length, 'relay')} probed, ${unhealthy} not healthy`)
    },
  })
  showProgress(io, '')
  if (options.json) printJson(io, probesJson(results))
  else printText(io, relaysText(results, tableStyle(options, io)))
  return results.every(({isHealthy}) => isHealthy) ? 0 : 1
}

function showProgress(io: Io, line: string): void {
  if (io.isErrorTerminal) io.status(line)
}

function tableStyle({color}: ProbeOptions, io: Io): TableStyle {
  return {
    width: rowWidth(io),
    isAscii: io.isAscii,
    theme: theme(colorLevelOf(color, io), io.colors),
  }
}
