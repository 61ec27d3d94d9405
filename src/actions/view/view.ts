import {Browser} from '../../browse/browser.js'
import type {PeersName} from '../../expert/peers.js'
import type {KeyOptions} from '../../files/keys/load-keys.js'
import {captureSource} from '../../library/capture/capture-input.js'
import {CaptureReading} from '../../library/capture/capture-reading.js'
import {StoredCapture} from '../../library/capture/stored-capture.js'
import type {SessionRecord} from '../../session/record.js'
import type {Io} from '../../terminal/io.js'
import {colorLevelOf} from '../../terminal/options/print-options.js'
import {timeZoneOf} from '../../terminal/options/time-zone.js'
import {BrowserAtTerminal} from '../../terminal/screen/run-browser.js'
import {TerminalDevice} from '../../terminal/screen/terminal-device.js'
import {PeerNames} from '../../view/peer-names.js'
import {SealedReport} from '../../view/sealed-report.js'
import type {TimeForm} from '../../view/time.js'
import {exactLines} from '../../wire/advice.js'
import {countText} from '../../wire/text/phrases.js'
import {shellWord} from '../../wire/text/shell-word.js'
import {noCapture} from '../input/no-capture.js'
import {filterHistory, takeEffect, writePackets} from './effects.js'
import {watchFiles} from './watch-files.js'

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
  readonly color?: boolean | undefined
  /** Names of peers by keys in hex. */
  readonly labels?: ReadonlyMap<string, string> | undefined
  readonly keys: KeyOptions
  /** Words of a command line that reads the same with the same keys. */
  readonly command: readonly string[]
}

/** `toxtcp view`. @returns the exit status. @throws InputError */
export async function view(options: ViewOptions, io: Io): Promise<number> {
  const {files, ports, last, filter, time, color, peers, command} = options
  if (files.length === 0) throw noCapture('view', io)
  const device = TerminalDevice.open(files.includes('-'), exactLines(`toxtcp read ${files.map(shellWord).join(' ')}`))
  const sources = files.map(file => captureSource(file, io))
  const isLive = sources.some(({isLive}) => isLive)
  // Records are read again until the view ends.
  const kept = sources.map(source => ({...source, close: () => {}}))
  const reading = await CaptureReading.open({sources: kept, keys: options.keys, ports, peers, threads: 0})
  const stored = new StoredCapture(reading)
  const names = new PeerNames({labels: options.labels, savedNames: reading.names})
  const browser = new Browser(stored.store, {
    ...device.size,
    colorLevel: colorLevelOf(color, io),
    colors: io.colors,
    isAscii: io.isAscii,
    timeForm: time,
    timeZone: timeZoneOf(io.env),
    names,
    title: files.join(' '),
    filter,
    isLive,
    history: filterHistory(io.env),
    command,
  })
  const screen = new BrowserAtTerminal(browser, device, effect =>
    takeEffect(effect, screen, {env: io.env, write: wanted => writePackets(wanted, stored.store, files, io)}),
  )
  for (const note of reading.notes) screen.report({kind: 'notice', text: note, isProblem: false})
  const added = (record: SessionRecord): void => {
    names.learn(record)
    if (last !== undefined) stored.store.forget(stored.store.count - last)
  }
  const shown = screen.run()
  let unwatch = () => {}
  const loaded = load(stored, reading, screen, added).then(() => {
    if (!screen.isOver) unwatch = watchFiles(files, text => screen.report({kind: 'notice', text, isProblem: true}))
  })
  try {
    await Promise.race([shown, loaded.then(() => shown)])
    // A pipe may give its next bytes never.
    if (!isLive) await loaded
  } finally {
    unwatch()
    device.close()
    stored.store.close()
    for (const source of sources) source.close()
  }
  return 0
}

/** Read the capture while the view is shown. */
async function load(
  stored: StoredCapture,
  {size, keyring, doubts}: CaptureReading,
  screen: BrowserAtTerminal,
  added: (record: SessionRecord) => void,
): Promise<void> {
  const {connections, others, counters, problem} = await stored.read({
    progress: bytes => screen.report({kind: 'progress', share: size ? bytes / size : undefined}),
    added,
    // Keys are taken between blocks.
    between: () => new Promise(resolve => setImmediate(resolve)),
    isWanted: () => !screen.isOver,
  })
  screen.report({kind: 'loaded', totals: {others, counters}})
  if (problem) screen.report({kind: 'notice', text: problem.message, isProblem: true})
  else if (connections === 0) {
    const text = `no Tox connection found (${countText(others, 'other TCP connection')})`
    screen.report({kind: 'notice', text, isProblem: true})
  } else {
    const {saves} = new SealedReport(keyring, doubts)
    if (saves !== undefined) screen.report({kind: 'notice', text: saves, isProblem: false})
  }
}
