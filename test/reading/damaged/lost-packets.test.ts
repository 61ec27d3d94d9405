import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import {amount} from '../../amount.js'
import {fixtureText} from '../../session/recorded.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'

const folder = 'captures/two_clients'
const file = new URL(`../../../fixtures/${folder}/capture.pcap`, import.meta.url).pathname
const relayPort = 33445
const keylog = Buffer.from(['sessions', 'inner'].map(log => fixtureText(`${folder}/${log}.keylog`)).join('\n'))

/** When a frame was captured, and how long its answers took. */
interface Timing {
  readonly micros: number | undefined
  readonly waits: readonly (number | null | undefined)[]
}

/** The timing of each frame that opened, by its connection, its sender and its place. */
async function timings(path: string): Promise<Map<string, Timing>> {
  const found = new Map<string, Timing>()
  for await (const {source} of openCapture(readFileSync(path), {keylog})) {
    const {kind, state, connection, from, index, time, inferred} = source
    if (kind !== 'frame' || state !== 'open') continue
    const waits = [inferred?.roundTrip?.micros, inferred?.answers?.micros, inferred?.session?.roundTripMicros]
    found.set(`${connection} ${from} ${index}`, {micros: time?.micros, waits})
  }
  return found
}

test('a packet that is missing in a capture changes the time of no other frame, and of no answer', async () => {
  const segments = segmentsOf({file}, relayPort)
  const whole = await timings(file)
  const random = seeded(1)
  const lost = segments.filter(({size}) => size > 0)
  for (let n = 0; n < amount(20, 5); n++) {
    const left = segments.toSpliced(segments.indexOf(lost[Math.floor(random() * lost.length)]!), 1)
    const rest = await timings(captureOf(left))
    expect(rest.size).toBeGreaterThan(whole.size - 70)
    for (const [place, {micros, waits}] of rest) {
      const before = whole.get(place)!
      expect(micros, place).toBe(before.micros)
      for (const [index, wait] of waits.entries())
        if (typeof wait === 'number') expect([null, undefined, wait], place).toContain(before.waits[index])
    }
  }
})
