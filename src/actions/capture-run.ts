import {availableParallelism} from 'node:os'
import type {CaptureCounters} from '../capture/counters.js'
import type {CaptureSink, Packet} from '../capture/packet.js'
import {PacketTracker} from '../capture/packet-tracker.js'
import {CaptureReader} from '../capture/reader.js'
import type {StreamSink} from '../capture/stream-sink.js'
import type {TcpSessionItem} from '../crypto/key-item.js'
import {KeyLogReader} from '../crypto/keylog.js'
import type {Keyring} from '../crypto/keyring.js'
import {limits} from '../protocol/limits.js'
import {Dispatcher} from '../session/dispatcher.js'
import type {SessionRecord} from '../session/record.js'
import type {Tally} from '../session/statistics/tally.js'
import {InputError} from '../wire/input-error.js'
import {type CaptureEngine, LocalEngine} from './capture-engine.js'
import type {CaptureSource} from './capture-source.js'
import {secretsType} from './embedded-keys.js'
import {hasWorkers, type Printing, WorkerEngine} from './worker-engine.js'

/** From so many bytes on, with keys, threads are worth their start. */
const worthThreads = 16 * 1024 * 1024

export interface CaptureRunOptions {
  readonly sources: readonly CaptureSource[]
  readonly keyring: Keyring
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports: readonly number[]
  /** Threads besides this one; undefined: as many as are worth it; 0: none. */
  readonly threads?: number | undefined
  /** Each record, in order. @returns false once no more are wanted. */
  readonly take: (record: SessionRecord) => boolean
  /** Counts each record. Where threads do that, `take` gets only those of which more must be known than counts. */
  readonly tally?: Tally | undefined
  /** Prints each record. Where threads do that, `take` gets only those of which more must be known than text; elsewhere it gets all, to print them itself. */
  readonly printing?: Printing | undefined
  /** Told of each captured packet, after what it carries, and of its TCP connection, -1 for none. */
  readonly packet?: ((packet: Packet, connection: number) => void) | undefined
  /** Told what opens a connection's frames. On this thread only. */
  readonly onKey?: ((connection: number, line: TcpSessionItem) => void) | undefined
  /** Told how many bytes of all sources have been read. */
  readonly progress?: ((bytes: number) => void) | undefined
  /** Called between blocks: a place to look at growing key logs. */
  readonly between?: (() => Promise<void> | void) | undefined
}

export interface CaptureSummary {
  readonly counters: CaptureCounters
  /** Tox connections, and others that were left alone. */
  readonly connections: number
  readonly others: number
  /** What ended the reading early: damage, or a capture that is cut off. All before was emitted. */
  readonly problem: InputError | undefined
}

/** Read captures one after another as one: streams go on from file to file. */
export async function runCapture(options: CaptureRunOptions): Promise<CaptureSummary> {
  const {sources, keyring, tally} = options
  let isWanted = true
  const emit = (record: SessionRecord) => {
    isWanted &&= options.take(record)
  }
  const counted = (record: SessionRecord) => {
    tally?.add(record)
    emit(record)
  }
  const threads = threadsFor(options)
  const engine: CaptureEngine =
    threads > 0 ? new WorkerEngine(keyring, emit, threads, tally, options.printing) : new LocalEngine(keyring, tally ? counted : emit, options.onKey)
  const isLive = sources.some(({size}) => size === undefined)
  const dispatcher = new Dispatcher(engine, options.ports, isLive ? 0 : limits.chunksInOrder)
  const flow = new Flow(dispatcher)
  const tracker = new PacketTracker(flow)
  let problem: InputError | undefined
  let packets = 0
  try {
    for (const source of sources) {
      const reader = new CaptureReader(sinkOf(tracker, options, engine, source.name), packets + 1)
      problem = await readSource(source, reader, flow, engine, options, () => isWanted)
      packets = tracker.counters.packets
      if (problem || !isWanted) break
    }
    if (isWanted) {
      const last = engine.room(0)
      flow.block = last
      engine.begin(last)
      tracker.end()
      await engine.flush(false)
      await engine.finish()
    }
  } finally {
    engine.stop()
  }
  return {counters: tracker.counters, connections: dispatcher.count, others: dispatcher.others, problem}
}

/** Threads besides this one that a run will use. */
export function threadsFor({sources, keyring, threads}: Pick<CaptureRunOptions, 'sources' | 'keyring' | 'threads'>): number {
  if (!hasWorkers()) return 0
  if (threads !== undefined) return threads
  const bytes = sources.reduce((sum, {size}) => sum + (size ?? 0), 0)
  return keyring.box && bytes >= worthThreads ? Math.min(availableParallelism(), 8) : 0
}

/** Hands TCP streams on, with bytes that nobody writes to again. */
class Flow implements StreamSink {
  /** The block at hand; the reader uses its own memory again for what lies across two blocks. */
  block: Uint8Array = new Uint8Array(0)
  /** Bytes of blocks that are through. */
  bytes = 0

  constructor(readonly dispatcher: Dispatcher) {}

  open: StreamSink['open'] = (connection, opened) => this.dispatcher.open(connection, opened)

  chunk: StreamSink['chunk'] = chunk => {
    const isLasting = !chunk.bytes || chunk.bytes.buffer === this.block.buffer
    this.dispatcher.chunk(isLasting ? chunk : {...chunk, bytes: chunk.bytes!.slice()})
  }

  conflict: NonNullable<StreamSink['conflict']> = conflict => this.dispatcher.conflict(conflict)
}

function sinkOf(tracker: PacketTracker, {packet}: CaptureRunOptions, engine: CaptureEngine, name: string): CaptureSink {
  return {
    packet: packet
      ? captured => {
          packet(captured, tracker.packet(captured))
        }
      : captured => tracker.packet(captured),
    secrets(type, data) {
      if (type !== secretsType) return
      const reader = new KeyLogReader(name)
      const items = [...reader.push(new TextDecoder().decode(data)), ...reader.end()]
      for (const item of items) engine.key(item, name)
    },
  }
}

async function readSource(
  source: CaptureSource,
  reader: CaptureReader,
  flow: Flow,
  engine: CaptureEngine,
  {progress, between}: CaptureRunOptions,
  isWanted: () => boolean,
): Promise<InputError | undefined> {
  try {
    for await (const block of source.blocks(size => engine.room(size))) {
      flow.block = block
      engine.begin(block)
      try {
        reader.push(block)
      } finally {
        await engine.flush(flow.dispatcher.isHolding)
      }
      flow.bytes += block.length
      progress?.(flow.bytes)
      await between?.()
      if (!isWanted()) return undefined
    }
    const {cut} = reader.end()
    return cut && new InputError(`${source.name} is cut off inside a record at byte ${cut.offset}`, 'all before it was read')
  } catch (error) {
    if (error instanceof InputError) return new InputError(`${source.name}: ${error.message}`, error.hint)
    throw error
  }
}
