import {blankPacket, type CaptureItem, type Packet} from '../capture/packet.js'
import type {Time} from '../wire/chunk.js'
import {noBytes} from '../wire/chunk.js'
import {InputError} from '../wire/input-error.js'
import type {ItemBlock, Room} from './item-block.js'

/** Bytes of packets that are merged into one block: at least as many as one packet may have. */
const mergedBytes = 256 * 1024
/** Bytes of the blocks that are read of all captures together, and the fewest of one. */
const readBytes = 16 * 1024 * 1024
const leastReadBytes = 16 * 1024

/**
 * The items of several captures by time, in blocks of their own. A damaged capture ends there; the others are read on.
 *
 * @param captures start to read one, with the most bytes of a block.
 * @throws InputError for a capture that is none, at once; for a damaged one, after all others.
 */
export async function* mergedBlocks(
  captures: readonly ((limit: number) => AsyncGenerator<ItemBlock>)[],
  room: Room,
): AsyncGenerator<ItemBlock> {
  const limit = Math.max(leastReadBytes, Math.floor(readBytes / captures.length))
  const readers = captures.map(start => new ReadAhead(start(limit)))
  try {
    for (const reader of readers) {
      await reader.load()
      if (reader.problem && !reader.item) throw reader.problem
    }
    const merged = new MergedBlock(room)
    for (let next = earliest(readers); next; next = earliest(readers)) {
      const item = next.item!
      if (item.kind === 'secrets' || !merged.hasRoom(item)) yield* merged.take(readers)
      if (item.kind === 'packet') merged.add(item)
      else yield {bytes: noBytes, place: undefined, name: next.name, size: 0, items: [item]}
      if (next.advance()) continue
      // A growing capture may let the next block wait.
      yield* merged.take(readers)
      await next.load()
    }
    yield* merged.take(readers)
    for (const {problem} of readers) if (problem) throw problem
  } finally {
    for (const reader of readers) await reader.stop()
  }
}

/** The reader whose item comes first; of equal times, that of the first capture. */
function earliest(readers: readonly ReadAhead[]): ReadAhead | undefined {
  let first: ReadAhead | undefined
  for (const reader of readers) if (reader.item && (!first || isBefore(reader.item, first.item!))) first = reader
  return first
}

/** What has no time comes at once. */
function isBefore(item: CaptureItem, other: CaptureItem): boolean {
  const [time, otherTime] = [timeOf(item), timeOf(other)]
  if (!time || !otherTime) return !time && otherTime !== null
  return time.micros < otherTime.micros || (time.micros === otherTime.micros && time.nanos < otherTime.nanos)
}

const timeOf = (item: CaptureItem): Time | null => (item.kind === 'packet' ? item.time : null)

/** One capture, read up to its next item. */
class ReadAhead {
  /** Borrowed until the reader goes on; undefined: there are no more, or `load` must be called. */
  item: CaptureItem | undefined
  /** Why the capture was not read to its end. */
  problem: InputError | undefined
  name = ''
  /** Bytes that were read since `takeSize`. */
  #size = 0
  #items: Iterator<CaptureItem> | undefined
  readonly #blocks: AsyncGenerator<ItemBlock>

  constructor(blocks: AsyncGenerator<ItemBlock>) {
    this.#blocks = blocks
  }

  /** Go on to the next item of the block at hand. @returns false if it has no more. */
  advance(): boolean {
    try {
      const step = this.#items?.next()
      this.item = step?.done === false ? step.value : undefined
    } catch (error) {
      this.#end(error, this.name)
    }
    return this.item !== undefined
  }

  /** Read blocks until there is an item, or the capture ends. */
  async load(): Promise<void> {
    try {
      // Going on may find out that this is not a capture: nothing is read on then.
      while (!this.advance() && !this.problem) {
        const {done, value} = await this.#blocks.next()
        if (done) return
        this.name = value.name
        this.#size += value.size
        this.#items = value.items[Symbol.iterator]()
      }
    } catch (error) {
      this.#end(error)
    }
  }

  takeSize(): number {
    const size = this.#size
    this.#size = 0
    return size
  }

  async stop(): Promise<void> {
    await this.#blocks.return(undefined)
  }

  /** @param name for errors that do not name the capture yet. */
  #end(error: unknown, name?: string): void {
    if (!(error instanceof InputError)) throw error
    this.problem = name === undefined ? error : error.at(name)
    this.item = undefined
    this.#items = undefined
  }
}

/** Packets whose bytes are copied one behind the other, with numbers in this order. */
class MergedBlock {
  readonly #room: Room
  #bytes: Uint8Array = noBytes
  #used = 0
  #packets: Packet[] = []
  #count = 0
  /** Bytes of all blocks before this one. */
  #offset = 0

  constructor(room: Room) {
    this.#room = room
  }

  hasRoom({start, end}: Packet): boolean {
    return this.#packets.length === 0 || this.#used + end - start <= this.#bytes.length
  }

  add(packet: Packet): void {
    if (this.#packets.length === 0) this.#bytes = this.#room(mergedBytes)
    const {bytes, start, end} = packet
    const at = this.#used
    this.#bytes.set(bytes.subarray(start, end), at)
    this.#used += end - start
    this.#packets.push(
      Object.assign(blankPacket(), packet, {
        number: ++this.#count,
        bytes: this.#bytes,
        start: at,
        end: this.#used,
        offset: this.#offset + at,
      }),
    )
  }

  /** The block, unless it is empty; begins a new one. */
  *take(readers: readonly ReadAhead[]): Generator<ItemBlock> {
    if (this.#packets.length === 0) return
    const size = readers.reduce((sum, reader) => sum + reader.takeSize(), 0)
    const bytes = this.#bytes.subarray(0, this.#used)
    const items = this.#packets
    this.#offset += this.#used
    this.#packets = []
    this.#used = 0
    this.#bytes = noBytes
    yield {bytes, place: undefined, name: '', size, items}
  }
}
