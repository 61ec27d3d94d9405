import {expect, test} from 'vitest'
import {checkLonePacket} from '../../src/expert/check.js'
import {onionAnswer, packetOf, payloadOf} from '../../src/probe/cases/packets.js'
import {packetWindow} from '../../src/protocol/table.js'
import type {Sender} from '../../src/wire/side.js'
import {noShift} from '../../src/wire/window.js'

const codesOf = (bytes: Uint8Array, from: Sender | null): string[] =>
  checkLonePacket(packetWindow(bytes, 0, bytes.length, noShift)!, from).map(({code}) => code)

test.each([null, 'client'] as const)('data without payload breaks a rule, from %s', from => {
  expect(codesOf(Uint8Array.of(16), from)).toEqual(['data-empty'])
})

test('data without payload from a relay breaks one rule', () => {
  expect(codesOf(Uint8Array.of(16), 'relay')).toEqual(['data-empty-from-relay'])
})

test('the family of a forward request is looked at before its length', () => {
  expect(codesOf(Uint8Array.of(0x0a, 130, 1), 'client')).toEqual(['forward-request-family', 'forward-request-tox-rs'])
  expect(codesOf(Uint8Array.of(0x0a, 2, 1), 'client')).toEqual(['forward-request-short', 'forward-request-tox-rs'])
  expect(codesOf(Uint8Array.of(0x0a), 'client')).toEqual(['forward-request-short', 'forward-request-tox-rs'])
})

test.each([
  [0x10, null],
  [0x10, 'client'],
  [0x0b, 'relay'],
  [0x06, 'client'],
] as const)('a packet 0x%s that fits into no frame breaks that rule once, from %s', (id, from) => {
  expect(codesOf(packetOf(id, 2033), from).filter(code => code === 'packet-oversize')).toEqual(['packet-oversize'])
})

test('lossless group packets need 82 bytes, and newer announce responses fit into 703', () => {
  const group = (length: number) => codesOf(Uint8Array.of(16, ...payloadOf(0x5b, length)), 'client')
  expect(group(81)).toContain('data-payload-length')
  expect(group(82)).not.toContain('data-payload-length')
  expect(group(1477)).not.toContain('data-payload-length')
  expect(group(1478)).toContain('data-payload-length')
  const announce = (length: number) => codesOf(onionAnswer(payloadOf(0x88, length)), 'relay')
  expect(announce(81)).toContain('onion-response-length')
  expect(announce(82)).not.toContain('onion-response-length')
  expect(announce(703)).not.toContain('onion-response-length')
  expect(announce(704)).toContain('onion-response-length')
})
