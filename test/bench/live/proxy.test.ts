import {readFileSync, rmSync} from 'node:fs'
import {afterAll, expect, test} from 'vitest'
import {runLoad} from '../../proxy/load.js'
import {median, note} from '../figures.js'
import {type Forwarded, measureForwarder} from './forwarded.js'
import {
  bare,
  direct,
  type Forwarder,
  folder,
  hasMitmdump,
  interceptor,
  mitmdump,
  recordingInterceptor,
  recordingTap,
  tap,
} from './forwarders.js'

afterAll(() => rmSync(folder, {recursive: true}))

const forwarders = [
  direct,
  bare,
  tap,
  recordingTap,
  interceptor,
  recordingInterceptor,
  ...(hasMitmdump ? [mitmdump] : []),
]
if (!hasMitmdump) console.warn('mitmdump is not installed (package mitmproxy): it is not compared with')

/** Shares of the bare forwarder's throughput. */
const throughputGoals = [
  [tap, 0.9],
  [recordingTap, 0.6],
  [interceptor, 0.3],
] as const
/** How often each is measured, in turns. Medians count, of the ratios to the bare forwarder of the same turn. */
const rounds = 5

test('adds little latency, and passes much', async () => {
  const turns: ReadonlyMap<Forwarder, Forwarded>[] = []
  for (let round = 0; round < rounds; round++) {
    const turn = new Map<Forwarder, Forwarded>()
    for (const forwarder of forwarders) turn.set(forwarder, await measureForwarder(forwarder))
    turns.push(turn)
  }
  const middle = (value: (turn: (forwarder: Forwarder) => Forwarded) => number) =>
    median(turns.map(turn => value(forwarder => turn.get(forwarder)!)))
  const added = (forwarder: Forwarder) => middle(turn => turn(forwarder).roundTrip - turn(direct).roundTrip)
  const besideBare = (forwarder: Forwarder, what: keyof Forwarded) =>
    middle(turn => turn(forwarder)[what] / turn(bare)[what])
  for (const forwarder of forwarders) {
    const [roundTrip, rate, forwarding, process] = (['roundTrip', 'rate', 'forwarding', 'process'] as const).map(what =>
      middle(turn => turn(forwarder)[what]).toFixed(0),
    )
    console.log(`${forwarder.name}: round trip ${roundTrip} us, ${rate} MB/s`)
    if (forwarder === direct) continue
    console.log(
      `  ${added(forwarder).toFixed(0)} us added, ${besideBare(forwarder, 'rate').toFixed(2)} x bare; ` +
        `processor time for a megabyte: ${forwarding} us to forward it, ` +
        `${besideBare(forwarder, 'forwarding').toFixed(2)} x bare, ${process} us of all threads`,
    )
  }
  note({name: 'round trip that a tap adds', value: added(tap), unit: ' us', goal: {atMost: 30}})
  for (const [forwarder, atLeast] of throughputGoals) {
    const value = besideBare(forwarder, 'rate')
    note({name: `throughput of ${forwarder.name} beside a bare forwarder`, value, unit: ' x', goal: {atLeast}})
    note({
      name: `time to forward a megabyte, ${forwarder.name}, beside a bare forwarder`,
      value: besideBare(forwarder, 'forwarding'),
      unit: ' x',
      // Processor time, which other programs disturb less: the reciprocal of the throughput, if that is all that counts.
      goal: {atMost: Math.round(100 / atLeast) / 100},
    })
  }
  expect(besideBare(tap, 'forwarding')).toBeLessThan(3)
})

const minute = Number(process.env['TOXTCP_BENCH_SECONDS'] ?? 60)

test('carries 500 connections for a minute: nothing lost, altered or out of order', async () => {
  let pid = 0
  const sizes: number[] = []
  const timer = setInterval(() => {
    if (pid > 0) sizes.push(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
  }, 1000)
  let stop = () => {}
  const start = performance.now()
  const counts = await runLoad({
    connections: 500,
    seconds: minute,
    rate: 5,
    frameBytes: 300,
    through: async (port, secret) => {
      const {port: here, child} = await recordingInterceptor.start(port, secret)
      pid = child!.pid!
      stop = () => child!.kill('SIGKILL')
      return here
    },
  })
  clearInterval(timer)
  stop()
  const half = sizes.slice(sizes.length >> 1)
  console.log(
    `${counts.sent} frames sent, ${counts.received} received, ${counts.wrong} wrong, in ${((performance.now() - start) / 1000).toFixed(0)} s; ` +
      `memory ${Math.max(...sizes).toFixed(0)} MB at most, ${half[0]?.toFixed(0)} MB at half time, ${sizes.at(-1)?.toFixed(0)} MB at the end`,
  )
  expect(counts).toEqual({sent: counts.sent, received: counts.sent, wrong: 0})
  expect(sizes.at(-1)! / half[0]!).toBeLessThan(1.5)
})
