import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {runInNewContext} from 'node:vm'
import {describe, expect, it} from 'vitest'
import {loadSodium} from '../../src/crypto/sodium.js'
import {instrumented} from './instrument.mjs'
import {mostBytes, mutated} from './mutate.mjs'
import {runTarget, targets} from './targets.js'

const box = await loadSodium()

/** Inputs that a reader did not survive once. */
function kept(name: string): Uint8Array[] {
  const folder = join('test/fuzz/seeds', name)
  return existsSync(folder) ? readdirSync(folder).map(file => new Uint8Array(readFileSync(join(folder, file)))) : []
}

describe.each(Object.entries(targets))('the reader of %s', (name, {seeds}) => {
  it('survives right inputs, and all that it did not survive once', async () => {
    const inputs = [...seeds(), ...kept(name)]
    expect(inputs.length).toBeGreaterThan(0)
    for (const input of inputs) await expect(runTarget(name, input, box)).resolves.toBe(undefined)
  })

  it('survives a hundred changed inputs, the same in every run', async () => {
    const inputs = [...seeds()].map(seed => seed.subarray(0, mostBytes))
    const words = [Buffer.from('Tox'), Buffer.from([0, 128])]
    let random = 1
    const next = () => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
      return random / 2 ** 32
    }
    for (let round = 0; round < 100; round++) {
      const input = mutated(inputs[round % inputs.length]!, next, {inputs, words})
      await runTarget(name, input, box)
      expect(input.length).toBeLessThanOrEqual(mostBytes)
    }
  })
})

it('seeds are kept for targets that exist', () => {
  const folders = existsSync('test/fuzz/seeds') ? readdirSync('test/fuzz/seeds') : []
  expect(folders.filter(name => !Object.hasOwn(targets, name))).toEqual([])
})

describe('counting where code runs', () => {
  const source = `
    function kind(x) {
      if (x > 10) return 'big'
      else if (x < 0 && !isNaN(x)) { return 'negative' }
      for (const part of [1, 2]) if (x === part) return x === 1 ? 'one' : 'two'
      switch (x) { case 5: return 'five'; default: return (() => x ?? 'none')() }
    }
    result = inputs.map(kind)`
  const inputs = [11, -1, 1, 2, 5, 7, null]

  it('does not change what the code gives', () => {
    const {text, places} = instrumented(source)
    const counted = {covered: new Uint32Array(places), inputs, result: undefined}
    const plain = {inputs, result: undefined}
    runInNewContext(text, counted)
    runInNewContext(source, plain)
    expect(counted.result).toEqual(plain.result)
    expect([...counted.covered].every(count => count > 0)).toBe(true)
  })

  it('counts a branch only where it is taken, and lists the words of the source', () => {
    const {text, places, words} = instrumented(source)
    const covered = (one: number): number => {
      const context = {covered: new Uint32Array(places), inputs: [one], result: undefined}
      runInNewContext(text, context)
      return context.covered.filter(count => count > 0).length
    }
    expect(covered(11)).toBeLessThan(covered(2))
    expect(words).toEqual(['big', 'negative', 'one', 'two', 'five', 'none'])
  })
})
