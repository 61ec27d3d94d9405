import {describe, expect, it} from 'vitest'
import {amountOf} from '../../amount.js'
import {type CaptureFile, captures, runRead, wholeRun} from '../capture-files.js'
import {type CapturedSegment, captureOf, seeded, segmentsOf, shuffled} from './edited-captures.js'

const named = (name: string): CaptureFile => captures.find(each => each.name === name)!
const relayPorts = {small: 34345, two_clients: 33445, bootstrapd_relay: 34045, relay_only: 33795} as const

/**
 * Reads an edited capture. @returns true frames of these directions that are not open as they should be, and findings
 * of whom that nothing in the whole capture has.
 */
async function differences(
  name: keyof typeof relayPorts,
  edit: (segments: CapturedSegment[]) => CapturedSegment[],
  directions = ['c2s', 's2c'],
) {
  const {keylogs, truth} = named(name)
  const whole = await wholeRun(named(name))
  const {records} = await runRead([captureOf(edit(segmentsOf(named(name), relayPorts[name])))], keylogs)
  const opened = new Set(
    records
      .filter(({kind, state}) => kind === 'frame' && state === 'open')
      .map(({from, index, plaintext}) => `${from} ${index} ${plaintext}`),
  )
  const wanted = truth.filter(({direction}) => directions.includes(direction))
  const sender = {c2s: 'client', s2c: 'relay'} as const
  const missing = wanted.filter(
    ({direction, seq, plaintext}) => !opened.has(`${sender[direction]} ${seq} ${plaintext}`),
  )
  const severe = ({findings}: (typeof records)[number]) =>
    findings.filter(({severity}) => severity === 'error' || severity === 'warn').map(({code}) => code)
  const known = new Set(whole.records.flatMap(severe))
  return {
    wanted: wanted.length > 0,
    missing: missing.length,
    alarms: records.flatMap(severe).filter(code => !known.has(code)),
  }
}

const nothing = {wanted: true, missing: 0, alarms: []}

/** The first data of each side of each connection. */
function handshakes(segments: readonly CapturedSegment[]): Set<CapturedSegment> {
  const sides = new Set<string>()
  return new Set(
    segments.filter(({size, client, isClient}) => {
      const isFirst = size > 0 && !sides.has(`${client} ${isClient}`)
      if (isFirst) sides.add(`${client} ${isClient}`)
      return isFirst
    }),
  )
}

describe.each(['small', 'two_clients', 'bootstrapd_relay', 'relay_only'] as const)('of %s', name => {
  it.each(['c2s', 's2c'])('one direction alone opens: %s', async direction => {
    expect(
      await differences(name, all => all.filter(({isClient}) => isClient === (direction === 'c2s')), [direction]),
    ).toEqual(nothing)
  })

  it.each([
    ["the client's handshake", true, false],
    ["the relay's handshake", false, true],
    ['both handshakes', true, true],
  ])('all frames open without %s', async (_, client, relay) => {
    const edit = (all: CapturedSegment[]) => {
      const first = handshakes(all)
      return all.filter(each => !(first.has(each) && (each.isClient ? client : relay)))
    }
    expect(await differences(name, edit)).toEqual(nothing)
  })

  it.each(amountOf([6, 2, 12], 1))('all frames open with data out of order within windows of %i', async window => {
    expect(await differences(name, all => shuffled(all, window, seeded(window)))).toEqual(nothing)
  })
})

describe('captures that start in the middle', () => {
  it.each([
    ['small', 32],
    ['small', 130],
    ['small', 333],
    ['two_clients', 617],
    ['bootstrapd_relay', 700],
    ['relay_only', 8],
    ['relay_only', 16],
  ] as const)('of %s, at packet %i, open whichever end is heard first', async (name, start) => {
    const {keylogs, truth} = named(name)
    const {records} = await runRead([captureOf(segmentsOf(named(name), relayPorts[name]).slice(start))], keylogs)
    const opened = new Set(
      records.filter(({state}) => state === 'open').map(({from, index, plaintext}) => `${from} ${index} ${plaintext}`),
    )
    // Frames behind one that was captured whole begin behind the start, too.
    const keys = [...new Set(truth.map(({session, direction}) => `${session} ${direction}`))]
    const sides = keys.map(key => truth.filter(({session, direction}) => `${session} ${direction}` === key))
    const wanted = sides.flatMap(frames => frames.filter((_, at) => (frames[at - 1]?.packet_no ?? 0) > start))
    const missing = wanted.filter(
      ({direction, seq, plaintext}) => !opened.has(`${direction === 'c2s' ? 'client' : 'relay'} ${seq} ${plaintext}`),
    )
    expect([wanted.length > 0, missing.length]).toEqual([true, 0])
    expect(records.flatMap(({findings}) => findings.filter(({severity}) => severity === 'error'))).toEqual([])
  })
})
