import {expect, test} from 'vitest'
import {effectsOf} from '../../../src/expert/finding.js'
import {type Implementation, implementations, receiversOf} from '../../../src/expert/peers.js'
import type {ToxRecord} from '../../../src/library/tox-record.js'
import {type BehaviourCase, casesOf} from '../../session/cases.js'
import {recordsOfRun} from './recorded-runs.js'

/** What the recording, which is of c-toxcore, does not show of the other implementation. */
const undecidable: ReadonlyMap<string, string> = new Map([
  ['dup_client_key_unconfirmed tox_rs', 'another connection ends this one, at a relay of tox-rs alone'],
])

/** Undefined for the connection of a client that sends less than a handshake: nothing shows that it is Tox. */
const endOf = (records: readonly ToxRecord[]) => records.find(({kind}) => kind === 'end')

/** Rules for which the side under test closes if it is that implementation: at a packet, or at the end. */
function closingRules(records: readonly ToxRecord[], {receiver}: BehaviourCase, implementation: Implementation) {
  const role = `${implementation}_${receiver}` as const
  const ofPackets = records
    .filter(({kind, from}) => kind !== 'end' && receiversOf(from).includes(role))
    .flatMap(({findings}) => findings.filter(found => effectsOf(found)[role] === 'closes'))
  const ofEnd = (endOf(records)?.causes ?? []).filter(({receivers}) => receivers.includes(role))
  return [...new Set([...ofPackets, ...ofEnd.map(({finding}) => finding)].map(({code}) => code))]
}

const cases = (['relay', 'client'] as const).flatMap(casesOf)
const runs = await Promise.all(cases.map(async each => ({each, records: await recordsOfRun(each)})))

test('read as captures, recorded runs show what each implementation did', () => {
  const answers = runs.flatMap(({each, records}) =>
    implementations.flatMap(implementation => {
      const outcome = each.outcomes[implementation]
      if (outcome === null) return []
      const rules = closingRules(records, each, implementation)
      const name = `${each.name} ${implementation}`
      return [{name, rules, isRight: rules.length > 0 === (outcome === 'dropped')}]
    }),
  )
  const wrong = answers.filter(({isRight}) => !isRight)
  console.log(`${answers.length - wrong.length} of ${answers.length} agree`)
  expect(wrong.map(({name, rules}) => `${name}: ${rules}`)).toEqual([...undecidable.keys()].map(name => `${name}: `))
})

test('each close by c-toxcore has a cause on which c-toxcore closes', () => {
  const closed = runs.filter(({each, records}) => endOf(records)?.from === each.receiver)
  expect(closed.length).toBeGreaterThan(50)
  for (const {each, records} of closed) {
    const [cause] = endOf(records)!.causes
    expect(cause?.receivers, each.name).toContain(`c_toxcore_${each.receiver}`)
    expect(cause!.secondsBefore ?? 0, each.name).toBeGreaterThanOrEqual(0)
  }
})

test('no end that went on is given a reason to have closed', () => {
  for (const {each, records} of runs.filter(({each: {outcomes}}) => outcomes.c_toxcore !== 'dropped'))
    expect(endOf(records)?.causes ?? [], each.name).toEqual([])
})

test('no run shows its c-toxcore end to be tox-rs', () => {
  for (const {each, records} of runs) expect(endOf(records)?.peers[each.receiver], each.name).not.toBe('tox_rs')
})

test('a ping behind an empty frame comes before its answer', () => {
  const {records} = runs.find(({each}) => each.name === 'frame_len0_then_ping_same_write')!
  const frames = records.filter(({kind}) => kind === 'frame').map(({type, from}) => type ?? `of ${from}`)
  expect(frames).toEqual([
    'ping_request',
    'pong_response',
    'of client',
    'ping_request',
    'pong_response',
    'ping_request',
    'pong_response',
  ])
})
