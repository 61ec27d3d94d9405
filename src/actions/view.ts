import {Browser} from '../browse/browser.js'
import type {Effect} from '../browse/event.js'
import type {PeersName} from '../expert/peers.js'
import type {KeyOptions} from '../files/keys/load-keys.js'
import {writeWhole} from '../files/secret-file.js'
import {addToHistory, readHistory, writeStateFile} from '../files/state-files.js'
import {CaptureCopy, PacketSet} from '../library/capture/capture-copy.js'
import {captureSource} from '../library/capture/capture-input.js'
import {CaptureReading} from '../library/capture/capture-reading.js'
import {StoredCapture} from '../library/capture/stored-capture.js'
import type {Io} from '../terminal/io.js'
import {colorLevelOf, isUtf8} from '../terminal/options/print-options.js'
import {timeZoneOf} from '../terminal/options/time-zone.js'
import {BrowserAtTerminal} from '../terminal/screen/run-browser.js'
import {TerminalDevice} from '../terminal/screen/terminal-device.js'
import type {TimeForm} from '../view/time.js'
import {InputError} from '../wire/input-error.js'
import {countText} from '../wire/text/phrases.js'

export interface ViewOptions {
  /** Capture files; `-` for standard input. */
  readonly files: readonly string[]
  /** Ports whose connections are read as Tox, whatever they look like. */
  readonly ports: readonly number[]
  /** Keep only this number of records, the latest; undefined: all. */
  readonly last?: number | undefined
  /** A display filter. */
  readonly filter?: string | undefined
  readonly time: TimeForm
  /** Which implementation all ends are. */
  readonly peers?: PeersName | undefined
  readonly ascii: boolean
  readonly color?: boolean | undefined
  readonly keys: KeyOptions
  /** Words of a command line that reads the same with the same keys. */
  readonly command: readonly string[]
}

/** Names of files that are kept between runs. */
const [historyFile, copiedFile] = ['filters', 'copied']

/** Characters of base64 for each byte. */
const base64Growth = 4 / 3

/** Characters that terminals take into their clipboard at once, as base64; some take less than a longer text. */
const clipboardCharacters = 74_000

/** What a view is of. */
interface Viewed {
  readonly stored: StoredCapture
  readonly files: readonly string[]
  readonly io: Io
}

/** `toxtcp view`. @returns the exit status. @throws InputError */
export async function view(options: ViewOptions, io: Io): Promise<number> {
  const {files, ports, last, filter, time, ascii, color, peers, command} = options
  if (files.length === 0)
    throw new InputError('no capture file is given', 'toxtcp view FILE\ntcpdump -U -w - | toxtcp view -', 'bad-option')
  const device = TerminalDevice.open(files.includes('-'))
  const sources = files.map(file => captureSource(file, io))
  const isLive = sources.some(({isLive}) => isLive)
  // Records are read again until the view ends.
  const kept = sources.map(source => ({...source, close: () => {}}))
  const reading = await CaptureReading.open({sources: kept, keys: options.keys, ports, peers, threads: 0, isBusy: true})
  const stored = new StoredCapture(reading)
  const browser = new Browser(stored.store, {
    ...device.size,
    colorLevel: colorLevelOf(color, io),
    isAscii: ascii || !isUtf8(io.env),
    timeForm: time,
    timeZone: timeZoneOf(io.env),
    title: files.join(' '),
    filter,
    isLive,
    history: readHistory(io.env, historyFile),
    command,
  })
  const screen = new BrowserAtTerminal(browser, device, effect => take(effect, screen, {stored, files, io}))
  for (const note of reading.notes) screen.report({kind: 'notice', text: note, isProblem: false})
  const shown = screen.run()
  const loaded = load(stored, reading.size, screen, last)
  try {
    await Promise.race([shown, loaded.then(() => shown)])
    // A pipe may give its next bytes never.
    if (!isLive) await loaded
  } finally {
    device.close()
    stored.store.close()
    for (const source of sources) source.close()
  }
  return 0
}

/** Read the capture while the view is shown. */
async function load(
  stored: StoredCapture,
  size: number | undefined,
  screen: BrowserAtTerminal,
  last: number | undefined,
): Promise<void> {
  const {connections, others, counters, problem} = await stored.read({
    progress: bytes => screen.report({kind: 'progress', share: size ? bytes / size : undefined}),
    added: last === undefined ? undefined : () => stored.store.forget(stored.store.count - last),
    // Keys are taken between blocks.
    between: () => new Promise(resolve => setImmediate(resolve)),
    isWanted: () => !screen.isOver,
  })
  screen.report({kind: 'loaded', totals: {others, counters}})
  if (problem) screen.report({kind: 'notice', text: problem.message, isProblem: true})
  else if (connections === 0) {
    const text = `no Tox connection found (${countText(others, 'other TCP connection')})`
    screen.report({kind: 'notice', text, isProblem: true})
  }
}

type OuterEffect = Exclude<Effect, {kind: 'quit' | 'suspend' | 'redraw'}>

/** Do what the view asks for, and say in its last line what became of it. */
function take(effect: OuterEffect, screen: BrowserAtTerminal, {stored, files, io}: Viewed): void {
  const {env} = io
  switch (effect.kind) {
    case 'remember':
      addToHistory(env, historyFile, effect.filter)
      break
    case 'copy':
      screen.report({kind: 'notice', text: copy(effect, screen, env), isProblem: false})
      break
    case 'write':
      void write(effect, stored.store, files, io).then(
        text => screen.report({kind: 'notice', text, isProblem: false}),
        (error: unknown) => {
          if (!(error instanceof InputError)) throw error
          screen.report({kind: 'notice', text: error.message, isProblem: true})
        },
      )
  }
}

/** @returns where the text is now, as a sentence. */
function copy({text, what}: Extract<Effect, {kind: 'copy'}>, screen: BrowserAtTerminal, env: Io['env']): string {
  const isShort = Buffer.byteLength(text) * base64Growth < clipboardCharacters
  if (isShort) screen.copy(text)
  const path = writeStateFile(env, copiedFile, text)
  const places = [...(isShort ? ["to the terminal's clipboard"] : []), ...(path === undefined ? [] : [`to ${path}`])]
  return places.length === 0 ? `${what} could not be copied` : `copied ${what} ${places.join(' and ')}`
}

/** @returns what was written, as a sentence. @throws InputError */
async function write(
  {path, places, hasKeys}: Extract<Effect, {kind: 'write'}>,
  store: StoredCapture['store'],
  files: readonly string[],
  io: Io,
): Promise<string> {
  const again = files.map(file => captureSource(file, io))
  if (again.some(({isLive}) => isLive))
    throw new InputError('what comes from a pipe can be read only once, so its packets cannot be written')
  const packets = new PacketSet()
  const connections = new Set<number>()
  for (const place of places) {
    const {packets: numbers, connection} = store.record(place, false)
    for (const number of numbers) packets.add(number)
    if (connection !== null) connections.add(connection)
  }
  if (packets.size === 0) throw new InputError('no packet of the capture belongs to these records')
  const keys = hasKeys ? [...connections].map(each => store.keyOf(each)).filter(key => key !== undefined) : []
  await writeWhole(path, {mode: keys.length > 0 ? 0o600 : 0o644, force: false}, file =>
    new CaptureCopy(file).write(again, packets, keys),
  )
  const opened = countText(keys.length, 'connection')
  return `wrote ${countText(packets.size, 'packet')} to ${path}, with the keys of ${opened}`
}
