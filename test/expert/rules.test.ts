import {beforeAll, describe, expect, test} from 'vitest'
import {receivers, type Severity} from '../../src/expert/rule.js'
import {ruleTable} from '../../src/expert/rules.js'
import {scenarios, type Told} from './scenarios.js'

/** Rules of live connections break in the proxy alone: its own tests raise them. */
const isLive = (code: string): boolean => (ruleTable.get(code)?.group as string) === 'live'
const codes = [...ruleTable.keys()].filter(code => !isLive(code))
const told = new Map<string, Told[]>()

beforeAll(async () => {
  for (const [code, scenario] of Object.entries(scenarios)) told.set(code, await scenario())
})

test('every rule has something that breaks it, and nothing breaks a rule that is none', () => {
  const raised = new Set([...told.values()].flat().map(({code}) => code))
  expect([...raised].toSorted()).toEqual(codes.toSorted())
  for (const [code, all] of told)
    expect(
      all.map(each => each.code),
      code,
    ).toContain(code)
})

describe.each([...ruleTable])('%s', (code, rule) => {
  test('has the severity of its effect', () => {
    const effects = receivers.map(receiver => rule.effect[receiver])
    const [relay, client] = [rule.effect.c_toxcore_relay, rule.effect.c_toxcore_client]
    const expected: Severity =
      relay === 'closes' || client === 'closes'
        ? 'error'
        : effects.some(each => each !== undefined && each !== 'accepts')
          ? 'warn'
          : (rule.otherwise ?? 'note')
    expect(rule.severity).toBe(expected)
    if (expected === 'error' || expected === 'warn') expect(rule.otherwise).toBeUndefined()
  })

  test('is one sentence in general, and one clause in particular', () => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(rule.about).toMatch(/^[A-Za-z].*\.$/)
    for (const {message} of (told.get(code) ?? []).filter(each => each.code === code)) {
      expect(message).toMatch(/^\S/)
      expect(message).not.toMatch(/\.$|undefined|NaN|\b1 (\w+ )?(bytes|frames|requests)\b/)
    }
  })
})

test('messages read well', async () => {
  const lines = codes.map(code => `${code.padEnd(30)} ${told.get(code)!.find(each => each.code === code)?.message}`)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/messages.txt')
})
