import type {PeersName} from '../expert/peers.js'
import type {KeyOptions} from '../files/keys/load-keys.js'
import {captureSource} from '../library/capture/capture-input.js'
import {CaptureReading} from '../library/capture/capture-reading.js'
import type {Io} from '../terminal/io.js'
import {NumberRanges} from '../terminal/options/number-ranges.js'
import {colorLevelOf, rowWidth} from '../terminal/options/print-options.js'
import {pagerFor} from '../terminal/pager.js'
import {Progress} from '../terminal/progress.js'
import {noteOfWait} from '../terminal/read-input.js'
import {charactersBeforeEnd} from '../view/limits.js'
import {PeerNames} from '../view/peer-names.js'
import {SealedReport} from '../view/sealed-report.js'
import {EndPages} from '../view/why/end-page.js'
import {EndsJson} from '../view/why/json.js'
import {countText, groupedText} from '../wire/text/phrases.js'
import {ChosenConnections} from './input/chosen-connections.js'
import {noCapture} from './input/no-capture.js'

export interface WhyOptions {
  /** Capture files; `-` for standard input. */
  readonly files: readonly string[]
  /** Ports whose connections are read as Tox, whatever they look like. */
  readonly ports: readonly number[]
  /** Only these connections, as `--connection` names them. */
  readonly connections?: string | undefined
  readonly peers?: PeersName | undefined
  readonly threads?: number | undefined
  readonly pager: boolean
  readonly json: boolean
  readonly color?: boolean | undefined
  /** Names of peers by keys in hex. */
  readonly labels?: ReadonlyMap<string, string> | undefined
  readonly keys: KeyOptions
}

/** `toxtcp why`: how connections ended, and why. @returns the exit status. @throws InputError */
export async function why(options: WhyOptions, io: Io): Promise<number> {
  const {files, ports, peers, threads, json} = options
  if (files.length === 0) throw noCapture('why', io, 'toxtcp why FILE --connection 3')
  const only = options.connections === undefined ? undefined : NumberRanges.parse('--connection', options.connections)
  const chosen = new ChosenConnections(only)
  const sources = files.map(file => captureSource(file, io, noteOfWait(io)))
  const reading = await CaptureReading.open({sources, keys: options.keys, ports, peers, threads})
  for (const note of reading.notes) io.note(note)
  const paged = options.pager && !json && reading.size !== undefined ? pagerFor(io) : undefined
  const out = paged?.io ?? io
  const style = {
    width: io.width,
    isAscii: io.isAscii,
    colorLevel: colorLevelOf(options.color, io),
    colors: io.colors,
  }
  const names = new PeerNames({labels: options.labels, savedNames: reading.names})
  const print = json ? io.data : out.stdout
  const ends = json ? new EndsJson() : new EndPages(style, rowWidth(io), names)
  const progress = new Progress(io, reading.size)
  const sealed = new SealedReport(reading.keyring, reading.doubts)
  const {connections, others, problem} = await reading.run({
    take(record) {
      if (!json) names.learn(record)
      if (record.connection === null || !chosen.has(record)) return true
      sealed.add(record)
      const text = ends.take(record)
      if (text !== '' && !print(text)) return false
      return paged?.isOpen() ?? true
    },
    progress: bytes => progress.at(bytes),
    between: paged && (() => paged.drain()),
  })
  progress.end()
  if (connections === 0 ? !problem : !chosen.isMissing) {
    const text = ends.end()
    if (text !== '') print(text)
  }
  await paged?.end()
  if (connections === 0 && !problem)
    io.note(`no Tox connection found in ${files.join(', ')} (${others} other TCP connections)`)
  const {dropped} = ends
  if (dropped > 0)
    io.note(
      `the last records of ${countText(dropped, 'open connection')} were dropped: over ` +
        `${groupedText(charactersBeforeEnd)} characters of them waited for an end`,
    )
  const {sentence} = sealed
  if (sentence !== undefined) io.note(sentence)
  if (problem) throw problem
  chosen.check()
  return 0
}
