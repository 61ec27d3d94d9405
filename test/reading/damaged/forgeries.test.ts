import {describe, expect, it} from 'vitest'
import {amount} from '../../amount.js'
import {captures, type JsonRecord, runRead, wholeRun} from '../capture-files.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'
import {withForgeries} from './forgeries.js'

const relayPorts = {small: 34345, two_clients: 33445, relay_only: 33795} as const
/** Forged captures of each kind, fewer of the larger capture: it has as many forged packets in one. */
const seedsOf = {small: amount(4, 1), two_clients: 1, relay_only: 4} as const

/** Kinds that the receiver of a segment ignores, whatever follows. */
const ignored = [
  'a RST with an old number',
  'a RST with a number to come',
  'a FIN with an old number',
  'a FIN with a number to come',
  'a stray SYN',
]

/** Kinds that would end a connection, but that its receiver ignored, as what it acknowledges later shows. */
const refuted = ['a RST with the next number', 'a FIN with the next number']

/** What was opened, by connection and side. Connections have other numbers if a RST followed a SYN at once. */
const opened = (records: readonly JsonRecord[]): string[] =>
  records
    .filter(({kind, state}) => kind === 'frame' && state === 'open')
    .map(({client, from, index, plaintext}) => `${client} ${from} ${index} ${plaintext}`)
    .sort()

const errors = (records: readonly JsonRecord[]): string[] =>
  records.flatMap(({findings}) => findings.filter(({severity}) => severity === 'error').map(({code}) => code))

/** What was opened, and how connections ended: all that a user acts on. */
const shown = (records: readonly JsonRecord[]): string[] =>
  records
    .filter(({kind}) => kind === 'frame' || kind === 'end')
    .map(
      ({connection, kind, from, index, state, plaintext}) =>
        `${connection} ${kind} ${from} ${index} ${state} ${plaintext}`,
    )

const alarms = (records: readonly JsonRecord[]): string[] =>
  records.flatMap(({findings}) => findings.filter(({severity}) => severity !== 'chat').map(({code}) => code)).sort()

describe.each(Object.keys(relayPorts) as (keyof typeof relayPorts)[])('in %s', name => {
  const seeds = seedsOf[name]

  it.each(ignored)('%s changes nothing', async kind => {
    const whole = captures.find(each => each.name === name)!
    const segments = segmentsOf(whole, relayPorts[name])
    const clean = (await wholeRun(whole)).records
    for (let seed = 0; seed < seeds; seed++) {
      const forged = withForgeries(segments, [kind], 0.02, seeded(seed))
      const {records} = await runRead([captureOf(forged)], whole.keylogs)
      expect(shown(records), `seed ${seed}`).toEqual(shown(clean))
      expect(alarms(records), `seed ${seed}`).toEqual(alarms(clean))
    }
  })

  it("a damaged copy of the relay's first frame that comes before it accuses nobody, and the frame opens", async () => {
    const whole = captures.find(each => each.name === name)!
    const segments = segmentsOf(whole, relayPorts[name])
    const handshake = segments.findIndex(({size, isClient}) => size === 96 && !isClient)
    const ofRelay = ({size, isClient, client}: (typeof segments)[number]) =>
      size > 0 && !isClient && client === segments[handshake]!.client
    const first = segments.findIndex((segment, at) => at > handshake && ofRelay(segment))
    const bytes = segments[first]!.bytes.map((byte, at, {length}) => (at === length - 1 ? byte ^ 1 : byte))
    const {records} = await runRead(
      [captureOf(segments.toSpliced(first, 0, {...segments[first]!, bytes}))],
      whole.keylogs,
    )
    expect(opened(records)).toEqual(opened((await wholeRun(whole)).records))
    expect(errors(records)).toEqual([])
    expect(records.flatMap(({findings}) => findings.map(({code}) => code))).toContain('bytes-conflict')
  })

  it('bytes injected first accuse nobody, and all that was sent in their place opens', async () => {
    const whole = captures.find(each => each.name === name)!
    const segments = segmentsOf(whole, relayPorts[name])
    const all = opened((await wholeRun(whole)).records)
    let conflicts = 0
    for (let seed = 0; seed < seeds; seed++) {
      // Which of two handshakes is the right one, nothing shows.
      const begun = segments.findLastIndex(({size}) => size === 96) + 4
      const forged = withForgeries(segments.slice(begun), ['bytes injected first'], 0.05, seeded(seed))
      const {records} = await runRead([captureOf([...segments.slice(0, begun), ...forged])], whole.keylogs)
      const found = new Set(opened(records))
      expect(
        all.filter(frame => !found.has(frame)),
        `seed ${seed}`,
      ).toEqual([])
      expect(errors(records), `seed ${seed}`).toEqual([])
      conflicts += records.filter(({findings}) => findings.some(({code}) => code === 'bytes-conflict')).length
    }
    expect(conflicts).toBeGreaterThan(0)
  })

  it.each(refuted)('after %s the connection goes on, which a finding says', async kind => {
    const whole = captures.find(each => each.name === name)!
    const segments = segmentsOf(whole, relayPorts[name])
    const clean = (await wholeRun(whole)).records
    const all = opened(clean)
    let ignored = 0
    for (let seed = 0; seed < seeds; seed++) {
      const forged = withForgeries(segments, [kind], 0.02, seeded(seed))
      const {records} = await runRead([captureOf(forged)], whole.keylogs)
      const found = new Set(opened(records))
      // The last frame of a connection is not always acknowledged.
      expect(all.filter(frame => !found.has(frame)).length, `seed ${seed}`).toBeLessThanOrEqual(1)
      expect(errors(records), `seed ${seed}`).toEqual([])
      ignored += records.filter(({findings}) => findings.some(({code}) => code === 'close-ignored')).length
    }
    expect(ignored).toBeGreaterThan(0)
  })
})
