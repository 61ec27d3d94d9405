import type {Worker} from 'node:worker_threads'
import type {Shard} from '../../capture/shard.js'
import type {Keyring} from '../../crypto/keyring/keyring.js'
import {type PeersName, peersNamed} from '../../expert/peers.js'
import {type KeyOptions, type LoadedKeys, loadKeys} from '../../files/keys/load-keys.js'
import {type CaptureRunOptions, type CaptureSummary, runCapture} from '../../reading/capture-run.js'
import type {CaptureSource} from '../../reading/capture-source.js'
import {addEmbeddedKeys} from '../../reading/embedded-keys.js'
import {growingKeys} from '../../reading/growing-keys.js'
import {WorkerEngine} from '../../reading/threads/worker-engine.js'
import {startThreads} from '../../reading/threads/worker-threads.js'

/** What is read, and with which keys. */
export interface ReadingOptions {
  /** Read as one capture, merged by time. They are the reading's from now on, which closes them. */
  readonly sources: readonly CaptureSource[]
  readonly keys: KeyOptions
  /** Connections from or to these ports are Tox whatever they look like. */
  readonly ports?: readonly number[] | undefined
  /** Only its connections are read; undefined: all. */
  readonly shard?: Shard | undefined
  /** Which implementation all ends are; default: auto. */
  readonly peers?: PeersName | undefined
  /** Threads that open frames; undefined: as many as are worth it; 0: none. */
  readonly threads?: number | undefined
}

/** What becomes of the records. */
export type ReadingSteps = Omit<CaptureRunOptions, 'sources' | 'keyring' | 'ports' | 'shard' | 'peers' | 'startThreads'>

/** Captures that are open, with their keys and threads: what every reader of captures begins with. */
export class CaptureReading {
  readonly sources: readonly CaptureSource[]
  readonly keyring: Keyring
  /** What the readers of key files had to say; whole sentences. */
  readonly notes: readonly string[]
  /** See LoadedKeys. */
  readonly doubts: readonly string[]
  /** See LoadedKeys. */
  readonly names: ReadonlyMap<string, string>
  readonly #options: ReadingOptions
  readonly #workers: readonly Worker[]

  private constructor(options: ReadingOptions, workers: readonly Worker[], keys: LoadedKeys) {
    const {keyring, notes, doubts, names} = keys
    this.sources = options.sources
    this.keyring = keyring
    this.notes = notes
    this.doubts = doubts
    this.names = names
    this.#options = options
    this.#workers = workers
  }

  /** Start the threads and load the keys. @throws InputError; then nothing is left open. */
  static async open(options: ReadingOptions): Promise<CaptureReading> {
    const workers = startThreads(options.sources, options.keys, options.threads)
    try {
      const isLive = options.sources.some(({isLive}) => isLive)
      const keys = await loadKeys(options.keys, {mayBeMissing: isLive})
      await addEmbeddedKeys(options.sources, keys.keyring)
      // Without keys nothing opens: threads would only need memory.
      if (keys.keyring.size > 0 || isLive) return new CaptureReading(options, workers, keys)
      await release([], workers)
      return new CaptureReading(options, [], keys)
    } catch (error) {
      await release(options.sources, workers)
      throw error
    }
  }

  /** Bytes of all sources; undefined where that is not known. */
  get size(): number | undefined {
    const {sources} = this
    return sources.every(({size}) => size !== undefined) ? sources.reduce((sum, {size}) => sum + size!, 0) : undefined
  }

  /** Read all, once. When this is done, files are closed and threads have ended. */
  run(steps: ReadingSteps): Promise<CaptureSummary> {
    const {sources, keyring} = this
    const {ports = [], shard, peers, keys} = this.#options
    const workers = this.#workers.slice(0, keyring.mostThreads)
    for (const unused of this.#workers.slice(workers.length)) void unused.terminate()
    return runCapture({
      ...steps,
      ...{sources, keyring, ports, shard},
      peers: peersNamed(peers),
      startThreads: workers.length > 0 ? options => new WorkerEngine(workers, keyring, options) : undefined,
      before: growingKeys(keys, sources, keyring),
    })
  }

  /** Instead of run(). */
  close(): Promise<void> {
    return release(this.sources, this.#workers)
  }
}

async function release(sources: readonly CaptureSource[], workers: readonly Worker[]): Promise<void> {
  for (const source of sources) source.close()
  await Promise.all(workers.map(worker => worker.terminate()))
}
