import {describe, expect, it} from 'vitest'
import {captures, type JsonRecord, runRead} from './capture-files.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'
import {withForgeries} from './forgeries.js'

const relayPorts = {small: 34345, two_clients: 33445, relay_only: 33795} as const
const seeds = 4

/** Kinds that the receiver of a segment ignores, whatever follows. */
const ignored = [
  'a RST with an old number',
  'a RST with a number to come',
  'a FIN with an old number',
  'a FIN with a number to come',
  'a stray SYN',
]

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
  it.each(ignored)('%s changes nothing', async kind => {
    const whole = captures.find(each => each.name === name)!
    const segments = segmentsOf(whole, relayPorts[name])
    const clean = (await runRead([whole.file], whole.keylogs)).records
    for (let seed = 0; seed < seeds; seed++) {
      const forged = withForgeries(segments, [kind], 0.02, seeded(seed))
      const {records} = await runRead([captureOf(forged)], whole.keylogs)
      expect(shown(records), `seed ${seed}`).toEqual(shown(clean))
      expect(alarms(records), `seed ${seed}`).toEqual(alarms(clean))
    }
  })
})
