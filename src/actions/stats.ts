import {isAtLeast} from '../expert/rule.js'
import type {KeyOptions} from '../files/keys/load-keys.js'
import {boundNotes} from '../library/capture/bound-notes.js'
import {captureSource} from '../library/capture/capture-input.js'
import {CaptureReading} from '../library/capture/capture-reading.js'
import {captureStatistics} from '../library/capture/capture-statistics.js'
import type {SessionRecord} from '../session/record.js'
import type {Io} from '../terminal/io.js'
import {NumberRanges} from '../terminal/options/number-ranges.js'
import {colorLevelOf, rowWidth} from '../terminal/options/print-options.js'
import {ofShard, shardNamed} from '../terminal/options/shard-option.js'
import type {OutputOptions} from '../terminal/output.js'
import {printPaged} from '../terminal/pager.js'
import {Progress} from '../terminal/progress.js'
import {noteOfWait} from '../terminal/read-input.js'
import {printJson} from '../terminal/user-output.js'
import {PeerNames} from '../view/peer-names.js'
import {SealedReport} from '../view/sealed-report.js'
import type {StatisticsPart} from '../view/stats/parts.js'
import {alternatives} from '../wire/text/phrases.js'
import {ChosenConnections} from './input/chosen-connections.js'
import {noCapture} from './input/no-capture.js'

export interface StatsOptions extends Omit<OutputOptions, 'count'> {
  /** Capture files; `-` for standard input. */
  readonly files: readonly string[]
  /** Ports whose connections are read as Tox, whatever they look like. */
  readonly ports: readonly number[]
  /** Only these connections, as `--connection` names them. */
  readonly connections?: string | undefined
  /** Only the connections of this shard, as `--shard` names it. */
  readonly shard?: string | undefined
  readonly threads?: number | undefined
  /** Parts that are shown; empty: all. */
  readonly only: readonly StatisticsPart[]
  readonly pager: boolean
  readonly json: boolean
  readonly color?: boolean | undefined
  /** Names of peers by keys in hex. */
  readonly labels?: ReadonlyMap<string, string> | undefined
  readonly keys: KeyOptions
}

/** `toxtcp stats`. @returns the exit status. @throws InputError */
export async function stats(options: StatsOptions, io: Io): Promise<number> {
  const {files, ports, peers, threads, filter, failOn} = options
  if (files.length === 0) throw noCapture('stats', io)
  const shard = options.shard === undefined ? undefined : shardNamed(options.shard)
  const only = options.connections === undefined ? undefined : NumberRanges.parse('--connection', options.connections)
  const passes = filter === undefined ? undefined : (await import('../filter/compile.js')).compileFilter(filter)
  const chosen = new ChosenConnections(only)
  const isChosen = (record: SessionRecord): boolean => chosen.has(record)
  const matches =
    only && passes ? (record: SessionRecord) => isChosen(record) && passes(record) : only ? isChosen : passes
  const sources = files.map(file => captureSource(file, io, noteOfWait(io)))
  const reading = await CaptureReading.open({sources, keys: options.keys, ports, shard, peers, threads})
  for (const note of reading.notes) io.note(note)
  const progress = new Progress(io, reading.size)
  const sealed = new SealedReport(reading.keyring, reading.doubts)
  const {statistics, worst, summary} = await captureStatistics(reading, {
    matches,
    seen: record => {
      if (isChosen(record)) sealed.add(record)
    },
    progress: bytes => progress.at(bytes),
  })
  const {connections, others, counters, forgotten, problem} = summary
  progress.end()
  const origin = {files, filter, others, counters, forgotten}
  // If the input is not a capture, or has none of the chosen connections, print nothing.
  if (connections === 0 ? !problem : !chosen.isMissing)
    await print(statistics, origin, options, new PeerNames({labels: options.labels, savedNames: reading.names}), io)
  if (connections === 0 && !problem)
    io.note(`no Tox connection found in ${ofShard(files.join(', '), options.shard)} (${others} other TCP connections)`)
  for (const note of boundNotes(summary)) io.note(note)
  const {sentence} = sealed
  if (sentence !== undefined) io.note(sentence)
  if (problem) throw problem
  chosen.check()
  return failOn !== undefined && isAtLeast(worst, failOn) ? 1 : 0
}

type Print = Parameters<typeof import('../view/stats/page.js').statisticsPage>

async function print(
  statistics: Print[0],
  origin: Parameters<typeof import('../view/stats/json.js').statisticsJson>[1],
  {json, color, only, pager}: StatsOptions,
  names: PeerNames,
  io: Io,
): Promise<void> {
  if (json) {
    const {statisticsJson} = await import('../view/stats/json.js')
    printJson(io, statisticsJson(statistics, origin, only))
    return
  }
  const {statisticsPage} = await import('../view/stats/page.js')
  const width = rowWidth(io)
  const style = {width, isAscii: io.isAscii, colorLevel: colorLevelOf(color, io), colors: io.colors}
  const page = statisticsPage(statistics, origin, {...style, only, names})
  if (page === '') io.note(`there is nothing in the part ${alternatives(only)} of ${origin.files.join(', ')}`)
  else await printPaged(page, io, pager)
}
