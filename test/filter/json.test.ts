import {describe, expect, it} from 'vitest'
import {fieldTexts, findName} from '../../src/filter/names/names.js'
import {hostPort} from '../../src/protocol/text.js'
import type {SessionRecord} from '../../src/session/record.js'
import {recordToJson} from '../../src/view/forms/json.js'
import {recordedRecords} from './recorded-records.js'
import {samples} from './records.js'

interface Level {
  readonly type: string | null
  readonly state: string | null
  readonly id: number | null
  readonly fields: Readonly<Record<string, unknown>>
  readonly rest?: string
  readonly inner: Level | null
}

interface Json extends Level {
  readonly findings: readonly {
    readonly code: string
    readonly severity: string
    readonly message: string
    readonly effect: Readonly<Record<string, string>>
  }[]
  readonly [key: string]: unknown
}

const texts = (value: unknown): string[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value.map(String) : [textOf(value)]
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'ip' in value
    ? hostPort(value as unknown as {ip: string; port: number})
    : String(value)

const levelsOf = (level: Level): Level[] => [level, ...(level.inner ? levelsOf(level.inner) : [])]

const same = (record: SessionRecord, name: string, value: unknown): void => {
  expect(fieldTexts(record, name), name).toEqual(texts(value))
}

/** Every value that JSON shows is that of the name that filters have for it. */
function check(record: SessionRecord): void {
  const json = JSON.parse(recordToJson(record, {bytes: true})) as Json
  const inner = json.inner
  for (const name of [
    'number',
    'time',
    'connection',
    'client',
    'relay',
    'from',
    'kind',
    'index',
    'length',
    'packets',
    'state',
    'type',
    'id',
    'wire',
  ])
    same(record, name, json[name])
  same(record, 'inner.type', inner?.type)
  same(record, 'inner.state', inner?.state)
  same(record, 'inner.id', inner?.id)
  const levels = levelsOf(json)
  same(
    record,
    'rest',
    levels.flatMap(({rest}) => rest || []),
  )
  for (const {type, fields} of levels) {
    for (const [field, value] of Object.entries(fields)) {
      const name = `${type ?? json['kind']}.${field}`
      if (type !== null || findName(name)) same(record, name, value)
    }
  }
  same(
    record,
    'finding.code',
    json.findings.map(({code}) => code),
  )
  same(
    record,
    'finding.severity',
    json.findings.map(({severity}) => severity),
  )
  same(
    record,
    'finding.message',
    json.findings.map(({message}) => message),
  )
  for (const receiver of Object.keys(json.findings[0]?.effect ?? {}))
    same(
      record,
      `finding.effect.${receiver}`,
      json.findings.map(({effect}) => effect[receiver]),
    )
}

describe('names', () => {
  it('have the values that JSON shows, on records of every kind', () => {
    for (const record of Object.values(samples)) check(record)
  })

  it('have the values that JSON shows, in the recorded cases', () => {
    const records = recordedRecords()
    expect(records.length).toBeGreaterThan(1000)
    for (const record of records) check(record)
  })
})
