import {expect, expectTypeOf, test} from 'vitest'
import {at, type Finding, finding, joined, needsOrder, noFindings} from '../../src/expert/finding.js'
import {ruleTable} from '../../src/expert/rules.js'
import {dataPacket} from '../../src/protocol/packets/data.js'
import {forwardRequest} from '../../src/protocol/packets/forward-request.js'
import {routeResponse} from '../../src/protocol/packets/route-response.js'
import {cookieRequest} from '../../src/protocol/payloads/cookie-request.js'

const raised = (): Finding => finding('data-on-free-id', {id: 16})

test('the code of a finding gives its data a type', () => {
  const found: Finding = raised()
  expectTypeOf(found.code).not.toEqualTypeOf<string>()
  if (found.code === 'data-on-free-id') expectTypeOf(found.data.id).toEqualTypeOf<number>()
  if (found.code === 'handshake-sealed') expectTypeOf(found.data.pk).toEqualTypeOf<string>()
})

test('a finding needs the data of its rule, and no other', () => {
  expectTypeOf(finding<'data-on-free-id'>)
    .parameter(1)
    .toEqualTypeOf<{id: number}>()
  expectTypeOf(finding<'packet-too-long'>)
    .parameter(1)
    .toEqualTypeOf<{title: string; length: number; most: number}>()
})

test('the place of a field follows from the declaration of its packet type', () => {
  expect(at(routeResponse, 'pk')).toEqual({range: [2, 34]})
  expect(at(dataPacket, 'connection_id')).toEqual({range: [0, 1]})
  expect(at(cookieRequest, 'pk', 33)).toEqual({range: [34, 66]})
})

test('a field that is not in one place in all packets does not have one', () => {
  expect(() => at(dataPacket, 'data')).toThrow('data of data does not have one size in all packets')
  expect(() => at(forwardRequest, 'data')).toThrow('data of forward_request does not have one place in all packets')
})

test('lists of findings are joined in their order, and one without the other is not copied', () => {
  const [first, second] = [[raised()], [finding('data-on-free-id', {id: 17})]]
  expect(joined(first, second)).toEqual([...first, ...second])
  expect(joined(first, noFindings)).toBe(first)
  expect(joined(noFindings, second)).toBe(second)
})

test('a finding needs the exact order of both directions if its rule says so, and else does not', () => {
  for (const [code, rule] of ruleTable)
    expect(needsOrder({code, data: {}} as Finding), code).toBe('needsOrder' in rule && rule.needsOrder === true)
})
