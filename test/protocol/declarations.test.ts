import {describe, expect, it} from 'vitest'
import type {Limit} from '../../src/protocol/limits/limit.js'
import {ownLimits} from '../../src/protocol/limits/own-limits.js'
import {protocolLimits} from '../../src/protocol/limits.js'
import {types} from '../../src/protocol/table.js'
import type {FieldSpec, Fields} from '../../src/wire/field.js'
import {sizeBounds} from '../../src/wire/packet.js'

const hex = (id: number): string => id.toString(16).padStart(2, '0')
const between = (low: number, high: number): string => (low === high ? `${low}` : `${low}-${high}`)

/** Parts of a declaration that have their own column or lines, and texts. */
const shownElsewhere = new Set([
  'kind',
  'title',
  'about',
  'min',
  'max',
  'size',
  'of',
  'fields',
  'plain',
  'plainSummary',
])

/** What a field has besides its size, in the words of its declaration. */
const detailsOf = (spec: FieldSpec): string =>
  [
    spec.kind,
    ...Object.entries(spec)
      .filter(([name]) => !shownElsewhere.has(name))
      .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`),
  ].join(', ')

/** A field and its parts, a line each. */
function linesOf(name: string, spec: FieldSpec, indent: string): string[] {
  const line = `${indent}${name.padEnd(24)} ${between(...sizeBounds(spec)).padEnd(9)} ${detailsOf(spec)}`
  if (spec.kind === 'list') return [line, ...linesOf('each', spec.of, `${indent}  `)]
  return spec.kind === 'struct' ? [line, ...linesOfAll(spec.fields, `${indent}  `)] : [line]
}

const linesOfAll = (fields: Fields, indent: string): string[] =>
  Object.entries(fields).flatMap(([name, spec]) => linesOf(name, spec, indent))

/** Every declaration of a field, those inside of other fields too. */
const fieldsIn = (fields: Fields): FieldSpec[] =>
  Object.values(fields).flatMap((spec): FieldSpec[] => {
    if (spec.kind === 'list') return [spec, ...fieldsIn({each: spec.of})]
    return spec.kind === 'struct' ? [spec, ...fieldsIn(spec.fields)] : [spec]
  })

describe('the declaration of a packet type', () => {
  it('gives ids, senders, sizes and values as the protocol has them', async () => {
    const lines = types.flatMap(({name, id, layer, sentBy, minLength, maxLength, fields}) => {
      const ids = id === null ? '-' : [id].flat().map(hex).join('-')
      const who = sentBy.join(' ') || '-'
      return [`${name} ${ids} ${layer} (${who}) ${between(minLength, maxLength)}`, ...linesOfAll(fields, '  ')]
    })
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/protocol/layouts.txt')
  })

  it.each(types)('says what $name and each of its fields is', ({name, title, about, source, fields}) => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z][A-Za-z]+( |$)/)
    expect(about).toMatch(/^[A-Z].*\.$/)
    expect(source).toMatch(/^(spec\.md|c-toxcore) /)
    for (const field of fieldsIn(fields)) {
      expect(field.title).toMatch(/^[A-Z]/)
      expect(field.about).toMatch(/^[A-Z0-9].*\.$/)
    }
  })
})

describe('the declaration of a limit', () => {
  const limits: readonly (readonly [name: string, limit: Limit])[] = Object.entries({...protocolLimits, ...ownLimits})

  it('gives its number, and its names in the sources', async () => {
    const lines = limits.map(([name, {value, unit, cToxcore, toxRs}]) =>
      [name.padEnd(28), `${value} ${unit}`.padEnd(16), cToxcore ?? '-', toxRs ?? '-'].join(' | '),
    )
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/protocol/limits.txt')
  })

  it.each(limits)('says what %s limits', (_, {about}) => {
    expect(about).toMatch(/^(?:[A-Z]|net_crypto ).*\.$/)
  })
})
