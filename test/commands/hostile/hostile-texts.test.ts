import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {types} from '../../../src/protocol/table.js'
import type {Fields} from '../../../src/wire/field.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {textBytes} from '../../../src/wire/text/utf8.js'
import {encodePartial, type PartialValues} from '../../../src/wire/write.js'
import {valuesOf} from '../../properties/samples.js'
import {toxtcpHere} from '../program.js'

/** Clears the screen, moves the cursor, turns the reading direction, ends the line, sets the title. */
const evil = '=\u001b[2J\u0007\u009b\u202e\r\nvil\t\u200b\u2028\u001b]0;p'
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** The values with the text in every field that takes one; undefined where there is no such field. */
function withText(fields: Fields, drawn: PartialValues): PartialValues | undefined {
  const values = {...drawn}
  let hasText = false
  for (const [name, spec] of Object.entries(fields)) {
    const value = values[name]
    if (value === null || value === undefined) continue
    if (spec.kind === 'text') {
      const text = evil.repeat(Math.ceil(spec.min / evil.length) || 1)
      if (textBytes(text).length > spec.max) continue
      values[name] = text
      if (spec.sizedBy) values[spec.sizedBy] = textBytes(text).length
      hasText = true
    } else if (spec.kind === 'struct') {
      const inside = withText(spec.fields, value as PartialValues)
      if (inside) values[name] = inside
      hasText ||= inside !== undefined
    } else if (spec.kind === 'list' && spec.of.kind === 'struct') {
      const {fields: ofItems} = spec.of
      const items = (value as readonly PartialValues[]).map(item => withText(ofItems, item) ?? item)
      hasText ||= items.some((item, index) => item !== (value as readonly PartialValues[])[index])
      values[name] = items
    }
  }
  return hasText ? values : undefined
}

const packets = types.flatMap(type => {
  const drawn = fc.sample(valuesOf(type), {seed: 1, numRuns: 20})
  const values = drawn.map(each => withText(type.fields, each)).find(each => each !== undefined)
  return values ? [[type.name, toHex(encodePartial(type, values))] as const] : []
})

describe('a text of a peer that a terminal would obey', () => {
  it('is in packets of each kind that has a text', () => {
    expect(packets.map(([name]) => name)).toEqual(
      expect.arrayContaining(['friend_request', 'conference_title', 'group_topic', 'message', 'nickname']),
    )
  })

  it.each(packets)('is escaped in a %s', async (name, hex) => {
    for (const form of ['list', 'tree', 'json', 'ek', 'csv']) {
      const {status, stdout, stderr} = await toxtcpHere(['decode', '--as', name, hex, '-T', form])
      expect(status, stderr).toBe(0)
      expect(stdout + stderr).not.toMatch(unsafe)
      expect(stdout).not.toMatch(/^vil/m)
      if (form === 'json') expect(stdout).toMatch(/=\\u001b\[2J/)
    }
  })
})
