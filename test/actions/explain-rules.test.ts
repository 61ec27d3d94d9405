import {describe, expect, it} from 'vitest'
import {ruleTable} from '../../src/expert/rules.js'
import {innerWindow, types} from '../../src/protocol/table.js'
import {rulesOn} from '../../src/view/explain/topics/type-topic.js'
import {recordedRecords} from '../filter/recorded-records.js'

/** Rules about frames, captures and proxies are broken by no type of packet, these three by any. */
const isOfNoType = (code: string): boolean =>
  ['framing', 'capture', 'live'].includes(ruleTable.get(code)!.group) ||
  code === 'first-not-ping' ||
  code === 'relay-speaks-first' ||
  code === 'client-key-confirmed-again'

describe('rules on the page of a packet type', () => {
  it('has every rule that the type broke in the recorded cases', () => {
    const seen = new Set<string>()
    for (const {window, findings} of recordedRecords()) {
      if (!window) continue
      const inner = innerWindow(window)
      const known = [...rulesOn(window.type), ...(inner ? rulesOn(inner.type) : [])]
      for (const {code} of findings.filter(found => !isOfNoType(found.code))) {
        seen.add(code)
        expect(known, `${code} on ${window.type.name}`).toContain(code)
      }
    }
    expect(seen.size).toBeGreaterThan(40)
  })

  it('leaves out no rule that a packet can break', () => {
    const listed = new Set(types.flatMap(rulesOn))
    expect([...ruleTable.keys()].filter(code => !listed.has(code) && !isOfNoType(code))).toEqual([])
  })

  it('has the worst first', () => {
    expect(rulesOn(types.find(({name}) => name === 'oob_send')!)).toEqual([
      'packet-too-short',
      'wrong-direction',
      'oob-empty',
      'oob-too-long',
      'oob-kind-unknown',
      'oob-payload-length',
      'oob-to-self',
      'oob-while-online',
    ])
  })
})
