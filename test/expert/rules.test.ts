import {beforeAll, describe, expect, test} from 'vitest'
import {receivers, type Severity} from '../../src/expert/rule.js'
import {type RuleCode, rules, ruleTable} from '../../src/expert/rules.js'
import {type Message, scenarios} from './scenarios.js'

/** Rules of live connections are broken in the proxy alone: its own tests raise them. */
const codes = (Object.keys(rules) as RuleCode[]).filter(code => rules[code].group !== 'live')
const groups = [...new Set(codes.map(code => rules[code].group))]
/** What the scenario of each rule raises, of any rule. */
const raised = new Map<string, Message[]>()

/** The sentences of a rule in its own scenario. */
const messagesOf = (code: string): string[] =>
  (raised.get(code) ?? []).filter(each => each.code === code).map(({message}) => message)

beforeAll(async () => {
  for (const [code, scenario] of Object.entries(scenarios)) raised.set(code, await scenario())
})

test('every rule has a scenario that breaks it', () => {
  const without = codes.filter(code => scenarios[code] === undefined)
  expect(without.map(code => `${code} has no scenario in test/expert/scenarios.ts`)).toEqual([])
  const silent = codes.filter(code => messagesOf(code).length === 0)
  expect(silent.map(code => `the scenario of ${code} in test/expert/scenarios.ts does not raise it`)).toEqual([])
})

describe.each([...ruleTable])('%s', (code, rule) => {
  test('has the severity that follows from its effect', () => {
    const effects = receivers.map(receiver => rule.effect[receiver])
    const [relay, client] = [rule.effect.c_toxcore_relay, rule.effect.c_toxcore_client]
    const expected: Severity =
      relay === 'closes' || client === 'closes'
        ? 'error'
        : !rule.isUsual && effects.some(each => each !== undefined && each !== 'accepts')
          ? 'warn'
          : (rule.otherwise ?? 'note')
    expect(rule.severity).toBe(expected)
    if (expected === 'error' || expected === 'warn') expect(rule.otherwise).toBeUndefined()
    const reacting = receivers.filter(receiver => ![undefined, 'accepts'].includes(rule.effect[receiver]))
    if (rule.isUsual) expect(reacting.filter(receiver => !receiver.startsWith('tox_rs'))).toEqual([])
  })

  test('is described in sentences, and each case of it in a clause', () => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(rule.about).toMatch(/^[A-Za-z].*\.$/)
    expect(rule.advice).toMatch(/^[A-Z](?:[^.]|\.(?=\d))*\.$/)
    for (const message of messagesOf(code)) {
      expect(message).toMatch(/^\S/)
      expect(message).not.toMatch(/\.$|undefined|NaN|\b1 (\w+ )?(bytes|frames|requests)\b/)
    }
  })
})

test.each(groups)('the messages of the %s rules read well', async group => {
  const lines = codes
    .filter(code => rules[code].group === group)
    .map(code => `${code.padEnd(30)} ${messagesOf(code)[0]}`)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../golden/messages/${group.replace(' ', '-')}.txt`)
})
