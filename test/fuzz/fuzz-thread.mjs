import {createRequire} from 'node:module'
import {parentPort, workerData} from 'node:worker_threads'
import {mostBytes, mutated} from './mutate.mjs'

// Runs one target on inputs of its own making until its time is over. Another thread watches it: the number of the
// input and its bytes are in memory that both see, as nothing else can be asked of a thread that hangs.

const {bundle, name, seconds, places, words, kept, seed, shared} = workerData
const state = new Int32Array(shared, 0, 2)
const current = new Uint8Array(shared, 8, mostBytes)
globalThis.covered = new Uint32Array(places)
const {runTarget, seedsOf, loadSodium} = createRequire(import.meta.url)(bundle)
const {covered} = globalThis
const box = await loadSodium()

let random = seed >>> 0
/** A generator of 32 bits (mulberry32): the same inputs in every run with the same seed. */
const next = () => {
  random = (random + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(random ^ (random >>> 15), random | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** For each place, the powers of two that its count has had. */
const seen = new Uint32Array(places)
let reached = 0
const isNew = () => {
  let found = false
  for (let at = 0; at < places; at++) {
    const count = covered[at]
    if (count === 0) continue
    const bit = 1 << (31 - Math.clz32(Math.min(count, 2 ** 30)))
    if ((seen[at] & bit) !== 0) continue
    if (seen[at] === 0) reached++
    seen[at] |= bit
    found = true
  }
  return found
}

const inputs = []
async function tried(input) {
  current.set(input.subarray(0, mostBytes))
  state[1] = Math.min(input.length, mostBytes)
  Atomics.add(state, 0, 1)
  covered.fill(0)
  try {
    await runTarget(name, input, box)
  } catch (error) {
    parentPort.postMessage({failure: error instanceof Error ? (error.stack ?? String(error)) : String(error), input})
    return false
  }
  if (isNew()) inputs.push(input)
  return true
}

const until = Date.now() + seconds * 1000
const tokens = words.map(word => Buffer.from(word))
let survived = true
for (const input of [...seedsOf(name), ...kept]) survived &&= await tried(new Uint8Array(input.subarray(0, mostBytes)))
if (inputs.length === 0) inputs.push(new Uint8Array(1))
while (survived && Date.now() < until) {
  // New inputs have more to find.
  const from =
    next() < 0.5 ? inputs.length - 1 - Math.floor(next() ** 2 * inputs.length) : Math.floor(next() * inputs.length)
  survived = await tried(mutated(inputs[Math.max(0, from)], next, {inputs, words: tokens}))
}
parentPort.postMessage({count: state[0], reached, inputs: inputs.length})
