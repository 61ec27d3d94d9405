import {parentPort, workerData} from 'node:worker_threads'
import {eventsOf} from '../proxy/inspection/event-batch.js'
import {descriptorOutput} from '../terminal/user-output.js'
import {InputError} from '../wire/input-error.js'
import type {FromThread, ThreadData, ToThread} from './inspection-host.js'
import {startPrinting} from './inspector.js'

// The inspecting thread of inspection-host.ts.

const port = parentPort!
const {settings, dropOutputFlag, done} = workerData as ThreadData
const post = (message: FromThread) => port.postMessage(message)

try {
  const inspector = await startPrinting(settings, descriptorOutput(dropOutputFlag), {
    enough: () => post({kind: 'enough'}),
    keyFound: (connection, item) => post({kind: 'key_found', connection, item}),
  })
  inspector.flush()
  port.on('message', (message: ToThread) => {
    if (message.kind === 'batch') {
      for (const event of eventsOf(message.batch)) inspector.observe(event)
      inspector.flush()
      Atomics.add(done, 0, 1)
      return
    }
    if (message.kind === 'catch_up') {
      post({kind: 'caught_up'})
      return
    }
    if (message.kind === 'note') {
      inspector.note(message.sentence)
      inspector.flush()
      return
    }
    try {
      post({kind: 'ended', status: inspector.end(message.recorded)})
    } catch (error) {
      post({kind: 'failed', error})
    }
  })
  post({kind: 'ready'})
} catch (error) {
  if (!(error instanceof InputError)) throw error
  post({kind: 'mistake', message: error.message, hint: error.hint, code: error.code})
}
