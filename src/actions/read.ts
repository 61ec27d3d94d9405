import {existsSync, statSync} from 'node:fs'
import {unreadPackets} from '../capture/counters.js'
import type {KeyOptions} from '../files/keys/load-keys.js'
import {checkReplaceable} from '../files/output-file.js'
import {writeWhole} from '../files/secret-file.js'
import {boundNotes} from '../library/capture/bound-notes.js'
import {CaptureCopy, type CopyTarget} from '../library/capture/capture-copy.js'
import {captureSource} from '../library/capture/capture-input.js'
import {CaptureReading} from '../library/capture/capture-reading.js'
import {PartMarker} from '../library/capture/part-marker.js'
import {UsedKeys} from '../library/capture/used-keys.js'
import type {SessionRecord} from '../session/record.js'
import {type Io, writeBytes} from '../terminal/io.js'
import {noteTotals} from '../terminal/note-totals.js'
import {NumberRanges} from '../terminal/options/number-ranges.js'
import {type PrintFlags, printOptions} from '../terminal/options/print-options.js'
import {ofShard, shardNamed} from '../terminal/options/shard-option.js'
import {type OutputOptions, outputThrough, outputTo} from '../terminal/output.js'
import {pagerFor} from '../terminal/pager.js'
import type {ParquetOutput} from '../terminal/parquet-output.js'
import {Progress} from '../terminal/progress.js'
import {noteOfWait} from '../terminal/read-input.js'
import {plaintextRead} from '../view/printer.js'
import {RunSummary} from '../view/run-summary.js'
import {SealedReport} from '../view/sealed-report.js'
import {setFlag} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import {NumberSet} from '../wire/memory/number-set.js'
import {countText} from '../wire/text/phrases.js'
import {ChosenConnections} from './input/chosen-connections.js'
import {noCapture} from './input/no-capture.js'

export interface ReadOptions extends OutputOptions {
  /** Capture files; `-` for standard input. */
  readonly files: readonly string[]
  /** Ports whose connections are read as Tox, whatever they look like. */
  readonly ports: readonly number[]
  /** Only these connections, as `--connection` names them. */
  readonly connections?: string | undefined
  /** Only the connections of this shard, as `--shard` names it. */
  readonly shard?: string | undefined
  /** Only the records of these numbers, as `-n` names them. */
  readonly numbers?: string | undefined
  /** Only this connection, as a dialogue. */
  readonly follow?: number | undefined
  /** Write the packets that match to this file instead of printing. */
  readonly write?: string | undefined
  /** Write the complete files that peers sent into this folder. */
  readonly exportFiles?: string | undefined
  /** Write rows of Parquet: into the file that `write` names, or to standard output. */
  readonly isParquet?: boolean
  /** Size of a file of Parquet after which the next one begins, as `--split-size` gives it. */
  readonly splitSize?: string | undefined
  readonly embedKeys: boolean
  readonly force: boolean
  readonly pager: boolean
  readonly threads?: number | undefined
  readonly print: PrintFlags
  readonly keys: KeyOptions
}

/** `toxtcp read`. @returns the exit status. @throws InputError */
export async function read(options: ReadOptions, io: Io): Promise<number> {
  const {files} = options
  if (files.length === 0) throw noCapture('read', io)
  const shard = options.shard === undefined ? undefined : shardNamed(options.shard)
  const sources = files.map(file => captureSource(file, io, noteOfWait(io)))
  const reading = await CaptureReading.open({
    sources,
    keys: options.keys,
    ports: options.ports,
    shard,
    peers: options.peers,
    // The keys that --embed-keys writes are known on this thread only if it opens the frames.
    threads: options.write === undefined || options.isParquet ? options.threads : 0,
  })
  for (const note of reading.notes) io.note(note)
  if (options.isParquet) return withParquet(options, io, rows => printRecords(options, reading, io, rows))
  if (options.write !== undefined) return writeMatching(options, options.write, reading, io)
  return printRecords(options, reading, io)
}

/** Writes Parquet while `print` runs; nothing of it is left if that fails. @returns the exit status. */
async function withParquet(
  {write, splitSize, force, print: {bytes}, files}: ReadOptions,
  io: Io,
  print: (rows: ParquetOutput) => Promise<number>,
): Promise<number> {
  if (write !== undefined) refuseInput(write, files)
  const {ParquetOutput} = await import('../terminal/parquet-output.js')
  const rows = new ParquetOutput({path: write, splitSize, force, withBytes: bytes}, io)
  try {
    return await print(rows)
  } finally {
    rows.discard()
  }
}

/** Prints the records that are wanted, as text or as rows of Parquet. */
async function printRecords(
  options: ReadOptions,
  reading: CaptureReading,
  io: Io,
  rows?: ParquetOutput,
): Promise<number> {
  const paged =
    !rows && options.pager && reading.sources.every(({size}) => size !== undefined)
      ? pagerFor(io, hasHeading(options.print))
      : undefined
  const form = {
    ...printOptions(options.print, paged?.io ?? io, 'list', true),
    savedNames: reading.names,
    scrolls: paged?.scrolls,
  }
  const output = await (rows ? outputThrough(rows, options) : outputTo(paged?.io ?? io, form, options))
  const progress = new Progress(io, reading.size)
  const only = chosenConnections(options)
  const numbers = options.numbers === undefined ? undefined : NumberRanges.parse('-n', options.numbers)
  const chosen = new ChosenConnections(only, options.follow === undefined ? '--connection' : '--follow')
  const sealed = new SealedReport(reading.keyring, reading.doubts)
  const totals = new RunSummary()
  const isWanted = (record: SessionRecord): boolean => {
    const {number} = record
    const isChosen = chosen.has(record)
    if (isChosen) {
      sealed.add(record)
      totals.add(record)
    }
    return isChosen && (numbers === undefined || numbers.has(number))
  }
  const exported =
    options.exportFiles === undefined
      ? undefined
      : new (await import('./export-files.js')).FileExport(options.exportFiles)
  let records = 0
  // A filter may look at any byte, and a check must.
  const isForAll = options.filter !== undefined || options.failOn !== undefined || exported !== undefined
  const plaintext = isForAll || rows ? undefined : plaintextRead(form)
  const summary = await reading.run({
    plaintext,
    take: record => {
      exported?.take(record)
      const isChosen = isWanted(record)
      records = record.number
      if (!isChosen) output.skip(record)
      const wantsMore = (!isChosen || output.take(record)) && (numbers === undefined || record.number < numbers.last)
      return wantsMore && (paged?.isOpen() ?? true)
    },
    progress: bytes => progress.at(bytes),
    between: paged && (() => paged.drain()),
  })
  progress.end()
  const isMissing = numbers === undefined && chosen.isMissing
  // Where there is nothing to print, the heading is left out, too.
  const isBeyond = numbers !== undefined && records > 0 && numbers.first > records
  const isNothing = summary.connections === 0 ? summary.problem !== undefined : isMissing || isBeyond
  const status = isNothing ? 0 : output.end()
  await paged?.end()
  const written = isNothing ? undefined : await rows?.finish()
  if (written !== undefined) io.note(written)
  const files = exported?.end()
  for (const sentence of files?.sentences ?? []) io.note(sentence)
  const whyNothing = summary.connections > 0 ? output.whyNothing() : undefined
  if (whyNothing !== undefined) io.note(whyNothing)
  noteUnread(summary, options, io)
  if (summary.connections > 0 && !isBeyond && !isMissing) noteTotals(totals, output.printed(), sealed.sentence, io)
  if (summary.problem) throw summary.problem
  if (files?.mistake) throw files.mistake
  if (isBeyond) throw noSuchNumber(numbers, records)
  if (numbers === undefined) chosen.check()
  return status
}

/** All chosen numbers are beyond the last one. */
const noSuchNumber = ({text}: NumberRanges, last: number): InputError =>
  new InputError(`no record has the number ${text}: the last one is ${last}`, setFlag('-n', String(last)), 'bad-option')

/** Whether what is printed begins with the heading of a list. */
const hasHeading = ({format = 'list', tree, json, isDialogue = false}: PrintFlags): boolean =>
  format === 'list' && !tree && !json && !isDialogue

/** The connections of --follow or --connection; undefined: all. @throws InputError */
function chosenConnections({follow, connections}: ReadOptions): NumberRanges | undefined {
  const text = follow === undefined ? connections : String(follow)
  return text === undefined ? undefined : NumberRanges.parse('--connection', text)
}

type ReadSummary = Awaited<ReturnType<CaptureReading['run']>>

/** Says what was not read, and why. */
function noteUnread(summary: ReadSummary, options: ReadOptions, io: Io): void {
  const {files, follow, connections: chosen} = options
  const {connections, others, counters, problem} = summary
  for (const note of boundNotes(summary)) io.note(note)
  const unread = unreadPackets(counters)
  if (unread.length > 0) io.note(`packets that were not read: ${unread.join(', ')}`)
  if (problem) return
  if (connections === 0)
    io.note(`no Tox connection found in ${ofShard(files.join(', '), options.shard)} (${others} other TCP connections)`)
  else if (others > 0 && io.isErrorTerminal && follow === undefined && chosen === undefined)
    io.note(`${others} other TCP connections were skipped`)
}

function isSame(file: string, other: string): boolean {
  if (!existsSync(other)) return false
  const [one, two] = [statSync(file), statSync(other)]
  return one.ino === two.ino && one.dev === two.dev
}

/** @throws InputError if the file to write is one that is read. */
function refuseInput(path: string, files: readonly string[]): void {
  if (path !== '-' && files.some(file => file !== '-' && isSame(file, path)))
    throw new InputError(`${path} is also an input file`, 'choose another file for the output', 'bad-option')
}

/** Find the packets that match, then copy them. */
async function writeMatching(options: ReadOptions, path: string, reading: CaptureReading, io: Io): Promise<number> {
  const {filter, files, force, count} = options
  const only = chosenConnections(options)
  const chosen = new ChosenConnections(only)
  const numbers = options.numbers === undefined ? undefined : NumberRanges.parse('-n', options.numbers)
  const isPipe = path === '-'
  if (isPipe && io.isOutputTerminal)
    throw new InputError('a capture is not written to a terminal', '-w - | wireshark -k -i -', 'bad-option')
  const {sources} = reading
  if (sources.some(({isLive}) => isLive)) {
    throw new InputError(
      `-w reads its input twice, but ${files.find((_, at) => sources[at]!.isLive)} can be read only once`,
      'save it to an unpacked file first',
      'bad-option',
    )
  }
  refuseInput(path, files)
  if (!isPipe) checkReplaceable(path, force)
  const matches = filter === undefined ? () => true : (await import('../filter/compile.js')).compileFilter(filter)
  const packets = new NumberSet()
  const marker = new PartMarker()
  const wanted = new NumberSet()
  const used = new UsedKeys(wanted)
  const isWhole = filter === undefined && count === undefined && numbers === undefined
  let matching = 0
  const summary = await reading.run({
    take(record: SessionRecord) {
      if (!chosen.has(record)) return true
      // The filter sees every record: one on keys notes those of handshakes.
      const isWanted = matches(record) && (numbers === undefined || numbers.has(record.number))
      marker.add(record, isWanted)
      if (!isWanted) {
        used.end(record)
        return true
      }
      wanted.add(record.connection!)
      for (const number of record.packets) packets.add(number)
      return ++matching !== count
    },
    packet: (packet, of) => {
      if (!isWhole || (only !== undefined && !only.has(of)) || (options.shard !== undefined && of < 0)) return
      packets.add(packet.number)
      if (of >= 0) marker.packet(packet.number, of)
    },
    onKey: (id, line) => used.session(id, line),
    ...(options.embedKeys && {onInnerKey: (id, item) => used.inner(id, item)}),
  })
  if (packets.size === 0 && !summary.problem) {
    if (numbers === undefined) chosen.check()
    io.note(`nothing matches, so ${isPipe ? 'nothing is written' : `${path} is not written`}`)
    return 1
  }
  const {sessions, inner} = options.embedKeys ? used.of() : {sessions: [], inner: []}
  const keys = [...sessions, ...inner]
  const again = files.map(file => captureSource(file, io))
  const write = (file: CopyTarget): Promise<void> =>
    new CaptureCopy(file).write(again, {packets, keys, comments: marker.comments})
  try {
    if (isPipe) await write({writeFile: writeBytes})
    else await writeWhole(path, {mode: keys.length > 0 ? 0o600 : 0o644, force}, write)
  } finally {
    for (const source of again) source.close()
  }
  const withInner = inner.length > 0 ? ` and ${countText(inner.length, 'key')} of boxes inside packets` : ''
  const withKeys = options.embedKeys ? `, with the keys of ${countText(sessions.length, 'connection')}${withInner}` : ''
  for (const note of [...marker.notes, ...used.notes]) io.note(note)
  io.note(
    `wrote ${packets.size} of ${countText(summary.counters.packets, 'packet')} to ` +
      `${isPipe ? 'standard output' : path}${withKeys}`,
  )
  if (summary.problem) throw summary.problem
  return 0
}
