import {getPriority, setPriority} from 'node:os'
import {setTimeout} from 'node:timers/promises'
import {parentPort, workerData} from 'node:worker_threads'
import {fileError} from '../files/errors/file-error.js'
import {keyLogLagMilliseconds} from '../files/limits.js'
import {eventsOf} from '../proxy/inspection/event-batch.js'
import {descriptorOutput} from '../terminal/user-output.js'
import {InputError, sentMistake} from '../wire/input-error.js'
import type {FromThread, ThreadData, ToThread} from './inspection-host.js'
import {startPrinting} from './inspector.js'

// The inspecting thread of inspection-host.ts.

/** Between normal (0) and lowest (19). */
const backgroundPriority = 10

/** Exit status of a proxy whose output could not be written. */
const failedStatus = 2

const port = parentPort!
const {settings, noteStyle, dropOutputFlag, done} = workerData as ThreadData
const post = (message: FromThread) => port.postMessage(message)

giveWay()
void inspect()

/** Lowers the priority, on Linux of this thread alone: forwarding goes first where processors are busy. */
function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    // A program that was started with a lower one (`nice -n 19`) may not raise it.
    if (getPriority() < backgroundPriority) setPriority(backgroundPriority)
  } catch {
    // A sandbox may refuse both calls: inspection then has the priority of forwarding.
  }
}

async function inspect(): Promise<void> {
  try {
    const output = descriptorOutput(dropOutputFlag, noteStyle)
    const inspector = await startPrinting(settings, output, {
      enough: () => post({kind: 'enough'}),
      keyFound: (connection, item, recorded) => post({kind: 'key_found', connection, item, recorded}),
    })
    inspector.flush()
    const take = (message: ToThread): void => {
      if (message.kind === 'batch') {
        inspector.lookAtKeyLogs()
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
        const status = inspector.end(message.recorded)
        const failure = output.failure()
        if (failure !== undefined) output.note(fileError(failure, 'write', 'the output').message)
        post({kind: 'ended', status: failure === undefined ? status : Math.max(status, failedStatus)})
      } catch (error) {
        post({kind: 'failed', error})
      }
    }
    if (inspector.followsKeyLogs) {
      let turn = Promise.resolve()
      port.on('message', (message: ToThread) => {
        const ripeAt = performance.now() + keyLogLagMilliseconds
        turn = turn.then(async () => {
          if (message.kind === 'batch') await setTimeout(Math.max(0, ripeAt - performance.now()))
          take(message)
        })
      })
    } else port.on('message', take)
    post({kind: 'ready'})
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    post(sentMistake(error))
  }
}
