import {describe, expect, test} from 'vitest'
import {messageOf, severityOf} from '../../../src/expert/finding.js'
import {openCapture} from '../../../src/library/capture/open-capture.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {fixture, fixtureText, hexOf} from '../recorded.js'
import {boxCounts, deepCaptures, type Outcome, openBoxes, outcomesOf} from './deep.js'

const innerKeys = (name: string): string => fixtureText(`captures/${name}/inner.keylog`)

/** The opened frames of a capture, by connection, sender and nonce offset. */
async function framesOf(name: string, keys: string, threads: number): Promise<Map<string, SessionRecord>> {
  const sessions = fixtureText(`captures/${name}/sessions.keylog`)
  const frames = new Map<string, SessionRecord>()
  const keylog = new TextEncoder().encode(`${sessions}\n${keys}`)
  for await (const {source} of openCapture(fixture(`captures/${name}/capture.pcap`), {keylog, threads}))
    if (source.kind === 'frame') frames.set(`${source.connection} ${source.from} ${source.index}`, source)
  return frames
}

const plaintextsOf = (record: SessionRecord | undefined): string[] =>
  (record?.opened ?? []).map(({bytes, start, end}) => hexOf(bytes, start, end))

describe('boxes inside the packets of real captures', () => {
  test.each([0, 1, 2])('open to their true plaintext, each of them, with %i threads', async threads => {
    const outcomes: Outcome[] = []
    for (const name of deepCaptures) {
      const frames = await framesOf(name, innerKeys(name), threads)
      outcomes.push(...outcomesOf(name, place => plaintextsOf(frames.get(place))))
    }
    expect(openBoxes(outcomes)).toEqual(boxCounts)
    expect(outcomes.length).toBe(9234)
  })
})

const severe = (frames: Map<string, SessionRecord>): number =>
  [...frames.values()].flatMap(({findings}) => findings).filter(found => severityOf(found) === 'error').length

describe('a missing key', () => {
  const lines = innerKeys('small')
    .split('\n')
    .filter(line => line.startsWith('TOX_'))

  test('leaves sealed what depends on it, each box naming it, and changes nothing else', async () => {
    const all = await framesOf('small', lines.join('\n'), 0)
    const logged = lines.flatMap((line, at) => (line.startsWith('TOX_SHARED_KEY') ? [at] : []))
    let left = 0
    for (const at of logged.filter((_, order) => order % 3 === 0)) {
      const [, publicKey] = lines[at]!.split(' ')
      const frames = await framesOf('small', lines.toSpliced(at, 1).join('\n'), 0)
      for (const [place, record] of frames) {
        const before = plaintextsOf(all.get(place))
        const now = plaintextsOf(record)
        expect(now).toEqual(before.slice(0, now.length))
        if (now.length === before.length) continue
        left++
        expect(record.findings.map(messageOf).join('\n')).toContain(publicKey)
      }
      expect(severe(frames)).toBe(severe(all))
    }
    expect(left).toBeGreaterThan(20)
  })
})

test('wrong keys of every kind open nothing and accuse nobody', async () => {
  const [a, b] = ['5a'.repeat(32), 'a5'.repeat(32)]
  const clients = (innerKeys('small').match(/^TOX_SECRET_KEY \S+/gm) ?? []).map(line => line.split(' ')[1]!)
  const wrong = clients.flatMap(client => [
    `TOX_SHARED_KEY ${client} - ${a}`,
    `TOX_SHARED_KEY - ${client} ${b}`,
    `TOX_SECRET_KEY ${client} ${b}`,
    `TOX_CRYPTO_SESSION ${client} ${a} ${b} ${'11'.repeat(24)} ${'22'.repeat(24)}`,
  ])
  const [without, frames] = [await framesOf('small', '', 0), await framesOf('small', wrong.join('\n'), 0)]
  expect(severe(frames)).toBe(severe(without))
  for (const [place, record] of frames) expect(plaintextsOf(record)).toEqual(plaintextsOf(without.get(place)))
})
