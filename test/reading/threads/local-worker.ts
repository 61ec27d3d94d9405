import {EventEmitter} from 'node:events'
import type {Worker} from 'node:worker_threads'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {CaptureThread} from '../../../src/reading/threads/capture-thread.js'
import type {ToWorker} from '../../../src/reading/threads/worker-messages.js'

const box = await loadSodium()

/** What a worker thread does, on this thread: messages are cloned and come later, as between threads. */
class LocalWorker extends EventEmitter {
  #thread: CaptureThread | undefined
  #isEnded = false

  ref(): void {}

  terminate(): void {
    this.#isEnded = true
  }

  postMessage(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    const copy = structuredClone(message, {transfer: [...transfer]})
    setImmediate(() => {
      if (!this.#isEnded) this.#take(copy)
    })
  }

  #take(message: ToWorker): void {
    if (message.kind !== 'setup') {
      this.#thread!.take(message)
      if (message.kind === 'finish') setImmediate(() => this.emit('exit', 0))
      return
    }
    this.#thread = new CaptureThread(message.setup, new Keyring(box), (answer, given = []) => {
      const copy = structuredClone(answer, {transfer: [...given]})
      setImmediate(() => {
        if (!this.#isEnded) this.emit('message', copy)
      })
    })
  }
}

/** Workers for a `WorkerEngine` that need no built program. */
export const localWorkers = (count: number): Worker[] =>
  Array.from({length: count}, () => new LocalWorker() as unknown as Worker)
