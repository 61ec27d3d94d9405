import {Worker} from 'node:worker_threads'
import type {TcpSessionItem} from '../crypto/key-item.js'
import {isBuilt} from '../files/built-program.js'
import type {EventBatch} from '../proxy/inspection/event-batch.js'
import {type Inspecting, Inspection} from '../proxy/inspection/inspection.js'
import type {ProxyEvent} from '../proxy/inspection/proxy-event.js'
import {ThreadInspection} from '../proxy/inspection/thread-inspection.js'
import type {Io} from '../terminal/io.js'
import {descriptorOutput, type NoteStyle} from '../terminal/user-output.js'
import {receivedMistake, type SentMistake} from '../wire/input-error.js'
import {type Inspector, type InspectorEvents, type PrintingSettings, startPrinting} from './inspector.js'
import type {Recorded} from './summary.js'

/** The place where the proxy's traffic is inspected: this thread or another one. */
export interface InspectionHost {
  readonly inspection: Inspecting<ProxyEvent>
  /** Print a sentence for the user, after what was printed before. */
  note(sentence: string): void
  /** The proxy is about to end: from now on the rest of inspection and printing has a time limit. */
  stopping(): void
  /**
   * No more events come.
   * @param recorded totals of the recording.
   * @returns the exit status.
   * @throws what the inspector threw
   */
  end(recorded?: Recorded): Promise<number>
  /** Called instead of end() if the proxy could not start. */
  cancel(): void
}

/** What the inspecting thread is started with. */
export interface ThreadData {
  readonly settings: PrintingSettings
  readonly noteStyle: NoteStyle
  /** In shared memory: not 0 once output must no longer wait for its reader. */
  readonly dropOutputFlag: Int32Array
  /** In shared memory: number of inspected batches. */
  readonly done: Int32Array
}

export type ToThread =
  | {readonly kind: 'batch'; readonly batch: EventBatch}
  | {readonly kind: 'note'; readonly sentence: string}
  | {readonly kind: 'catch_up'}
  | {readonly kind: 'end'; readonly recorded: Recorded | undefined}
export type FromThread =
  | {readonly kind: 'ready'}
  /** Instead of ready: the user's mistake. */
  | SentMistake
  /** Everything that was posted before the question is inspected. */
  | {readonly kind: 'caught_up'}
  | {readonly kind: 'enough'}
  | {readonly kind: 'key_found'; readonly connection: number; readonly item: TcpSessionItem; readonly recorded: number}
  | {readonly kind: 'ended'; readonly status: number}
  /** Instead of ended. */
  | {readonly kind: 'failed'; readonly error: unknown}

/**
 * Seconds in which the thread looks at nothing before its output no longer waits for a reader, and again before the
 * program ends without it.
 */
const patienceSeconds = 3

/** Seconds for an abandoned thread to end. */
const terminationSeconds = 1

/**
 * @param ownsProcess output may be written to the process's own descriptors by another thread, so that a slow reader
 *   cannot delay forwarding.
 * @throws InputError
 */
export function startInspection(
  settings: PrintingSettings,
  io: Io,
  ownsProcess: boolean,
  events: InspectorEvents,
): Promise<InspectionHost> {
  return ownsProcess && isBuilt ? startThread(settings, io, events) : startHere(settings, io, events)
}

async function startHere(settings: PrintingSettings, io: Io, events: InspectorEvents): Promise<InspectionHost> {
  return hostHere(await startPrinting(settings, io, events))
}

/** Inspects on this thread, between turns of the event loop. */
export function hostHere(inspector: Inspector): InspectionHost {
  let failure: {readonly error: unknown} | undefined
  // Whoever takes the output may throw: that must not reach who forwards.
  const flush = () => {
    try {
      inspector.flush()
    } catch (error) {
      failure ??= {error}
    }
  }
  flush()
  const look = (event: ProxyEvent) => {
    if (event.kind === 'chunk') inspector.lookAtKeyLogs()
    inspector.observe(event)
    flush()
  }
  const note = (sentence: string) => {
    inspector.note(sentence)
    flush()
  }
  return {
    inspection: new Inspection(look, () => {}),
    note,
    stopping: () => {},
    async end(recorded) {
      const status = inspector.end(recorded)
      if (failure) throw failure.error
      return status
    },
    cancel: () => inspector.cancel(),
  }
}

async function startThread(settings: PrintingSettings, io: Io, events: InspectorEvents): Promise<InspectionHost> {
  const host = new ThreadHost(settings, {...io.noteStyle}, events)
  await host.ready
  return host
}

class ThreadHost implements InspectionHost {
  readonly inspection: ThreadInspection
  /** @throws InputError */
  readonly ready: Promise<void>
  readonly #worker: Worker
  readonly #dropOutputFlag = new Int32Array(new SharedArrayBuffer(4))
  readonly #done = new Int32Array(new SharedArrayBuffer(4))
  readonly #status: Promise<number>
  /** Writes without waiting for a reader. */
  readonly #note: Io['note']
  #timer: NodeJS.Timeout | undefined
  #giveUp = () => {}
  #isAbandoned = false

  constructor(settings: PrintingSettings, noteStyle: NoteStyle, events: InspectorEvents) {
    this.#note = descriptorOutput(Int32Array.of(1), noteStyle).note
    // Opening them makes pipes non-blocking: a full pipe then gives an error instead of blocking the thread.
    void process.stdout
    void process.stderr
    const data: ThreadData = {settings, noteStyle, dropOutputFlag: this.#dropOutputFlag, done: this.#done}
    this.#worker = new Worker(new URL('./live-worker.js', import.meta.url), {workerData: data})
    this.inspection = new ThreadInspection(
      batch =>
        this.#post({kind: 'batch', batch}, [
          batch.rows.buffer,
          ...batch.memory.map(({buffer}) => buffer as ArrayBuffer),
        ]),
      () => this.#post({kind: 'catch_up'}),
      this.#done,
    )
    let isReady = false
    this.ready = new Promise((done, failed) => {
      this.#worker.on('message', (message: FromThread) => {
        if (message.kind === 'mistake') failed(receivedMistake(message))
        if (message.kind !== 'ready') return
        isReady = true
        done()
      })
      this.#worker.once('error', failed)
    })
    this.#status = new Promise((done, failed) => {
      this.#giveUp = () => done(0)
      this.#worker.on('message', (message: FromThread) => {
        if (message.kind === 'caught_up') this.inspection.caughtUp()
        else if (message.kind === 'enough') events.enough()
        else if (message.kind === 'key_found') events.keyFound(message.connection, message.item, message.recorded)
        else if (message.kind === 'ended') done(message.status)
        else if (message.kind === 'failed') failed(message.error)
      })
      this.#worker.once('error', error => {
        failed(error)
        this.inspection.gone()
        if (isReady)
          this.#note(`inspection failed (${String(error)}): forwarding goes on, and nothing more of it is shown`)
      })
    })
    // end() reports it.
    this.#status.catch(() => {})
  }

  note(sentence: string): void {
    this.#post({kind: 'note', sentence})
  }

  stopping(): void {
    const later = (run: () => void) => {
      const before = Atomics.load(this.#done, 0)
      this.#timer = setTimeout(
        // A busy machine leaves a thread that only looks on little time.
        () => (Atomics.load(this.#done, 0) === before ? run() : later(run)),
        patienceSeconds * 1000,
      )
    }
    later(() => {
      Atomics.store(this.#dropOutputFlag, 0, 1)
      Atomics.notify(this.#dropOutputFlag, 0)
      later(() => {
        this.#isAbandoned = true
        this.inspection.gone()
        this.#giveUp()
      })
    })
  }

  async end(recorded?: Recorded): Promise<number> {
    this.#post({kind: 'end', recorded})
    try {
      return await this.#status
    } finally {
      clearTimeout(this.#timer)
      if (this.#isAbandoned) await this.#leave()
      else void this.#worker.terminate()
    }
  }

  cancel(): void {
    void this.#worker.terminate()
  }

  /**
   * End without the thread. It may be in a system call that does not return, such as a write to a pipe that nobody
   * reads; Node would wait for it at exit.
   */
  async #leave(): Promise<void> {
    this.#note(`what was left to look at after ${2 * patienceSeconds} seconds without progress is not shown`)
    const stuck = setTimeout(() => process.kill(process.pid, 'SIGKILL'), terminationSeconds * 1000)
    await this.#worker.terminate()
    clearTimeout(stuck)
  }

  #post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }
}
