import {Browser} from '../browse/browser.js'
import type {Effect} from '../browse/event.js'
import type {PeersName} from '../expert/peers.js'
import type {KeyOptions} from '../files/load-keys.js'
import {addToHistory, readHistory, writeStateFile} from '../files/state-files.js'
import {captureSource} from '../reading/capture-files.js'
import {CaptureReading} from '../reading/capture-reading.js'
import {StoredCapture} from '../reading/stored-capture.js'
import type {Io} from '../terminal/io.js'
import {colorLevelOf, isUtf8} from '../terminal/print-options.js'
import {BrowserAtTerminal} from '../terminal/screen/run-browser.js'
import {TerminalDevice} from '../terminal/screen/terminal-device.js'
import {timeZoneOf} from '../terminal/time-zone.js'
import type {TimeForm} from '../view/time.js'
import {InputError} from '../wire/input-error.js'
import {countText} from '../wire/text.js'

export interface ViewOptions {
  /** Capture files; `-` for standard input. */
  readonly files: readonly string[]
  /** Ports whose connections are read as Tox, whatever they look like. */
  readonly ports: readonly number[]
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

/** Characters that terminals take into their clipboard at once, as base64; some take less than a longer text. */
const clipboardCharacters = 74_000

/** `toxtcp view`. @returns the exit status. @throws InputError */
export async function view(options: ViewOptions, io: Io): Promise<number> {
  const {files, ports, filter, time, ascii, color, peers, command} = options
  if (files.length === 0)
    throw new InputError('no capture file is given', 'toxtcp view FILE\ntcpdump -U -w - | toxtcp view -', 'bad-option')
  const device = TerminalDevice.open(files.includes('-'))
  const sources = files.map(file => captureSource(file, io))
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
    history: readHistory(io.env, historyFile),
    command,
  })
  const screen = new BrowserAtTerminal(browser, device, effect => take(effect, screen, io))
  for (const note of reading.notes) screen.report({kind: 'notice', text: note, isProblem: false})
  const shown = screen.run()
  const loaded = load(stored, reading.size, screen)
  try {
    await shown
    await loaded
  } finally {
    stored.store.close()
    for (const source of sources) source.close()
  }
  return 0
}

/** Read the capture while the view is shown. */
async function load(stored: StoredCapture, size: number | undefined, screen: BrowserAtTerminal): Promise<void> {
  const {connections, others, counters, problem} = await stored.read({
    progress: bytes => screen.report({kind: 'progress', share: size ? bytes / size : undefined}),
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

function take(effect: OuterEffect, screen: BrowserAtTerminal, {env}: Io): void {
  if (effect.kind === 'remember') addToHistory(env, historyFile, effect.filter)
  else if (effect.kind === 'copy') {
    const {text, what} = effect
    const isShort = text.length * 1.34 < clipboardCharacters
    if (isShort) screen.copy(text)
    const path = writeStateFile(env, copiedFile, text)
    const places = [...(isShort ? ["to the terminal's clipboard"] : []), ...(path === undefined ? [] : [`to ${path}`])]
    screen.report({kind: 'notice', text: `copied ${what} ${places.join(' and ')}`, isProblem: false})
  }
}
