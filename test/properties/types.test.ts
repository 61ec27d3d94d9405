import {deepEqual, doesNotMatch, equal, ok} from 'node:assert/strict'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {checkPacket, checkPayloadAlone} from '../../src/expert/check.js'
import {packetFault, payloadFault} from '../../src/expert/faults.js'
import {type Finding, messageOf, severityOf} from '../../src/expert/finding.js'
import {checkOpened, innerFault, isInnerLayer} from '../../src/expert/inner-check.js'
import {ruleTable} from '../../src/expert/rules.js'
import {innerWindow, openedWindow, packetWindow, types} from '../../src/protocol/table.js'
import {bareKey} from '../../src/protocol/text.js'
import {type Fault, faults, possibleFaults} from '../../src/wire/layout-faults.js'
import type {PacketType} from '../../src/wire/packet.js'
import {fieldOf, fieldsOf, lengthOf, noShift, restRange, spans, summaryOf, type Window} from '../../src/wire/window.js'
import {encodePartial} from '../../src/wire/write.js'
import {amount} from '../amount.js'
import {valuesOf, windowIn} from './samples.js'

/** Runs of the properties of each type; the fuzzer's target `packet` goes on from there. */
const numRuns = amount(40, 12)

const named = types.map(type => [type.name, type] as const)
const noise = fc.uint8Array({maxLength: 80})
const before = fc.nat(20)

const encoded = (type: PacketType): fc.Arbitrary<Uint8Array> =>
  valuesOf(type).map(values => encodePartial(type, values))

const idBytes = ({id}: PacketType): number => (id === null ? 0 : 1)

/** Valid bytes cut anywhere with noise behind, or with bytes changed. */
const broken = (type: PacketType): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(encoded(type), fc.nat(), noise, fc.array(fc.tuple(fc.nat(), fc.integer({min: 1, max: 255})), {maxLength: 3}))
    .map(([whole, at, behind, flips]) => {
      // The id byte stays: with another one, or none, it is no packet of this type.
      const first = idBytes(type)
      const cut = Buffer.concat([whole.subarray(0, first + (at % (whole.length + 1 - first))), behind])
      for (const [place, mask] of flips) if (cut.length > first) cut[first + (place % (cut.length - first))]! ^= mask
      return new Uint8Array(cut)
    })

/** Span after span, from the id byte to the rest, without gap or overlap. What runs most is not left to `expect`. */
function expectTiles(window: Window): void {
  const length = lengthOf(window)
  let at = window.type.id === null ? 0 : Math.min(1, length)
  for (const {spec, range} of spans(window)) {
    if (spec.kind === 'id') {
      equal(range[0], 0)
      equal(range[1], Math.min(1, length))
    } else {
      equal(range[0], at)
      ok(range[1] >= at)
      at = range[1]
    }
  }
  const rest = restRange(window)
  if (rest) {
    equal(rest[0], at)
    at = rest[1]
  }
  equal(at, length)
}

/** What adds up the sizes of fields on its way through a packet agrees with `spans`, which places each field anew. */
function expectAsSpans(window: Window): void {
  const all = spans(window)
  equal(
    fieldsOf(window) !== undefined,
    all.every(({complete}) => complete),
  )
  const found = faults(window)
  for (const {field, range} of found) {
    const span = all.find(({name}) => name === field)
    if (!span) continue
    ok(range[0] >= span.range[0])
    ok(range[1] <= span.range[1])
  }
  const last = found.at(-1)
  const cut = all.find(({complete}) => !complete)
  if (last?.kind === 'short') {
    if (cut && cut.name === last.field)
      expect(last).toEqual({kind: 'short', field: cut.name, range: cut.range, value: cut.range[1] - cut.range[0]})
    return
  }
  equal(cut, undefined)
  deepEqual(last?.field === '' ? last.range : undefined, restRange(window))
}

const severities = ['error', 'warn', 'note', 'chat']

function expectSound(found: Finding, length: number): void {
  ok(ruleTable.has(found.code), found.code)
  doesNotMatch(messageOf(found), /undefined|NaN|\[object/)
  ok(severities.includes(severityOf(found)), found.code)
  if (!found.range) return
  ok(found.range[0] >= 0)
  ok(found.range[1] >= found.range[0])
  if (!found.of) ok(found.range[1] <= length)
}

/** Bytes on each side of a field's edge at which a packet is cut. */
const nearEdge = 3

/** Where fields end in a packet, those of the packet inside too. */
function edgesOf(window: Window): number[] {
  const inner = innerWindow(window)
  const own = spans(window).map(({range}) => range[1])
  return inner ? [...own, ...edgesOf(inner).map(edge => inner.start - window.start + edge)] : own
}

/** Lengths to cut a packet to: all around the edges of its fields, and some inside of long fields. */
function cutsOf(type: PacketType, packet: Uint8Array): number[] {
  const edges = [idBytes(type), ...edgesOf(windowIn(type, packet, 0))]
  const lengths = Array.from({length: packet.length}, (_, length) => length).slice(idBytes(type))
  return lengths.filter(length => length % 16 === 0 || edges.some(edge => Math.abs(edge - length) <= nearEdge))
}

const namesByType = new Map<PacketType, ReadonlySet<string>>()

/** The faults that a packet of a type may have, by kind and field. */
function faultNames(type: PacketType): ReadonlySet<string> {
  const names = namesByType.get(type) ?? new Set(possibleFaults(type).map(({kind, field}) => `${kind} ${field}`))
  namesByType.set(type, names)
  return names
}

/** Every reader of a window, on bytes that may be anything. */
function readAll(window: Window): void {
  expectTiles(window)
  expectAsSpans(window)
  const length = lengthOf(window)
  const known = faultNames(window.type)
  for (const fault of faults(window)) {
    const name = `${fault.kind} ${fault.field}`
    ok(known.has(name), `${name} of ${window.type.name}`)
    expectSound(findingOf(window, fault), length)
  }
  for (const {name} of window.type.placed) fieldOf(window, name)
  for (const from of ['client', 'relay', null] as const) {
    if (window.type.layer === 'packet' && length > 0)
      for (const found of checkPacket(window, from)) expectSound(found, length)
  }
  if (window.type.layer === 'payload' || window.type.layer === 'onion_response')
    for (const found of checkPayloadAlone(window)) expectSound(found, length)
  if (isInnerLayer(window.type.layer)) for (const found of checkOpened(window)) expectSound(found, length)
  const inner = innerWindow(window)
  if (inner) {
    equal(inner.end, window.end - window.type.tailBehind)
    readAll(inner)
  }
  const opened = openedWindow(window, new Uint8Array(56))
  if (opened) readAll(opened)
}

const isPayload = ({layer}: PacketType): boolean => layer === 'payload' || layer === 'onion_response'
const findingOf = (window: Window, fault: Fault): Finding => {
  const found = isInnerLayer(window.type.layer)
    ? innerFault(window, fault, 0)
    : isPayload(window.type)
      ? payloadFault(window, fault, undefined, 0)
      : packetFault(window, fault)
  const missing = `${window.type.name}: no rule for "${fault.kind} ${fault.field}", add a verdict in src/expert/faults.ts`
  ok(found, missing)
  return found
}

describe.each(named)('%s', (_, type) => {
  test('encode, then decode gives the same values, and no fault but of padding', () => {
    fc.assert(
      fc.property(valuesOf(type), before, (values, at) => {
        const packet = encodePartial(type, values)
        const window = windowIn(type, packet, at)
        for (const {name} of type.placed) expect(fieldOf(window, name)).toEqual(values[name])
        expect(packet.length).toBeGreaterThanOrEqual(type.minLength)
        expect(packet.length).toBeLessThanOrEqual(type.maxLength)
        expect(faults(window).filter(({kind}) => kind !== 'range')).toEqual([])
        expect(restRange(window)).toBeUndefined()
        expect(summaryOf(window, bareKey)).not.toMatch(/undefined|NaN/)
        readAll(window)
      }),
      {numRuns},
    )
  })

  test('decode, then encode gives the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(broken(type), before, (packet, at) => {
        const window = windowIn(type, packet, at)
        const rest = restRange(window)
        // A field that the packet ends in has no value: its bytes are what is left.
        const whole = spans(window).filter(({complete}) => complete)
        const cutAt = rest
          ? rest[0]
          : (spans(window).find(({complete, range}) => !complete && range[1] > range[0])?.range[0] ?? packet.length)
        const values = Object.fromEntries(whole.map(({name}) => [name, fieldOf(window, name)]))
        const again = encodePartial(type, values, packet[0], packet.subarray(cutAt))
        expect(again).toEqual(new Uint8Array(packet))
      }),
      {numRuns},
    )
  })

  test('valid bytes that are cut short give a fault or a shorter packet, and no throw', () => {
    fc.assert(
      fc.property(encoded(type), before, (packet, at) => {
        for (const end of cutsOf(type, packet)) {
          const window = windowIn(type, packet.subarray(0, end), at)
          readAll(window)
          if (end < type.minLength) ok(faults(window).some(({kind}) => kind === 'short'))
        }
      }),
      {numRuns: amount(10, 4)},
    )
  })

  test('cut, changed and noisy bytes give findings, and no throw', () => {
    fc.assert(
      fc.property(broken(type), before, (packet, at) => readAll(windowIn(type, packet, at))),
      {numRuns},
    )
  })

  test('every possible fault has its finding', () => {
    for (const {kind, field} of possibleFaults(type)) {
      // Of text, the value is a byte.
      for (const value of [0, 1, 2, 130, 255, ...(kind === 'text' ? [] : [2000])]) {
        const window = windowIn(type, Uint8Array.from(type.id === null ? [] : [type.id].flat().slice(0, 1)), 0)
        expectSound(findingOf(window, {kind, field, range: [0, 0], value}), Number.POSITIVE_INFINITY)
      }
    }
  })
})

test('any bytes at all are a packet or nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 2100}), bytes => {
      const window = packetWindow(bytes, 0, bytes.length, noShift)
      equal(window === undefined, bytes.length === 0)
      if (window) readAll(window)
    }),
  )
})

test('every packet id has one type', () => {
  for (let id = 0; id < 256; id++) expect(packetWindow(Uint8Array.of(id), 0, 1, noShift)!.type.layer).toBe('packet')
})
