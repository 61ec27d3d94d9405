import {expect, it} from 'vitest'
import {captures, runRead} from './capture-files.js'
import {damaged} from './damage.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'

const relayPorts = {small: 34345, two_clients: 33445, bootstrapd_relay: 34045, relay_only: 33795} as const
const variants = 75
type Records = Awaited<ReturnType<typeof runRead>>['records']

/** Codes of findings that accuse somebody. */
const accusations = (records: Records): string[] =>
  records.flatMap(({findings}) =>
    findings.filter(({severity}) => severity === 'error' || severity === 'warn').map(({code}) => code),
  )

it.each(Object.keys(relayPorts) as (keyof typeof relayPorts)[])(
  'packets of %s that are lost, repeated or overtaken accuse nobody and open nothing else',
  async name => {
    const whole = captures.find(each => each.name === name)!
    const {file, keylogs, truth} = whole
    const known = new Set(accusations((await runRead([file], keylogs)).records))
    const frames = new Set(
      truth.map(({direction, seq, plaintext}) => `${direction === 'c2s' ? 'client' : 'relay'} ${seq} ${plaintext}`),
    )
    const segments = segmentsOf(whole, relayPorts[name])
    for (let seed = 0; seed < variants; seed++) {
      const {records} = await runRead([captureOf(damaged(segments, seeded(seed)))], keylogs)
      const opened = records.filter(({kind, state}) => kind === 'frame' && state === 'open')
      const invented = opened.filter(({from, index, plaintext}) => !frames.has(`${from} ${index} ${plaintext}`))
      const alarms = accusations(records).filter(code => !known.has(code))
      expect([alarms, invented], `${name}, seed ${seed}`).toEqual([[], []])
    }
  },
)
