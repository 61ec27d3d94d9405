import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {waitingBytes} from '../../../src/proxy/limits.js'
import type {Scheduler} from '../../../src/proxy/net/clock.js'
import {ImpairedLine, type LineImpairments, seededRandom} from '../../../src/proxy/net/impairments.js'
import type {Outlet} from '../../../src/proxy/net/outlet.js'

/** Time that moves only when asked. */
class Clock implements Scheduler {
  #now = 0
  #timers: {at: number; run: () => void}[] = []
  now = () => this.#now
  after = (milliseconds: number, run: () => void) => {
    const timer = {at: this.#now + milliseconds, run}
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer)
    }
  }
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds
    for (;;) {
      const next = this.#timers.filter(({at}) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.#timers = this.#timers.filter(other => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = until
  }
}

/** Notes what arrives when; takes everything at once unless held. */
class Far implements Outlet {
  drained = () => {}
  readonly arrived: {at: number; bytes: Uint8Array}[] = []
  ended: number | undefined
  held = false
  readonly #waiting: (() => void)[] = []
  constructor(readonly clock: Clock) {}
  write(bytes: Uint8Array, gone = () => {}): boolean {
    this.arrived.push({at: this.clock.now(), bytes})
    if (this.held) this.#waiting.push(gone)
    else gone()
    return true
  }
  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }
  release(): void {
    this.held = false
    for (const gone of this.#waiting.splice(0)) gone()
  }
  end(): void {
    this.ended = this.clock.now()
  }
  drop(): void {}
  get stream(): Buffer {
    return Buffer.concat(this.arrived.map(({bytes}) => bytes))
  }
}

const line = (faults: LineImpairments, seed = 1) => {
  const clock = new Clock()
  const far = new Far(clock)
  return {clock, far, line: new ImpairedLine(far, faults, clock, seededRandom(seed))}
}
const ascending = (length: number) => Uint8Array.from({length}, (_, i) => i)

describe('a line with faults', () => {
  test('keeps every byte in order, and the end behind them, whatever the faults', () => {
    const faults = fc.record(
      {
        latencyMilliseconds: fc.nat(500),
        jitterMilliseconds: fc.nat(500),
        bytesPerSecond: fc.integer({min: 1000, max: 100_000}),
        splitBytes: fc.integer({min: 1, max: 50}),
      },
      {requiredKeys: []},
    )
    fc.assert(
      fc.property(
        faults,
        fc.array(fc.tuple(fc.uint8Array({minLength: 1, maxLength: 200}), fc.nat(300))),
        (options, writes) => {
          const {clock, far, line: slow} = line(options)
          for (const [bytes, pause] of writes) {
            slow.write(bytes)
            clock.advance(pause)
          }
          slow.end()
          clock.advance(100_000)
          expect(far.stream).toEqual(Buffer.concat(writes.map(([bytes]) => bytes)))
          expect(far.ended).toBeGreaterThanOrEqual(far.arrived.at(-1)?.at ?? 0)
          if (options.splitBytes)
            expect(Math.max(0, ...far.arrived.map(({bytes}) => bytes.length))).toBeLessThanOrEqual(options.splitBytes)
        },
      ),
      {numRuns: 100},
    )
  })

  test('delays by the latency', () => {
    const {clock, far, line: late} = line({latencyMilliseconds: 100})
    late.write(ascending(3))
    clock.advance(40)
    late.write(ascending(2))
    late.end()
    clock.advance(1000)
    expect(far.arrived.map(({at, bytes}) => [at, bytes.length])).toEqual([
      [100, 3],
      [140, 2],
    ])
    expect(far.ended).toBe(140)
  })

  test('passes bytes at the rate', () => {
    const {clock, far, line: narrow} = line({bytesPerSecond: 1000})
    narrow.write(ascending(500))
    clock.advance(250)
    expect(far.stream.length).toBeGreaterThanOrEqual(230)
    expect(far.stream.length).toBeLessThanOrEqual(250)
    clock.advance(250)
    expect(far.stream.length).toBe(500)
  })

  test('draws the same jitter from the same seed', () => {
    const times = (seed: number) => {
      const {clock, far, line: shaky} = line({latencyMilliseconds: 50, jitterMilliseconds: 50}, seed)
      for (let i = 0; i < 20; i++) {
        shaky.write(ascending(1))
        clock.advance(30)
      }
      clock.advance(1000)
      return far.arrived.map(({at}) => at)
    }
    expect(times(7)).toEqual(times(7))
    expect(times(7)).not.toEqual(times(8))
    expect(new Set(times(7).map((at, i) => at - i * 30)).size).toBeGreaterThan(10)
  })

  test('says when it is full, and when there is room again', () => {
    const {far, line: choppy} = line({splitBytes: 1000})
    far.held = true
    let drained = 0
    choppy.drained = () => drained++
    expect(choppy.write(new Uint8Array(waitingBytes))).toBe(true)
    expect(choppy.write(ascending(1))).toBe(false)
    expect(far.arrived.length).toBe(1)
    far.release()
    expect(drained).toBe(1)
    expect(far.stream.length).toBe(waitingBytes + 1)
  })

  test('a dropped line sends nothing more', () => {
    const {clock, far, line: late} = line({latencyMilliseconds: 10})
    late.write(ascending(5))
    late.drop()
    clock.advance(100)
    expect(far.arrived).toEqual([])
  })
})

test('seeded numbers are spread over 0 to 1 and differ by every seed', () => {
  const random = seededRandom(1, 2, 3)
  const numbers = Array.from({length: 10_000}, random)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  const mean = numbers.reduce((sum, x) => sum + x) / numbers.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  const firsts = [seededRandom(1, 2, 3), seededRandom(1, 2, 4), seededRandom(1, 3, 2), seededRandom(2, 2, 3)].map(
    draw => draw(),
  )
  expect(new Set(firsts).size).toBe(4)
})
