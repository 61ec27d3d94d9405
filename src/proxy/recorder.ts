import {TcpWriter} from '../capture/tcp-writer.js'
import {decryptionSecrets, enhancedPacket, interfaceDescription, sectionHeader} from '../capture/writer.js'
import type {TcpSessionItem} from '../crypto/key-item.js'
import {keyLogLine} from '../crypto/keylog.js'
import type {End, Endpoint, Time} from '../wire/chunk.js'
import {recordedSegment} from './limits.js'
import {RecordingFiles, type Rotation} from './recording-files.js'

export interface RecorderOptions {
  readonly path: string
  readonly rotation?: Rotation | undefined
  /** Put session keys into the recording, so that it opens by itself. */
  readonly embedsKeys: boolean
  /** Type of the pcapng block that holds them. */
  readonly secretsType: number
  /** Told once, if a write fails; nothing more is recorded then. */
  readonly failed: (error: unknown, path: string) => void
}

const ethernet = 1

/**
 * Writes what passed as a pcapng capture of TCP connections. Every call is one write of whole blocks, so that at any moment the file can be read up to
 * the last thing that happened.
 */
export class Recorder {
  /** Number of the next packet in the file at hand, from 1. */
  nextPacket = 1
  /** Packets written, all files together. */
  packets = 0
  readonly #options: RecorderOptions
  readonly #files: RecordingFiles
  readonly #connections = new Map<number, TcpWriter>()
  #opened = 0
  #hasFailed = false

  /** Begins the first file. @throws the system's error */
  constructor(options: RecorderOptions, time: Time) {
    this.#options = options
    this.#files = new RecordingFiles(options.path, options.rotation)
    this.#begin(time, [])
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** The file at hand. */
  get path(): string {
    return this.#files.path
  }

  get files(): number {
    return this.#files.count
  }

  /**
   * Go on in a new file if it is time. To be called before nextPacket is asked for.
   * @param openKeys session keys of the connections that are open: a new file needs them again.
   */
  turn(time: Time, openKeys: () => readonly TcpSessionItem[]): void {
    if (!this.#hasFailed && this.#files.isDue(time)) this.#try(() => this.#begin(time, openKeys()))
  }

  /** @param ends client and relay. */
  open(connection: number, ends: readonly [Endpoint, Endpoint], time: Time): void {
    // Ports are used again: without other sequence numbers that would look like one connection.
    const sequence = (Math.imul(++this.#opened, 0x9e3779b1) >>> 0) & 0x7fffffff
    const writer = new TcpWriter(ends, {mss: recordedSegment, initialSequence: [sequence, (sequence ^ 0x55555555) >>> 0]})
    this.#connections.set(connection, writer)
    this.#packets(time, writer.open())
  }

  bytes(connection: number, from: End, bytes: Uint8Array, time: Time): void {
    this.#packets(time, this.#connections.get(connection)?.data(from, bytes))
  }

  /** Bytes that are not known: they will be missing. */
  skip(connection: number, from: End, bytes: number): void {
    this.#connections.get(connection)?.skip(from, bytes)
  }

  end(connection: number, from: End, how: 'fin' | 'rst', time: Time): void {
    const writer = this.#connections.get(connection)
    this.#packets(time, how === 'fin' ? writer?.fin(from) : writer?.rst(from))
  }

  /** The connection is over. */
  forget(connection: number): void {
    this.#connections.delete(connection)
  }

  /** Session keys, to be written before the packets that they open. */
  keys(items: readonly TcpSessionItem[]): void {
    if (this.#options.embedsKeys && items.length > 0) this.#write([this.#secrets(items)])
  }

  close(): void {
    this.#files.close()
  }

  #secrets(items: readonly TcpSessionItem[]): Uint8Array {
    return decryptionSecrets(this.#options.secretsType, new TextEncoder().encode(items.map(item => `${keyLogLine(item)}\n`).join('')))
  }

  #begin(time: Time, openKeys: readonly TcpSessionItem[]): void {
    this.#files.next(time)
    this.nextPacket = 1
    const keys = this.#options.embedsKeys ? openKeys : []
    const head = [sectionHeader({application: 'toxtcp'}), interfaceDescription({linkType: ethernet, resolution: 6, name: 'toxtcp proxy'})]
    this.#files.append(Buffer.concat(keys.length > 0 ? [...head, this.#secrets(keys)] : head))
  }

  #packets(time: Time, frames: readonly Uint8Array[] = []): void {
    this.nextPacket += frames.length
    if (this.#write(frames.map(bytes => enhancedPacket({time, bytes, resolution: 6})))) this.packets += frames.length
  }

  #write(blocks: readonly Uint8Array[]): boolean {
    return !this.#hasFailed && blocks.length > 0 && this.#try(() => this.#files.append(blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks)))
  }

  #try(run: () => void): boolean {
    try {
      run()
      return true
    } catch (error) {
      this.#hasFailed = true
      this.#options.failed(error, this.#files.path)
      return false
    }
  }
}
