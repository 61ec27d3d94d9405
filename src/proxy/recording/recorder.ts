import {isIP} from 'node:net'
import {BlockBuffer} from '../../capture/formats/block-buffer.js'
import {TcpWriter} from '../../capture/write/tcp-writer.js'
import {interfaceDescription, sectionHeader} from '../../capture/write/writer.js'
import type {TcpSessionItem} from '../../crypto/key-item.js'
import type {End, Endpoint, Time} from '../../wire/chunk.js'
import {FrameCount} from '../intercept/frame-count.js'
import {recordedSegment} from '../limits.js'
import {beforeSecrets, keyForPlaceholder, keyPlaceholder, keysBlock, linesFrom} from './recorded-keys.js'
import {RecordingFiles, type Rotation} from './recording-files.js'
import {recordedHardware} from './recording-format.js'

export interface RecorderOptions {
  readonly path: string
  /** Replace existing regular files of the user. */
  readonly force: boolean
  readonly rotation?: Rotation | undefined
  /** Put session keys into the recording, so that it can be opened without a key log. */
  readonly embedsKeys: boolean
  /** Keys may become known after the packets that they open: leave room for them. */
  readonly findsKeysLate: boolean
  /** Called at the first failure; recording stops then. */
  readonly failed: (error: unknown, path: string) => void
}

interface Recorded {
  readonly tcp: TcpWriter
  /** Frame counts by end: client, relay. */
  readonly counts: readonly [FrameCount, FrameCount]
  key: TcpSessionItem | undefined
  /** Offset in the current file of the room for its key. */
  placeholderAt: number | undefined
}

const ethernet = 1

/** An endpoint with a valid IP: a socket that closed early has no address. */
const addressed = ({ip, port}: Endpoint): Endpoint => ({ip: isIP(ip) ? ip : '0.0.0.0', port})

/**
 * Writes a pcapng capture of the proxied TCP connections. Packets and keys are gathered until flush(), which is one
 * write of whole blocks: the file can be read at any moment.
 */
export class Recorder {
  /** Packets written, all files together. */
  packets = 0
  readonly #options: RecorderOptions
  readonly #files: RecordingFiles
  readonly #buffer = new BlockBuffer()
  readonly #connections = new Map<number, Recorded>()
  /** Packets in the current file. */
  #inFile = 0
  #opened = 0
  #hasFailed = false

  /** Begins the first file. @throws the system's error. @throws InputError if its name is taken */
  constructor(options: RecorderOptions, time: Time) {
    this.#options = options
    this.#files = new RecordingFiles(options.path, options.force, options.rotation)
    this.#begin(time)
    this.#files.append(this.#buffer.blocks)
    this.#buffer.empty()
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** Path of the current file. */
  get path(): string {
    return this.#files.path
  }

  get files(): number {
    return this.#files.count
  }

  /**
   * Set the time of what is recorded next, and begin a new file if one is due and nothing waits for the current one.
   * @throws the system's error
   */
  rotateIfDue(time: Time): void {
    if (this.#buffer.length === 0 && this.#files.isDue(time)) this.#begin(time)
    this.#buffer.time = time
  }

  /**
   * @param ends client and relay.
   * @param before number of bytes of each end before its first frame.
   * @param key undefined while it is not known.
   */
  open(
    connection: number,
    ends: readonly [Endpoint, Endpoint],
    before: readonly [number, number],
    key: TcpSessionItem | undefined,
  ): void {
    // Ports are reused: with equal sequence numbers two connections would look like one.
    const sequence = (Math.imul(++this.#opened, 0x9e3779b1) >>> 0) & 0x7fffffff
    const options = {
      mss: recordedSegment,
      initialSequence: [sequence, (sequence ^ 0x55555555) >>> 0],
      hardware: recordedHardware,
    } as const
    const recorded: Recorded = {
      tcp: new TcpWriter([addressed(ends[0]), addressed(ends[1])], this.#buffer, options),
      counts: [new FrameCount(before[0]), new FrameCount(before[1])],
      key,
      placeholderAt: undefined,
    }
    this.#connections.set(connection, recorded)
    this.#putKey(recorded)
    recorded.tcp.open()
  }

  /** @returns the number, from 1 in its file, of the first packet that carries them; each segment has one packet. */
  bytes(connection: number, from: End, bytes: Uint8Array, comment = ''): number {
    const {tcp, counts} = this.#connections.get(connection)!
    const first = this.#inFile + this.#buffer.packets + 1
    this.#buffer.comment = comment
    tcp.data(from, bytes)
    if (this.#options.rotation && this.#options.embedsKeys) counts[from].add(bytes)
    return first
  }

  /** @returns the number, from 1 in its file, of the packet that closes the side. */
  end(connection: number, from: End, how: 'fin' | 'rst', comment = ''): number {
    const packet = this.#inFile + this.#buffer.packets + 1
    this.#buffer.comment = comment
    this.#connections.get(connection)?.tcp[how](from)
    return packet
  }

  /** The key of a connection's frames became known. @throws the system's error */
  key(connection: number, item: TcpSessionItem): void {
    const recorded = this.#connections.get(connection)
    if (!recorded || recorded.key || !this.#options.embedsKeys) return
    recorded.key = item
    if (recorded.placeholderAt === undefined) {
      this.#buffer.add(keysBlock([item]))
      return
    }
    this.flush()
    this.#files.replace(recorded.placeholderAt, keyForPlaceholder(item))
  }

  /** The connection is over. */
  forget(connection: number): void {
    this.#connections.delete(connection)
  }

  /** Write what was gathered. @throws the system's error */
  flush(): void {
    const {packets, length} = this.#buffer
    if (length === 0) return
    try {
      this.#files.append(this.#buffer.blocks)
    } finally {
      this.#buffer.empty()
    }
    this.#inFile += packets
    this.packets += packets
  }

  /** Stop recording. */
  fail(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#connections.clear()
    this.#options.failed(error, this.#files.path)
  }

  close(): Promise<void> {
    return this.#files.close()
  }

  #begin(time: Time): void {
    this.#files.next(time)
    this.#inFile = 0
    this.#buffer.add(sectionHeader({application: 'toxtcp'}))
    this.#buffer.add(interfaceDescription({linkType: ethernet, resolution: 6, name: 'toxtcp proxy'}))
    // Keys must precede the packets that they open: a new file needs the keys of all open connections.
    for (const recorded of this.#connections.values()) this.#putKey(recorded)
  }

  /** Put a connection's key into the file, or room for it. */
  #putKey(recorded: Recorded): void {
    const {key, counts} = recorded
    const {embedsKeys, findsKeysLate} = this.#options
    recorded.placeholderAt = undefined
    if (!embedsKeys) return
    if (key) this.#buffer.add(keysBlock(linesFrom(key, [counts[0].frames, counts[1].frames])))
    else if (findsKeysLate && this.#files.isReplaceable) {
      recorded.placeholderAt = this.#files.bytes + this.#buffer.length + beforeSecrets
      this.#buffer.add(keyPlaceholder())
    }
  }
}
