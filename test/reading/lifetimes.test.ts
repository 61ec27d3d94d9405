import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, describe, expect, it} from 'vitest'
import {Arena} from '../../src/session/arena.js'
import {poison, poisonFromNow} from '../../src/wire/memory/lifetime.js'
import {amountOf} from '../amount.js'
import {captures, variants} from './capture-files.js'
import {type Engine, type EngineInput, type Form, formOf, plainFormsOf} from './damaged/engines.js'

// Memory that is used again is poisoned once its contents are over: whatever still reads it gives another result.

/** Forms that read none, a part and all of a plaintext; then those that show it otherwise, for short captures. */
const forms: readonly Form[] = ['stats', 'list', 'json']
const moreForms: readonly Form[] = ['tree', 'csv']
const shortBytes = 200_000

/** Blocks that grow: short ones cut the start of each connection, where bytes wait until it is recognised. */
function growing(first: number): () => number {
  let size = first
  return () => {
    size *= 1.05
    return Math.round(size)
  }
}

/** For one run each. */
const engines = (): readonly Engine[] =>
  amountOf(
    [
      {threads: 0, blockSize: growing(20), isPipe: false},
      {threads: 2, blockSize: growing(300), isPipe: true},
      {threads: 0, blockSize: growing(300), isPipe: true},
      {threads: 2, blockSize: growing(20), isPipe: false},
    ],
    2,
  )

const folder = mkdtempSync(join(tmpdir(), 'lifetimes-'))
afterAll(() => rmSync(folder, {recursive: true}))
afterEach(() => poisonFromNow(false))

/** A key log with session keys alone: with keys that may open boxes inside packets, less memory is used again. */
function sessionKeysOf(name: string, keylogs: readonly string[]): string {
  const lines = keylogs.flatMap(path => readFileSync(path, 'utf8').split('\n'))
  const path = join(folder, name)
  writeFileSync(path, lines.filter(line => line.startsWith('TOX_TCP_SESSION')).join('\n'))
  return path
}

/** Every form, read by every engine with poison, is what one thread reads from one block without. */
async function expectSameForms(input: EngineInput): Promise<void> {
  for (const form of statSync(input.path).size < shortBytes ? [...forms, ...moreForms] : forms) {
    const plain = plainFormsOf(form, input)
    for (const engine of engines()) {
      // What comes through a pipe is printed at once: before it is known where its packets arrive.
      poisonFromNow(false)
      const expected = await plain(engine.isPipe)
      poisonFromNow(true)
      expect(await formOf(form, input, engine), `${form}, ${JSON.stringify(engine)}`).toBe(expected)
    }
  }
}

describe('bytes whose time is over', () => {
  it.each([...amountOf(captures, 6), ...variants.filter(({name}) => name === 'one_byte')])(
    'are read by no form and no engine: $name, with its session keys',
    ({name, file, keylogs}) => expectSameForms({path: file, keylogs: [sessionKeysOf(name, keylogs)]}),
  )

  it.each(captures.filter(({name}) => name === 'small'))(
    'are read by no form and no engine: $name, with all keys',
    ({file, keylogs}) => expectSameForms({path: file, keylogs}),
  )

  it('are poisoned in the slab of records that are only counted, and after what a list wants of a plaintext', () => {
    poisonFromNow(true)
    const arena = Arena.ofOneSlab(4)
    arena.reserve(6)
    const {bytes} = arena
    bytes.fill(1, arena.at, arena.at + 6)
    const first = arena.keep(6)
    expect([...bytes.subarray(first, first + 6)]).toEqual([1, 1, 1, 1, poison, poison])
    arena.reserve(6)
    expect([...bytes.subarray(first, first + 4)]).toEqual([poison, poison, poison, poison])
  })
})
