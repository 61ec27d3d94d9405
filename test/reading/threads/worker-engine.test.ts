import {EventEmitter} from 'node:events'
import type {Worker} from 'node:worker_threads'
import {describe, expect, it} from 'vitest'
import {Keyring} from '../../../src/crypto/keyring/keyring.js'
import {WorkerEngine} from '../../../src/reading/threads/worker-engine.js'
import {omitFlag} from '../../../src/wire/advice.js'
import {InputError, sentMistake} from '../../../src/wire/input-error.js'

/** A thread that never answers. */
class Mute extends EventEmitter {
  ref(): void {}
  postMessage(): void {}
}

const engineFor = (plaintext: number | undefined, worker = new Mute()): WorkerEngine =>
  new WorkerEngine([worker as unknown as Worker], new Keyring(), {
    relayed: {comparison: 'none', looksAhead: false},
    emit: () => {},
    plaintext,
  })

describe('blocks', () => {
  it.each([undefined, 160])(
    'have their memory from the engine, or none of it is kept (%s bytes looked at)',
    async plaintext => {
      const engine = engineFor(plaintext)
      const {length} = engine.room(1)
      const foreign = new Uint8Array(length)
      engine.begin(foreign)
      await engine.flush()
      expect(engine.room(1).buffer).not.toBe(foreign.buffer)
    },
  )

  it('are read into one place where nothing needs them any more', async () => {
    const engine = engineFor(160)
    const own = engine.room(1)
    engine.begin(own, {name: 'capture', file: 0, offset: 0})
    await engine.flush()
    expect(engine.room(1).buffer).toBe(own.buffer)
  })
})

describe('a thread that cannot read', () => {
  it('is a problem of the capture, with the remedy that its hint holds, and does not end the run', async () => {
    const worker = new Mute()
    const engine = engineFor(160, worker)
    engine.begin(engine.room(1), {name: 'capture', file: 0, offset: 0})
    await engine.flush()
    const mistake = new InputError(
      'capture became shorter',
      omitFlag('--threads', 'one thread reads it once:'),
      'cut-off-capture',
    )
    worker.emit('message', structuredClone(sentMistake(mistake)))
    engine.begin(engine.room(1), {name: 'capture', file: 0, offset: 0})
    await engine.flush()
    const {message, advice, hint, code} = engine.problem!
    expect({message, advice, hint, code}).toEqual({
      message: mistake.message,
      advice: mistake.advice,
      hint: mistake.hint,
      code: mistake.code,
    })
  })
})
