import {closeSync, openSync, readFileSync, readSync} from 'node:fs'
import type {Shard} from '../../../src/capture/shard.js'
import {KeyLogReader} from '../../../src/crypto/keylog.js'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import type {ReadingSteps} from '../../../src/library/capture/capture-reading.js'
import {captureStatistics} from '../../../src/library/capture/capture-statistics.js'
import {type CaptureRunOptions, runCapture} from '../../../src/reading/capture-run.js'
import type {CaptureSource} from '../../../src/reading/capture-source.js'
import {WorkerEngine} from '../../../src/reading/threads/worker-engine.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {Conversations, compared} from '../../../src/view/diff/comparison.js'
import {diffJson, diffText} from '../../../src/view/diff/text.js'
import type {TextFormatName} from '../../../src/view/formats.js'
import {type PrintOptions, plaintextRead, printer} from '../../../src/view/printer.js'
import {statisticsJson} from '../../../src/view/stats/json.js'
import {theme} from '../../../src/view/theme.js'
import {EndPages} from '../../../src/view/why/end-page.js'
import {EndsJson} from '../../../src/view/why/json.js'
import {localWorkers} from '../threads/local-worker.js'

/** One way to read a capture. */
export interface Engine {
  /** Threads that open frames besides the one that reads. */
  readonly threads: number
  /** Size of the next block of bytes. */
  readonly blockSize: () => number
  /** The bytes come once and in order, and no thread can read them again. */
  readonly isPipe: boolean
}

/** The engine that all others are compared with: one thread, and one block. */
export const plainEngine: Engine = {threads: 0, blockSize: () => Number.POSITIVE_INFINITY, isPipe: false}

/** What is read with which keys. */
export interface EngineInput {
  readonly path: string
  readonly keylogs: readonly string[]
  readonly ports?: readonly number[] | undefined
  /** Default: all connections. */
  readonly shard?: Shard | undefined
}

/** What a run says, as text. */
export type Form = 'stats' | 'list' | 'json' | 'tree' | 'csv' | 'why' | 'diff'

/**
 * All of a capture in one form, as an engine reads it.
 * @param matches of statistics: which records count. Asked for, each record has its whole plaintext.
 */
export async function formOf(
  form: Form,
  input: EngineInput,
  engine: Engine,
  matches?: (record: SessionRecord) => boolean,
): Promise<string> {
  const keyring = await keyringOf(input.keylogs)
  const given: Pick<CaptureRunOptions, 'sources' | 'keyring' | 'ports' | 'shard' | 'startThreads'> = {
    sources: [sourceOf(input.path, engine)],
    keyring,
    ports: input.ports ?? [],
    shard: input.shard,
    startThreads:
      engine.threads > 0 ? options => new WorkerEngine(localWorkers(engine.threads), keyring, options) : undefined,
  }
  if (form === 'stats') {
    const reading = {keyring, run: (steps: ReadingSteps) => runCapture({...steps, ...given})}
    const {statistics, worst, summary} = await captureStatistics(reading, {matches})
    const {others, counters, connections, forgotten, problem} = summary
    const origin = {files: [], filter: undefined, others, counters, forgotten}
    const json = statisticsJson(statistics, origin)
    return JSON.stringify({...json, worst, tox: connections, problem: problem?.message}, null, 1)
  }
  const {plaintext, take, text} = form === 'why' ? ends() : form === 'diff' ? differences() : printed(form)
  const {counters, connections, others, problem} = await runCapture({
    ...given,
    plaintext,
    take: record => {
      take(record)
      return true
    },
  })
  const unread = Object.fromEntries(counters.unread)
  return (
    text() + JSON.stringify({counters: {...counters, unread}, connections, others, problem: problem?.message}, null, 1)
  )
}

/**
 * What the plain engine says of an input in one form, from a pipe or from a file. Each is read once, however often it
 * is asked for.
 */
export function plainFormsOf(form: Form, input: EngineInput): (isPipe: boolean) => Promise<string> {
  const texts = new Map<boolean, Promise<string>>()
  return isPipe => {
    const text = texts.get(isPipe) ?? formOf(form, input, {...plainEngine, isPipe})
    texts.set(isPipe, text)
    return text
  }
}

/** Makes a text of records. */
interface Writer {
  /** As of runs. */
  readonly plaintext?: CaptureRunOptions['plaintext']
  readonly take: (record: SessionRecord) => void
  /** Called once, after the last record. */
  readonly text: () => string
}

function printed(form: TextFormatName): Writer {
  const options = printOptions(form)
  let text = ''
  const to = printer(options, more => {
    text += more
  })
  return {
    plaintext: plaintextRead(options),
    take: record => to.print(record),
    text: () => {
      to.end()
      return text
    },
  }
}

/** How connections ended: as `toxtcp why` prints it, then as JSON. */
function ends(): Writer {
  const pages = new EndPages({width: 100, isAscii: true, colorLevel: 0}, 100)
  const object = new EndsJson()
  let [text, json] = ['', '']
  return {
    take: record => {
      json += object.take(record)
      text += pages.take(record)
    },
    text: () => text + pages.end() + json + object.end(),
  }
}

/** What `toxtcp diff` finds between even and odd connections, which are as different as those of two captures. */
function differences(): Writer {
  const sides = [new Conversations(), new Conversations()] as const
  return {
    take: record => {
      if (record.connection !== null) sides[record.connection % 2 === 0 ? 0 : 1].add(record)
    },
    text: () => {
      const comparison = compared(...sides)
      const style = {theme: theme(0), width: Number.POSITIVE_INFINITY, isAscii: false}
      return diffText(comparison, ['even', 'odd'], style) + JSON.stringify(diffJson(comparison, ['even', 'odd']))
    },
  }
}

const printOptions = (format: TextFormatName): PrintOptions => ({
  format,
  hex: false,
  bytes: format === 'json',
  isAscii: true,
  colorLevel: 0,
  width: Number.POSITIVE_INFINITY,
  timeForm: 'r',
  fields: [],
  fieldOptions: {},
  hasConnections: true,
})

async function keyringOf(keylogs: readonly string[]): Promise<Keyring> {
  const keyring = new Keyring(await loadSodium())
  for (const path of keylogs) {
    const reader = new KeyLogReader(path)
    for (const item of [...reader.push(readFileSync(path, 'utf8')), ...reader.end()]) keyring.add(item, path)
  }
  return keyring
}

function sourceOf(path: string, {blockSize, isPipe}: Engine): CaptureSource {
  const file = openSync(path, 'r')
  return {
    name: 'capture',
    size: undefined,
    isLive: isPipe,
    file: isPipe ? undefined : file,
    again: undefined,
    async *blocks(room) {
      for (;;) {
        const size = Math.min(blockSize(), 1024 * 1024)
        const block = isPipe ? new Uint8Array(size) : room(size)
        const count = readSync(file, block, 0, Math.min(size, block.length), null)
        if (count === 0) return
        yield block.subarray(0, count)
      }
    },
    close: () => closeSync(file),
  }
}
