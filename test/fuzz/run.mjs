import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, resolve} from 'node:path'
import {Worker} from 'node:worker_threads'
import {build} from 'esbuild'
import {instrumented} from './instrument.mjs'
import {mostBytes} from './mutate.mjs'

// Coverage-guided fuzzing: npm run fuzz -- [SECONDS] [TARGET...]. All targets share the seconds. What a target does not
// survive is written to seeds/TARGET, where the ordinary tests replay it. FUZZ_SEED chooses other inputs.

/** An input that takes longer than this is a bug. */
const hangSeconds = 20

const [seconds = '120', ...chosen] = process.argv.slice(2)
const seed = Number(process.env.FUZZ_SEED ?? 1)
const folder = resolve('coverage/fuzz')
rmSync(folder, {recursive: true, force: true})
mkdirSync(folder, {recursive: true})
const {outputFiles} = await build({
  entryPoints: ['test/fuzz/entry.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['libsodium-wrappers'],
  define: {'import.meta.url': '""'},
})
const {text, places, words} = instrumented(outputFiles[0].text)
const bundle = join(folder, 'targets.cjs')
writeFileSync(bundle, text)
globalThis.covered = new Uint32Array(places)
const all = createRequire(import.meta.url)(bundle).targetNames
const unknown = chosen.find(name => !all.includes(name))
if (unknown !== undefined) throw new Error(`unknown target ${unknown}: it is one of ${all.join(', ')}`)

const keptIn = name => {
  const seeds = join('test/fuzz/seeds', name)
  return existsSync(seeds) ? readdirSync(seeds).map(file => new Uint8Array(readFileSync(join(seeds, file)))) : []
}

/** Runs one target. @returns what it did not survive; undefined: it survived all. */
async function fuzzed(name, ownSeconds) {
  const shared = new SharedArrayBuffer(8 + mostBytes)
  const state = new Int32Array(shared, 0, 2)
  const workerData = {bundle, name, seconds: ownSeconds, places, words, kept: keptIn(name), seed, shared}
  const worker = new Worker(new URL('fuzz-thread.mjs', import.meta.url), {workerData})
  let bug
  let last = -1
  const watch = setInterval(() => {
    if (state[0] === last) {
      bug = {failure: `hangs for over ${hangSeconds} seconds`, input: new Uint8Array(shared.slice(8, 8 + state[1]))}
      void worker.terminate()
    }
    last = state[0]
  }, hangSeconds * 1000)
  worker.on('message', ({failure, input, count, reached, inputs}) => {
    if (failure !== undefined) bug = {failure, input}
    else console.log(`${name}: ${count} inputs, ${inputs} of them new, ${reached} of ${places} places in the code`)
  })
  await new Promise(done => {
    worker.on('error', error => {
      bug = {failure: String(error.stack), input: new Uint8Array(shared.slice(8, 8 + state[1]))}
    })
    worker.on('exit', done)
  })
  clearInterval(watch)
  return bug
}

const names = chosen.length > 0 ? chosen : all
for (const name of names) {
  const bug = await fuzzed(name, Number(seconds) / names.length)
  if (!bug) continue
  const seeds = join('test/fuzz/seeds', name)
  mkdirSync(seeds, {recursive: true})
  const path = join(seeds, createHash('sha256').update(bug.input).digest('hex').slice(0, 12))
  writeFileSync(path, bug.input)
  console.log(`${name}: ${path} is not survived\n${bug.failure}`)
  process.exitCode = 1
}
