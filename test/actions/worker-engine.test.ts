import {EventEmitter} from 'node:events'
import type {Worker} from 'node:worker_threads'
import {describe, expect, it} from 'vitest'
import {WorkerEngine} from '../../src/actions/worker-engine.js'
import {Keyring} from '../../src/crypto/keyring.js'

/** A thread that never answers. */
class Mute extends EventEmitter {
  ref(): void {}
  postMessage(): void {}
}

const engineFor = (plaintext: number | undefined): WorkerEngine =>
  new WorkerEngine([new Mute() as unknown as Worker], new Keyring(), {emit: () => {}, plaintext})

describe('blocks', () => {
  it.each([undefined, 160])('have their memory from the engine, or none of it is kept (%s bytes looked at)', async plaintext => {
    const engine = engineFor(plaintext)
    const {length} = engine.room(1)
    const foreign = new Uint8Array(length)
    engine.begin(foreign)
    await engine.flush(false)
    expect(engine.room(1).buffer).not.toBe(foreign.buffer)
  })

  it('are read into one place where nothing needs them any more', async () => {
    const engine = engineFor(160)
    const own = engine.room(1)
    engine.begin(own, {file: 0, offset: 0})
    await engine.flush(false)
    expect(engine.room(1).buffer).toBe(own.buffer)
  })
})
