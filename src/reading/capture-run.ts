import type {CaptureCounters} from '../capture/counters.js'
import type {Packet} from '../capture/packet.js'
import {ofOtherShard, PacketTracker} from '../capture/packet-tracker.js'
import type {Shard} from '../capture/shard.js'
import type {TcpSessionItem} from '../crypto/key-item.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import type {Peers} from '../expert/peers.js'
import {NoteReader} from '../proxy/recording/note-reader.js'
import {Arena} from '../session/arena.js'
import type {ConnectionSink} from '../session/connection-sink.js'
import type {Forgotten} from '../session/inner/inner-world.js'
import type {InnerKeyListener} from '../session/inner/opening/passage.js'
import {Dispatcher} from '../session/recognition/dispatcher.js'
import type {SessionRecord} from '../session/record.js'
import {Session} from '../session/session.js'
import {World} from '../session/world.js'
import type {InnerTally} from '../statistics/inner-tally.js'
import type {Tally} from '../statistics/tally.js'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import {over} from '../wire/memory/lifetime.js'
import {captureItems} from './capture-items.js'
import type {CaptureSource} from './capture-source.js'
import {embeddedKeys} from './embedded-keys.js'
import type {FrameThreads, RecordOptions} from './frame-threads.js'
import type {ItemBlock} from './item-block.js'
import {PartMarks} from './part-marks.js'
import {RecordsAhead} from './records-ahead.js'
import {TcpStreams} from './tcp-streams.js'

/** Most milliseconds from a packet until its block is read, while packets are captured. */
const currentMilliseconds = 2000

export interface CaptureRunOptions {
  readonly sources: readonly CaptureSource[]
  readonly keyring: Keyring
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports: readonly number[]
  /** Only its connections are read; undefined: all. */
  readonly shard?: Shard | undefined
  /** Which implementations all ends are; undefined: what the packets of each connection show. */
  readonly peers?: Peers | undefined
  /** Starts other threads that open frames; undefined: this one does. */
  readonly startThreads?: ((options: RecordOptions) => FrameThreads) | undefined
  /** Each record, in order. @returns false once no more are wanted. */
  readonly take: (record: SessionRecord) => boolean
  /** Counts each record. Where threads do that, `take` gets only those of which more must be known than counts. */
  readonly tally?: Tally | undefined
  /** Counts, with `tally`, what is inside packets. */
  readonly inner?: InnerTally | undefined
  /** Bytes of each plaintext that are looked at, and none as they are on the wire; undefined: all. */
  readonly plaintext?: number | undefined
  /** False: what relays pass on is not compared, as it takes time for each packet. */
  readonly comparesData?: boolean | undefined
  /**
   * Told of each captured packet, after what it carries, and of its TCP connection, -1 for none. Packets of other
   * shards are left out.
   */
  readonly packet?: ((packet: Packet, connection: number) => void) | undefined
  /** Told what opens a connection's frames. On this thread only. */
  readonly onKey?: ((connection: number, line: TcpSessionItem) => void) | undefined
  /** Told what opens boxes inside a connection's packets. On this thread only. */
  readonly onInnerKey?: InnerKeyListener | undefined
  /** Told how many bytes of all sources have been read. */
  readonly progress?: ((bytes: number) => void) | undefined
  /** Told of each block before its records are made. */
  readonly block?: ((block: ItemBlock) => void) | undefined
  /**
   * Called before the records of each block are made: a place to look at growing key logs.
   * @param isCurrent whether the packet before it was captured a moment ago, as far as is known.
   */
  readonly before?: ((isCurrent: boolean) => Promise<void>) | undefined
  /** Called between blocks. */
  readonly between?: (() => Promise<void> | void) | undefined
  /** Asked between blocks, after `between`: false ends the reading. */
  readonly isWanted?: (() => boolean) | undefined
}

export interface CaptureSummary {
  readonly counters: CaptureCounters
  /** Tox connections, and others that were left alone. */
  readonly connections: number
  readonly others: number
  /** Connections that were decided before it was certain whether they are Tox, because too many bytes waited. */
  readonly hurried: number
  readonly forgotten: Forgotten
  /**
   * What ended the reading early: damage, or a capture that is cut off. All before was emitted, and more was wanted.
   */
  readonly problem: InputError | undefined
}

/** Read captures, merged by time, as one: streams go on from file to file. */
export async function runCapture(options: CaptureRunOptions): Promise<CaptureSummary> {
  const run = new CaptureRun(options)
  try {
    return await run.read()
  } finally {
    await run.stop()
  }
}

class CaptureRun {
  readonly #options: CaptureRunOptions
  /** Set where other threads open frames; else `#session`. */
  readonly #threads: FrameThreads | undefined
  readonly #session: Session | undefined
  readonly #world: World | undefined
  readonly #dispatcher: Dispatcher
  readonly #streams: TcpStreams
  readonly #tracker: PacketTracker
  readonly #ahead: RecordsAhead | undefined
  /** What the proxy noted in its recordings. */
  readonly #notes = new NoteReader()
  /** What a part of a capture says of the whole. */
  readonly #marks = new PartMarks()
  /** Whether nothing looks at the bytes of a block once its records are through. */
  readonly #isReusing: boolean
  #blockRoom: Uint8Array = noBytes
  #isWanted = true
  /** Capture time of the last packet that had one. */
  #latestMilliseconds: number | undefined
  /** Bytes of blocks that are through. */
  #bytes = 0

  constructor(options: CaptureRunOptions) {
    const {keyring, ports, shard, peers, tally, inner, startThreads, onKey, onInnerKey} = options
    // A box inside a packet opens only if all of its bytes are there.
    const plaintext = keyring.hasInnerKeys ? undefined : options.plaintext
    this.#options = options
    this.#tracker = new PacketTracker(shard)
    const isCounting = tally !== undefined || options.comparesData === false
    const comparison = isCounting ? 'none' : plaintext === undefined ? 'whole' : 'first-bytes'
    // Records of what is still being captured are not held back, nor the rows of a list.
    const isForRows = isCounting || options.plaintext !== undefined
    const looksAhead = !isForRows && options.sources.every(({isLive}) => !isLive)
    const isAltered = (record: SessionRecord) => this.#notes.isAbout(record)
    const isPart = shard !== undefined && shard.count > 1
    const relayed = {comparison, looksAhead, isPart, isAltered} as const
    if (looksAhead) this.#ahead = new RecordsAhead(options.take)
    this.#isReusing = plaintext !== undefined && !startThreads
    const emit = (record: SessionRecord) => {
      this.#notes.apply(record)
      this.#isWanted &&= this.#ahead?.add(record) ?? options.take(record)
    }
    const counted = (record: SessionRecord) => {
      tally?.add(record)
      inner?.add(record)
      emit(record)
    }
    // Threads count only where no key for a box inside a packet can come later: the world on this thread opens those.
    const mayLearnKeys = options.sources.some(({isLive}) => isLive)
    if (startThreads && tally && mayLearnKeys) this.#threads = startThreads({emit: counted, peers, relayed})
    else if (startThreads) this.#threads = startThreads({emit, peers, tally, inner, plaintext, relayed})
    else {
      this.#world = new World(plaintext === undefined || tally ? keyring : undefined, peers, relayed, onInnerKey)
      const arena = tally ? Arena.ofOneSlab(plaintext) : new Arena(undefined, plaintext)
      this.#session = new Session(keyring, tally ? counted : emit, {arena, world: this.#world, onKey})
    }
    const sink: ConnectionSink = (this.#threads ?? this.#session)!
    this.#dispatcher = new Dispatcher(sink, ports, keyring)
    this.#streams = new TcpStreams(this.#dispatcher, sink, keyring, this.#marks)
  }

  async read(): Promise<CaptureSummary> {
    let problem = await this.#readAll()
    if (this.#isWanted) {
      this.#threads?.begin(this.#threads.room(0))
      this.#streams.add(this.#tracker.end())
      this.#session?.end()
      await this.#threads?.flush()
      await this.#threads?.finish()
      problem = this.#threads?.problem ?? problem
    }
    if (this.#isWanted) this.#ahead?.end()
    // How far reading went ahead of the last record that was wanted is chance.
    return {
      counters: this.#tracker.counters,
      connections: this.#dispatcher.count,
      others: this.#dispatcher.others,
      hurried: this.#dispatcher.hurried,
      forgotten: (this.#threads ?? this.#world)!.forgotten,
      problem: this.#isWanted ? problem : undefined,
    }
  }

  /** Ends at once, or after all was read. */
  async stop(): Promise<void> {
    await this.#threads?.stop()
    for (const source of this.#options.sources) source.close()
  }

  /** @returns what ended the reading early. */
  async #readAll(): Promise<InputError | undefined> {
    const threads = this.#threads
    const {sources, progress, block: begin, before, between, isWanted = () => true} = this.#options
    let isCurrent = true
    try {
      for await (const block of captureItems(sources, size => this.#room(size))) {
        begin?.(block)
        await before?.(isCurrent)
        this.#session?.checkKeys()
        threads?.begin(block.bytes, block.place)
        try {
          this.#addItems(block)
        } finally {
          await this.#streams.settle()
          this.#dispatcher.copyWaiting()
          await threads?.flush()
          over(this.#blockRoom)
        }
        if (threads?.problem) return threads.problem
        this.#bytes += block.size
        progress?.(this.#bytes)
        await between?.()
        this.#isWanted &&= isWanted()
        if (!this.#isWanted) return undefined
        const latest = this.#latestMilliseconds
        isCurrent = latest === undefined || Math.abs(Date.now() - latest) < currentMilliseconds
      }
      return undefined
    } catch (error) {
      if (error instanceof InputError) return error
      throw error
    }
  }

  /** Memory for the next block. Where nothing needs the bytes of one that is through, it has the same place. */
  #room(size: number): Uint8Array {
    if (this.#threads) return this.#threads.room(size)
    if (!this.#isReusing) return new Uint8Array(size)
    if (this.#blockRoom.length < size) this.#blockRoom = new Uint8Array(size)
    return this.#blockRoom
  }

  #addItems({items, name}: ItemBlock): void {
    const {packet} = this.#options
    try {
      for (const item of items) {
        if (item.kind === 'secrets') {
          for (const key of embeddedKeys(item, name)) this.#streams.key(key, name)
        } else {
          if (item.time) this.#latestMilliseconds = item.time.micros / 1000
          const {connection, events} = this.#tracker.add(item)
          const isOurs = connection !== ofOtherShard
          if (isOurs && item.options.length > 0) {
            if (this.#notes.add(item)) this.#threads?.note(item.number)
            this.#marks.add(item)
          }
          this.#streams.add(events)
          if (isOurs) packet?.(item, connection)
        }
      }
    } catch (error) {
      throw error instanceof InputError ? error.at(name) : error
    }
  }
}
