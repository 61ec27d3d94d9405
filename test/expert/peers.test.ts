import {expect, test} from 'vitest'
import type {Finding} from '../../src/expert/finding.js'
import {severityOf} from '../../src/expert/finding.js'
import {
  areReceiversKnown,
  implementations,
  peersCode,
  peersNamed,
  peersOf,
  peersOfCode,
  receiversOf,
  seenPartly,
  unknownPeers,
} from '../../src/expert/peers.js'
import {compareSeverity, leastSevere, receivers} from '../../src/expert/rule.js'
import {type RuleCode, ruleTable} from '../../src/expert/rules.js'

const combinations = [null, ...implementations].flatMap(client =>
  [null, ...implementations].map(relay => peersOf(client, relay)),
)
// Only the code of a finding matters to its severity.
const findingOf = (code: string): Finding => ({code: code as RuleCode, data: {}}) as Finding

test('the peers of records have a number each, and the same peers are the same object', () => {
  for (const peers of combinations) expect(peersOfCode(peersCode(peers))).toBe(peers)
  const inPart = combinations.map(seenPartly)
  for (const peers of inPart) expect(peersOfCode(peersCode(peers))).toBe(peers)
  const codes = new Set([...combinations, ...inPart].map(peersCode))
  expect(codes.size).toBe(14)
  expect(Math.max(...codes)).toBeLessThan(16)
})

test('the receivers are those of the other end, of the implementations that it may be', () => {
  expect(receiversOf(null)).toEqual(receivers)
  expect(receiversOf('client')).toEqual(['c_toxcore_relay', 'tox_rs_relay'])
  expect(receiversOf('relay')).toEqual(['c_toxcore_client', 'tox_rs_client'])
  expect(receiversOf('client', peersOf(null, 'tox_rs'))).toEqual(['tox_rs_relay'])
  expect(receiversOf('relay', peersOf(null, 'tox_rs'))).toEqual(['c_toxcore_client', 'tox_rs_client'])
  expect(receiversOf(null, peersOf('c_toxcore', 'tox_rs'))).toEqual(['tox_rs_relay', 'c_toxcore_client'].toSorted())
})

test('where nothing is known of the receiver, a finding is as severe as its rule', () => {
  for (const [code, {severity}] of ruleTable) {
    expect(severityOf(findingOf(code))).toBe(severity)
    expect(severityOf(findingOf(code), 'client', unknownPeers)).toBe(severity)
    expect(severityOf(findingOf(code), 'client', peersOf('tox_rs', null)), 'only the sender is known').toBe(severity)
  }
})

test('where packets were missed that may have shown the receiver, a finding is no worse than for c-toxcore', () => {
  for (const [code, {severity}] of ruleTable) {
    const found = severityOf(findingOf(code), 'client', seenPartly(unknownPeers))
    const ofCToxcore = severityOf(findingOf(code), 'client', peersOf(null, 'c_toxcore'))
    expect(found, code).toBe(leastSevere(severity, ofCToxcore))
  }
})

test('where the receiver is known, an error is what it closes on, and a warning what else it reacts to', () => {
  for (const [code, {effect, otherwise = 'note'}] of ruleTable)
    for (const implementation of implementations) {
      const peers = peersOf(null, implementation)
      const reaction = effect[`${implementation}_relay`] ?? 'accepts'
      const severity = reaction === 'closes' ? 'error' : reaction === 'accepts' ? otherwise : 'warn'
      expect(severityOf(findingOf(code), 'client', peers), `${code} to ${implementation}`).toBe(severity)
    }
})

test('the receivers of a packet whose sender is unknown are known if both ends are', () => {
  for (const peers of combinations) {
    expect(areReceiversKnown(null, peers)).toBe(peers.client !== null && peers.relay !== null)
    expect(areReceiversKnown('client', peers)).toBe(peers.relay !== null)
    expect(areReceiversKnown('relay', peers)).toBe(peers.client !== null)
  }
})

test('a user names the implementation of both ends, or leaves it to the packets', () => {
  expect(peersNamed('c-toxcore')).toBe(peersOf('c_toxcore', 'c_toxcore'))
  expect(peersNamed('tox-rs')).toBe(peersOf('tox_rs', 'tox_rs'))
  expect(peersNamed('auto')).toBeUndefined()
  expect(peersNamed(undefined)).toBeUndefined()
})

test('where either end may receive a packet, the one that reacts more counts', () => {
  for (const [code, rule] of ruleTable) {
    const severities = (['client', 'relay'] as const).map(from =>
      severityOf(findingOf(code), from, peersOf('c_toxcore', 'tox_rs')),
    )
    const worst = compareSeverity(severities[0]!, severities[1]!) > 0 ? severities[0] : severities[1]
    expect(severityOf(findingOf(code), null, peersOf('c_toxcore', 'tox_rs')), `${code}, ${rule.severity}`).toBe(worst)
  }
})
