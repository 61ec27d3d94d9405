import {type MessagePort, parentPort} from 'node:worker_threads'
import {Keyring} from '../../crypto/keyring/keyring.js'
import {loadSodium} from '../../crypto/sodium.js'
import {CaptureThread} from './capture-thread.js'
import type {FromWorker, ToWorker} from './worker-messages.js'

// A thread of worker-engine.ts: looks at its connections' chunks, batch by batch, and answers each batch with the
// records.

void serve(parentPort!)

async function serve(port: MessagePort): Promise<void> {
  const box = await loadSodium()
  let thread: CaptureThread | undefined
  const say = (answer: FromWorker, given: readonly ArrayBuffer[] = []) => port.postMessage(answer, given)
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'setup') thread = new CaptureThread(message.setup, new Keyring(box), say)
    else thread!.take(message)
    // Nothing else keeps the thread alive.
    if (message.kind === 'finish') port.close()
  })
}
