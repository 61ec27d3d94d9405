import {rmSync} from 'node:fs'
import {captures, type JsonRecord, runRead} from './capture-files.js'
import {damaged} from './damage.js'
import {captureOf, seeded, segmentsOf} from './edited-captures.js'

/** Captures that are damaged, with their relays' ports. */
const relayPorts = {small: 34345, two_clients: 33445, bootstrapd_relay: 34045, relay_only: 33795} as const
export type DamagedCapture = keyof typeof relayPorts

/** Codes of findings that accuse somebody. */
const accusations = (records: readonly JsonRecord[]): string[] =>
  records.flatMap(({findings}) =>
    findings.filter(({severity}) => severity === 'error' || severity === 'warn').map(({code}) => code),
  )

/**
 * What is wrong about what is read of a capture whose packets were lost, repeated or overtaken: findings that the whole
 * capture does not have, and frames that opened and that nobody sent. One sentence for each seed; empty: nothing.
 */
export async function damageProblems(name: DamagedCapture, [first, end]: readonly [number, number]): Promise<string[]> {
  const whole = captures.find(each => each.name === name)!
  const {file, keylogs, truth} = whole
  const known = new Set(accusations((await runRead([file], keylogs)).records))
  const frames = new Set(
    truth.map(({direction, seq, plaintext}) => `${direction === 'c2s' ? 'client' : 'relay'} ${seq} ${plaintext}`),
  )
  const segments = segmentsOf(whole, relayPorts[name])
  const problems: string[] = []
  for (let seed = first; seed < end; seed++) {
    const path = captureOf(damaged(segments, seeded(seed)))
    const {records} = await runRead([path], keylogs)
    rmSync(path)
    const opened = records.filter(({kind, state}) => kind === 'frame' && state === 'open')
    const invented = opened.filter(({from, index, plaintext}) => !frames.has(`${from} ${index} ${plaintext}`))
    const alarms = accusations(records).filter(code => !known.has(code))
    if (alarms.length > 0) problems.push(`${name}, seed ${seed}: ${[...new Set(alarms)].join(', ')}`)
    if (invented.length > 0) problems.push(`${name}, seed ${seed}: ${invented.length} frames that nobody sent`)
  }
  return problems
}
