import {Worker} from 'node:worker_threads'
import type {TcpSessionItem} from '../crypto/key-item.js'
import type {EventBatch} from '../proxy/inspection/event-batch.js'
import {type Inspecting, Inspection} from '../proxy/inspection/inspection.js'
import type {ProxyEvent} from '../proxy/inspection/proxy-event.js'
import {ThreadInspection} from '../proxy/inspection/thread-inspection.js'
import type {Io} from '../terminal/io.js'
import {descriptorOutput} from '../terminal/user-output.js'
import {type ErrorCode, InputError} from '../wire/input-error.js'
import {type Inspector, type InspectorEvents, type PrintingSettings, startPrinting} from './inspector.js'
import type {Recorded} from './summary.js'

/** Where what the proxy carries is looked at. */
export interface InspectionHost {
  readonly inspection: Inspecting<ProxyEvent>
  /** Say something to the user, in its place among what is printed. */
  note(sentence: string): void
  /** The proxy is about to end: what is left to look at and to print is given a limited time from now on. */
  stopping(): void
  /**
   * Nothing more comes.
   * @param recorded what was recorded of it.
   * @returns the exit status.
   * @throws what inspecting threw
   */
  end(recorded?: Recorded): Promise<number>
  /** Instead of end(): nothing came about that could be told of. */
  cancel(): void
}

/** What the inspecting thread begins with. */
export interface ThreadData {
  readonly settings: PrintingSettings
  /** Over shared memory: not 0 once output must not wait for its reader any more. */
  readonly dropOutputFlag: Int32Array
  /** Over shared memory: batches that were looked at. */
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
  | {readonly kind: 'mistake'; readonly message: string; readonly hint: string | undefined; readonly code: ErrorCode}
  /** All that was posted before it was asked is looked at. */
  | {readonly kind: 'caught_up'}
  | {readonly kind: 'enough'}
  | {readonly kind: 'key_found'; readonly connection: number; readonly item: TcpSessionItem}
  | {readonly kind: 'ended'; readonly status: number}
  /** Instead of ended. */
  | {readonly kind: 'failed'; readonly error: unknown}

/**
 * Seconds that the thread gets to finish before its output no longer waits for a reader, and again before it is left
 * behind.
 */
const patienceSeconds = 3

/** Seconds that a thread which was left behind gets to end. */
const terminationSeconds = 1

/** Threads start from the built program only. */
const hasThreads = import.meta.url.endsWith('.js')

/**
 * @param ownsProcess output may go to the process's own descriptors, from another thread; then no reader of it can hold
 *   up forwarding.
 * @throws InputError
 */
export function startInspection(
  settings: PrintingSettings,
  io: Io,
  ownsProcess: boolean,
  tidings: InspectorEvents,
): Promise<InspectionHost> {
  return ownsProcess && hasThreads ? startThread(settings, tidings) : startHere(settings, io, tidings)
}

async function startHere(settings: PrintingSettings, io: Io, tidings: InspectorEvents): Promise<InspectionHost> {
  return hostHere(await startPrinting(settings, io, tidings))
}

/** Inspects on this thread, between turns of the event loop. */
export function hostHere(inspector: Inspector): InspectionHost {
  inspector.flush()
  const look = (event: ProxyEvent) => {
    inspector.observe(event)
    inspector.flush()
  }
  const note = (sentence: string) => {
    inspector.note(sentence)
    inspector.flush()
  }
  return {
    inspection: new Inspection(look, () => {}),
    note,
    stopping: () => {},
    end: async recorded => inspector.end(recorded),
    cancel: () => inspector.cancel(),
  }
}

async function startThread(settings: PrintingSettings, tidings: InspectorEvents): Promise<InspectionHost> {
  const host = new ThreadHost(settings, tidings)
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
  /** Never waits for a reader. */
  readonly #note = descriptorOutput(Int32Array.of(1)).note
  #timer: NodeJS.Timeout | undefined
  #giveUp = () => {}
  #isLeftBehind = false

  constructor(settings: PrintingSettings, tidings: InspectorEvents) {
    // Opened, they make pipes tell the thread that they are full, where it would else be stuck in them.
    void process.stdout
    void process.stderr
    const data: ThreadData = {settings, dropOutputFlag: this.#dropOutputFlag, done: this.#done}
    this.#worker = new Worker(new URL('./live-worker.js', import.meta.url), {workerData: data})
    this.inspection = new ThreadInspection(
      batch => this.#post({kind: 'batch', batch}, [batch.rows.buffer, batch.bytes.buffer]),
      () => this.#post({kind: 'catch_up'}),
      this.#done,
    )
    let isReady = false
    this.ready = new Promise((done, failed) => {
      this.#worker.on('message', (message: FromThread) => {
        if (message.kind === 'mistake') failed(new InputError(message.message, message.hint, message.code))
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
        else if (message.kind === 'enough') tidings.enough()
        else if (message.kind === 'key_found') tidings.keyFound(message.connection, message.item)
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
    // Told by end(), however long that takes to come.
    this.#status.catch(() => {})
  }

  note(sentence: string): void {
    this.#post({kind: 'note', sentence})
  }

  stopping(): void {
    const later = (run: () => void) => {
      this.#timer = setTimeout(run, patienceSeconds * 1000)
    }
    later(() => {
      Atomics.store(this.#dropOutputFlag, 0, 1)
      Atomics.notify(this.#dropOutputFlag, 0)
      later(() => {
        this.#isLeftBehind = true
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
      if (this.#isLeftBehind) await this.#leave()
      else void this.#worker.terminate()
    }
  }

  cancel(): void {
    void this.#worker.terminate()
  }

  /**
   * The thread is not done, and perhaps inside a call of the system that does not return, as into a pipe that nobody
   * reads; at its exit node would wait for it.
   */
  async #leave(): Promise<void> {
    this.#note(`what was left to look at after ${2 * patienceSeconds} seconds is not shown`)
    const stuck = setTimeout(() => process.kill(process.pid, 'SIGKILL'), terminationSeconds * 1000)
    await this.#worker.terminate()
    clearTimeout(stuck)
  }

  #post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }
}
