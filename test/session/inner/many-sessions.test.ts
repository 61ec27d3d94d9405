import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadSodium} from '../../../src/crypto/sodium.js'
import {CryptoSessions} from '../../../src/session/inner/opening/crypto-sessions.js'
import {InnerBudget} from '../../../src/session/inner/opening/key-candidates.js'
import {amount, amountOf} from '../../amount.js'
import {plainEnv} from '../../commands/program.js'
import {hexOf, ringOf} from '../recorded.js'
import {makeSessions} from './make-sessions.js'

const box = await loadSodium()

/** 32 bytes, of which the first four are a number. */
function numbered(number: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(fill)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

const own = box.keyPair(new Uint8Array(32).fill(7))
const sessions = 10_000
const others = 1000

const place = (number: number, side: 0 | 1) => ({id: String(number), side, isKnown: true})

test('10,000 sessions are followed at once, and those over the bound are counted', () => {
  const keyring = ringOf([{kind: 'secret_key', publicKey: own.publicKey, secretKey: own.secretKey}])
  const budget = new InnerBudget()
  const all = new CryptoSessions(keyring, budget)
  const peerOf = (number: number) => box.keyPair(numbered(number, 2))
  const begin = (number: number) => {
    const baseNonce = numbered(number, 1).subarray(0, 24)
    all.handshake(place(number, 0), {sessionPk: hexOf(own.publicKey), baseNonce})
    all.handshake(place(number, 1), {sessionPk: hexOf(peerOf(number).publicKey), baseNonce})
  }
  for (let number = 0; number < sessions; number++) begin(number)
  expect(all.dropped).toBe(0)
  const isOpened = (number: number) => {
    const key = Buffer.from(box.sharedKey(peerOf(number).publicKey, own.secretKey))
    return all.open(place(number, 0), 0x0101, 100, (_, tried) => key.equals(tried)) !== undefined
  }
  // Those at the ends, where the bound is, and some between.
  const step = amount(1, 12)
  const some = Array.from({length: sessions}, (_, number) => number).filter(
    number => number % step === 0 || number < 100 || number >= sessions - 100,
  )
  expect(some.filter(number => !isOpened(number))).toEqual([])
  for (let number = sessions; number < sessions + others; number++) begin(number)
  expect(all.dropped).toBe(others)
  expect(all.announced('0')).toEqual([])
  expect(all.announced(String(sessions))).toHaveLength(2)
})

describe('a capture of more sessions than are followed at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-sessions-'))
  const [file, keylog] = [join(folder, 'many.pcapng'), join(folder, 'many.keylog')]
  // Session keys cost least: no key is made of two others for each of the sessions.
  const spec = {sessions: sessions + 100, rounds: 0, textBytes: 0, keys: 'session'} as const
  beforeAll(() => makeSessions(file, keylog, spec), 120_000)
  afterAll(() => rmSync(folder, {recursive: true}))

  test.each(amountOf(['stats', 'read'], 1))(
    'is read by %s, which says how many were forgotten',
    command => {
      const {status, stdout, stderr} = spawnSync(
        process.execPath,
        ['bin/run.js', command, file, '--json', '--keylog', keylog],
        {
          encoding: 'utf8',
          maxBuffer: 1 << 28,
          env: plainEnv,
        },
      )
      expect(status, stderr).toBe(0)
      expect(stderr).toContain(
        '100 net_crypto sessions were forgotten before their end: over 10,000 were followed at a time',
      )
      if (command === 'stats') expect(JSON.parse(stdout).forgotten.crypto_sessions).toBe(100)
    },
    120_000,
  )
})

describe.each(amountOf(['secret', 'shared', 'session'] as const, 0))(
  '10,000 sessions at once whose %s keys are logged',
  keys => {
    const folder = mkdtempSync(join(tmpdir(), 'toxtcp-sessions-'))
    const [file, keylog] = [join(folder, 'many.pcapng'), join(folder, 'many.keylog')]
    beforeAll(() => makeSessions(file, keylog, {sessions, rounds: 1, textBytes: 20, keys}), 120_000)
    afterAll(() => rmSync(folder, {recursive: true}))

    const run = (options: readonly string[], nodeOptions: readonly string[] = []) => {
      const {status, stdout, stderr} = spawnSync(
        process.execPath,
        [...nodeOptions, 'bin/run.js', ...options, '--keylog', keylog],
        {encoding: 'utf8', maxBuffer: 1 << 28, env: plainEnv},
      )
      expect(status, stderr).toBe(0)
      return stdout
    }

    test('open all, and no trial of a key is refused', () => {
      const {crypto_sessions: rows, forgotten} = JSON.parse(run(['stats', file, '--json']))
      expect(rows).toHaveLength(sessions)
      const packetsOf = (name: 'packets' | 'sealed') =>
        rows.flatMap(({peers}: {peers: Record<string, number>[]}) => peers.map(peer => peer[name]))
      expect(new Set(packetsOf('packets'))).toEqual(new Set([1]))
      expect(new Set(packetsOf('sealed'))).toEqual(new Set([0]))
      expect(forgotten).toMatchObject({crypto_sessions: 0, untried_boxes: 0})
    }, 120_000)

    // The form that most people have; logs of the other forms are larger themselves.
    if (keys === 'secret')
      test('are read with two threads in less than 300 MB, with each message', () => {
        const [report, watch] = [join(folder, 'bytes'), join(folder, 'watch.cjs')]
        writeFileSync(
          watch,
          `if (require('node:worker_threads').isMainThread)
          process.on('exit', () => require('node:fs').writeFileSync(
            ${JSON.stringify(report)}, String(process.resourceUsage().maxRSS * 1024)))`,
        )
        const options = ['-Y', 'message', '-T', 'fields', '-e', 'message.text', '--threads', '2']
        const messages = run(['read', file, ...options], ['--require', watch])
          .trimEnd()
          .split('\n')
        expect(messages).toEqual(Array<string>(2 * sessions).fill('m'.repeat(20)))
        expect(Number(readFileSync(report, 'utf8'))).toBeLessThan(300e6)
      }, 120_000)
  },
)
