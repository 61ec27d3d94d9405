import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it} from 'vitest'
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../src/capture/write/writer.js'
import {secretsType} from '../../../src/proxy/recording/recording-format.js'
import {amount} from '../../amount.js'
import {makeCapture} from '../../bench/captures/make-capture.js'
import {packetsOf} from '../../capture/collect.js'
import {captures} from '../capture-files.js'
import {damaged} from './damage.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'
import {type Engine, type Form, formOf, plainEngine, plainFormsOf} from './engines.js'
import {forgeries, withForgeries} from './forgeries.js'

const relayPorts = {small: 34345, synthetic_clients: 34145, port_reuse: 34545, relay_only: 33795} as const
const forms: readonly Form[] = ['stats', 'json', 'list', 'tree', 'csv', 'why', 'diff']
/** Forms for which records of files are held back. */
const showsArrivals: readonly Form[] = ['json', 'tree', 'csv', 'why', 'diff']
/** Seeds of the damage to each capture: others are chosen by the environment. */
const variants = Number(process.env['TOXTCP_DAMAGES'] ?? amount(8, 1))
const first = Number(process.env['TOXTCP_FIRST_DAMAGE'] ?? 0)

/** Blocks of at most 40 bytes cut the start of a capture everywhere; as many as it has would cost the most of the test. */
const smallBlocks = 1500

/** Ways to read that chance picks: threads, sizes of blocks, from a file or through a pipe. */
function engineOf(random: () => number): Engine {
  const largest = [40, 1000, 30_000, 1_000_000][Math.floor(random() * 4)]!
  let blocks = 0
  return {
    threads: Math.floor(random() * 4),
    blockSize: () => 1 + Math.floor(random() * (blocks++ < smallBlocks ? largest : Math.max(largest, 1000))),
    isPipe: random() < 0.5,
  }
}

/** Some bytes of a file, behind its header, become others. */
function corrupt(path: string, random: () => number): void {
  const bytes = readFileSync(path)
  for (let i = 0; i < 30; i++) bytes[24 + Math.floor(random() * (bytes.length - 24))] = random() * 256
  writeFileSync(path, bytes)
}

it.each(Object.keys(relayPorts) as (keyof typeof relayPorts)[])(
  'a damaged capture of %s reads the same with any threads, any blocks, from a file or a pipe',
  async name => {
    const whole = captures.find(each => each.name === name)!
    const segments = segmentsOf(whole, relayPorts[name])
    for (let seed = first; seed < first + variants; seed++) {
      const random = seeded(seed)
      const lossy = random() < 0.7 ? damaged(segments, random) : segments
      const kinds = Object.keys(forgeries)
      const path = captureOf(random() < 0.7 ? withForgeries(lossy, kinds, 0.05, random) : lossy)
      if (random() < 0.2) corrupt(path, random)
      const input = {path, keylogs: random() < 0.8 ? whole.keylogs : []}
      for (const form of forms.filter(each => each === 'stats' || random() < 0.5)) {
        const plain = plainFormsOf(form, input)
        for (const engine of [engineOf(random), engineOf(random)]) {
          // What comes through a pipe is printed at once: before it is known where its packets arrive.
          const isPipe = engine.isPipe && showsArrivals.includes(form)
          const text = await formOf(form, input, engine)
          expect(text, `seed ${seed}, ${form}, ${JSON.stringify(engine)}`).toBe(await plain(isPipe))
        }
      }
    }
  },
)

it.each(captures.map(capture => [capture.name, capture] as const))(
  'statistics of %s count from the first bytes of each packet what they count from all of them',
  async (_, {file, keylogs}) => {
    const input = {path: file, keylogs}
    const whole = await formOf('stats', input, plainEngine, () => true)
    expect(await formOf('stats', input, plainEngine)).toBe(whole)
    expect(await formOf('stats', input, {...plainEngine, threads: 2})).toBe(whole)
  },
)

it('statistics of onion packets whose boxes stay sealed are the same with and without threads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-onion-'))
  const [path, keylog] = [join(folder, 'capture'), join(folder, 'keylog')]
  await makeCapture(path, keylog, {size: 500_000, connections: 3, seed: 5, mix: 'calls'})
  const input = {path, keylogs: [keylog]}
  const alone = await formOf('stats', input, plainEngine)
  expect(JSON.parse(alone).onion.length).toBe(3)
  expect(await formOf('stats', input, {...plainEngine, threads: 2})).toBe(alone)
  rmSync(folder, {recursive: true})
})

it('statistics through a pipe count with any threads what keys inside the capture open', async () => {
  const {file, keylogs} = captures.find(({name}) => name === 'small')!
  const keys = [...keylogs, file.replace('capture.pcap', 'inner.keylog')].map(log => readFileSync(log))
  const [first, ...others] = packetsOf(readFileSync(file)).map(({time, bytes, start, end}) =>
    enhancedPacket({time: time!, bytes: bytes.subarray(start, end)}),
  )
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-keys-inside-'))
  const path = join(folder, 'capture.pcapng')
  const secrets = decryptionSecrets(secretsType, Buffer.concat(keys))
  writeFileSync(path, Buffer.concat([sectionHeader(), interfaceDescription({linkType: 1}), first!, secrets, ...others]))
  const input = {path, keylogs: []}
  const alone = await formOf('stats', input, {...plainEngine, isPipe: true})
  expect(JSON.parse(alone).crypto_sessions.length).toBe(2)
  for (const threads of [1, 2, 3])
    expect(await formOf('stats', input, {...plainEngine, isPipe: true, threads}), `${threads} threads`).toBe(alone)
  rmSync(folder, {recursive: true})
})
