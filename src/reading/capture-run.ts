import type {Worker} from 'node:worker_threads'
import type {CaptureCounters} from '../capture/counters.js'
import type {CaptureSink, Packet} from '../capture/packet.js'
import {PacketTracker} from '../capture/packet-tracker.js'
import {CaptureReader} from '../capture/reader.js'
import type {StreamSink} from '../capture/stream-sink.js'
import type {KeyItem, TcpSessionItem} from '../crypto/key-item.js'
import {KeyLogReader} from '../crypto/keylog.js'
import type {Keyring} from '../crypto/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {limits} from '../protocol/limits.js'
import {recordedRelay, secretsType} from '../proxy/recording/recording-format.js'
import {Arena} from '../session/arena.js'
import {Dispatcher} from '../session/recognition/dispatcher.js'
import type {SessionRecord} from '../session/record.js'
import type {Tally} from '../statistics/tally.js'
import {InputError} from '../wire/input-error.js'
import {type CaptureEngine, LocalEngine} from './capture-engine.js'
import type {CaptureSource} from './capture-source.js'
import {WorkerEngine} from './threads/worker-engine.js'

export interface CaptureRunOptions {
  readonly sources: readonly CaptureSource[]
  readonly keyring: Keyring
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports: readonly number[]
  /** As `startThreads` starts them; none: all is done on this thread. */
  readonly workers?: readonly Worker[] | undefined
  /** Each record, in order. @returns false once no more are wanted. */
  readonly take: (record: SessionRecord) => boolean
  /** Counts each record. Where threads do that, `take` gets only those of which more must be known than counts. */
  readonly tally?: Tally | undefined
  /** Bytes of each plaintext that are looked at, and none as they are on the wire; undefined: all. */
  readonly plaintext?: number | undefined
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
  /**
   * What ended the reading early: damage, or a capture that is cut off. All before was emitted, and more was wanted.
   */
  readonly problem: InputError | undefined
}

/** Read captures one after another as one: streams go on from file to file. */
export async function runCapture(options: CaptureRunOptions): Promise<CaptureSummary> {
  const {sources, keyring, tally, workers = [], plaintext} = options
  let isWanted = true
  const emit = (record: SessionRecord) => {
    isWanted &&= options.take(record)
  }
  const counted = (record: SessionRecord) => {
    tally?.add(record)
    emit(record)
  }
  const engine: CaptureEngine =
    workers.length > 0
      ? new WorkerEngine(workers, keyring, {emit, tally, plaintext})
      : new LocalEngine(keyring, tally ? counted : emit, options.onKey, new Arena(undefined, plaintext))
  const isLive = sources.some(({size}) => size === undefined)
  const dispatcher = new Dispatcher(engine, options.ports, keyring, isLive ? 0 : limits.chunksInOrder)
  const flow = new Flow(dispatcher, engine, keyring)
  const tracker = new PacketTracker(flow)
  let problem: InputError | undefined
  let packets = 0
  try {
    for (const source of sources) {
      const reader = new CaptureReader(sinkOf(tracker, options, flow, source.name), packets + 1)
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
      problem = engine.problem ?? problem
    }
  } finally {
    await engine.stop()
    for (const source of sources) source.close()
  }
  // How far reading went ahead of the last record that was wanted is chance.
  return {
    counters: tracker.counters,
    connections: dispatcher.count,
    others: dispatcher.others,
    problem: isWanted ? problem : undefined,
  }
}

/** Hands TCP streams on, with bytes that nobody writes to again, and the keys that stand between them. */
class Flow implements StreamSink {
  /** The block at hand; the reader uses its own memory again for what lies across two blocks. */
  block: Uint8Array = new Uint8Array(0)
  /** Bytes of blocks that are through. */
  bytes = 0

  /** What came behind a first key, in one block, until libsodium is loaded. */
  #held: (() => void)[] | undefined

  constructor(
    readonly dispatcher: Dispatcher,
    readonly engine: CaptureEngine,
    readonly keyring: Keyring,
  ) {}

  open: StreamSink['open'] = (connection, opened) => {
    this.#do(() => this.dispatcher.open(connection, {...opened, relayEnd: recordedRelay(opened.hardware)}))
  }

  chunk: StreamSink['chunk'] = chunk => {
    const isLasting = !chunk.bytes || chunk.bytes.buffer === this.block.buffer
    const lasting = isLasting ? chunk : {...chunk, bytes: chunk.bytes!.slice()}
    if (this.#held) this.#held.push(() => this.dispatcher.chunk(lasting))
    else this.dispatcher.chunk(lasting)
  }

  conflict: NonNullable<StreamSink['conflict']> = conflict => this.#do(() => this.dispatcher.conflict(conflict))

  key(item: KeyItem, source: string): void {
    if (!this.keyring.box) this.#held ??= []
    this.#do(() => this.engine.key(item, source))
  }

  /** The block is through. */
  async flush(): Promise<void> {
    const held = this.#held
    if (held) {
      this.keyring.box ??= await loadSodium()
      this.#held = undefined
      for (const step of held) step()
    }
    await this.engine.flush(this.dispatcher.isHolding)
  }

  #do(step: () => void): void {
    if (this.#held) this.#held.push(step)
    else step()
  }
}

function sinkOf(tracker: PacketTracker, {packet}: CaptureRunOptions, flow: Flow, name: string): CaptureSink {
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
      for (const item of items) flow.key(item, name)
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
    let offset = 0
    for await (const block of source.blocks(size => engine.room(size))) {
      flow.block = block
      engine.begin(block, source.file === undefined ? undefined : {name: source.name, file: source.file, offset})
      offset += block.length
      try {
        reader.push(block)
      } finally {
        await flow.flush()
      }
      if (engine.problem) return engine.problem
      flow.bytes += block.length
      progress?.(flow.bytes)
      await between?.()
      if (!isWanted()) return undefined
    }
    const {cut} = reader.end()
    return (
      cut &&
      new InputError(
        `${source.name} is cut off inside a record at byte ${cut.offset}`,
        'all before it was read',
        'cut-off-capture',
      )
    )
  } catch (error) {
    if (error instanceof InputError) return error.at(source.name)
    throw error
  }
}
