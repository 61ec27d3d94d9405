import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {types} from '../../../src/protocol/table.js'
import type {SessionRecord} from '../../../src/session/record.js'
import {recordToJson} from '../../../src/view/forms/json.js'
import {recordFromJson} from '../../../src/view/from-json/record.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {hex, lonePacket, loneType, smallRecords} from '../records.js'
import {typeNameOf, vectors} from '../vectors.js'

/** Record -> JSON -> bytes, in hex. */
function back(record: SessionRecord, bytes = false): string {
  const read = recordFromJson(recordToJson(record, {bytes}), 'line 1')
  return read.form === 'packet' || read.form === 'whole' ? toHex(read.bytes) : read.form
}

/** Bytes of a valid packet of each type, from the vectors. */
const valid = new Map<string, string[]>()
for (const vector of vectors) {
  if (vector.type === 'EncryptedFrame') continue
  const name = typeNameOf(vector)
  valid.set(name, [...(valid.get(name) ?? []), vector.hex])
}

describe('JSON and back', () => {
  it('has a vector for every packet type', () => {
    const without = types.map(type => type.name).filter(name => !valid.has(name))
    expect(without.map(name => `${name} has no vector: add one to madeByHand in test/view/vectors.ts`)).toEqual([])
  })

  it('gives the bytes of every vector', () => {
    for (const vector of vectors) {
      if (vector.type === 'EncryptedFrame') continue
      const record = loneType(typeNameOf(vector), hex(vector.hex))
      expect(back(record), vector.type).toBe(vector.hex)
      expect(back(record, true), vector.type).toBe(vector.hex)
    }
  })

  it('gives the plaintext of every frame of a real connection', async () => {
    for (const connection of [0, 1]) {
      const records = (await smallRecords({connection})).filter(({kind}) => kind === 'frame')
      expect(records.length).toBeGreaterThan(100)
      for (const record of records) {
        const {bytes, start, end} = record.window!
        // A box that was opened is sealed again only with its bytes.
        if (record.opened.length === 0) expect(back(record)).toBe(toHex(bytes, start, end))
        else expect(() => back(record)).toThrow('is open')
        expect(back(record, true)).toBe(toHex(bytes, start, end))
      }
    }
  })

  it('gives the bytes of packets that are cut anywhere, with noise after the cut', () => {
    for (const [name, all] of valid) {
      fc.assert(
        fc.property(
          fc.constantFrom(...all),
          fc.double({min: 0, max: 1, noNaN: true}),
          fc.uint8Array({maxLength: 50}),
          (text, cut, noise) => {
            const whole = hex(text)
            const bytes = new Uint8Array([...whole.subarray(0, Math.round(cut * whole.length)), ...noise])
            if (bytes.length === 0) return
            expect(back(loneType(name, withIdOf(name, bytes)))).toBe(toHex(withIdOf(name, bytes)))
          },
        ),
        {numRuns: 60},
      )
    }
  })

  it('gives the bytes of any packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({minLength: 1, maxLength: 200}), bytes => {
        expect(back(lonePacket(bytes))).toBe(toHex(bytes))
        expect(back(lonePacket(bytes), true)).toBe(toHex(bytes))
      }),
      {numRuns: 500},
    )
  })
})

/** Noise may have replaced the first byte, which says what type it is. */
function withIdOf(name: string, bytes: Uint8Array): Uint8Array {
  const {id} = types.find(type => type.name === name)!
  if (id === null) return bytes
  const [low, high] = typeof id === 'number' ? [id, id] : id
  const copy = Uint8Array.from(bytes)
  if (copy[0]! < low || copy[0]! > high) copy[0] = low
  return copy
}
