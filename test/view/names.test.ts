import {beforeAll, describe, expect, test} from 'vitest'
import {openCapture} from '../../src/library/capture/open-capture.js'
import type {SessionRecord} from '../../src/session/record.js'
import {fixture, fixtureText} from '../session/recorded.js'
import {printed} from './print.js'

const keylog = ['sessions', 'inner'].map(name => fixtureText(`captures/two_clients/${name}.keylog`)).join('\n')
/** DHT key of a client that says that it is called Бо. */
const pk = 'cf14c1561057609bcdfbf2f2a5841f5bc1ece98f23a3b9fe8d94492daef79411'
const name = 'Бо'
const short = `${pk.slice(0, 4)}…${pk.slice(-4)}`
const records: SessionRecord[] = []

beforeAll(async () => {
  for await (const {source} of openCapture(fixture('captures/two_clients/capture.pcap'), {
    keylog: new TextEncoder().encode(keylog),
  }))
    records.push(source)
})

const lines = (options: Parameters<typeof printed>[1]): string[] =>
  printed(records, {isAscii: false, width: 200, ...options}).split('\n')

describe('the name of a peer', () => {
  test('is beside its key in a list from the packet on that says it', () => {
    const list = lines({})
    const first = list.findIndex(line => line.includes(`${name} (${short})`))
    expect(first).toBeGreaterThan(0)
    expect(list.slice(1, first).some(line => line.includes(short))).toBe(true)
    expect(list.slice(first).filter(line => line.includes(short) && !line.includes(`${name} (`))).toEqual([])
  })

  test('is also learned from records that are not shown', () => {
    const last = records.findLast(({inferred}) => inferred?.peer === pk)!
    expect(printed([last], {isAscii: false, width: 200})).not.toContain(name)
    expect(lines({}).find(line => line.trimStart().startsWith(`${last.number} `))).toContain(`${name} (${short})`)
  })

  test('is beside whole keys in a tree, and not in JSON or fields', () => {
    const holds = (format: 'tree' | 'json' | 'csv', text: string) =>
      printed(records, {format, width: 200}).includes(text)
    expect([holds('tree', `${pk} (${name})`), holds('json', `(${name})`), holds('csv', `${name} (`)]).toEqual([
      ...[true, false, false],
    ])
  })

  test('is that of a label before all others, cut where it is long, and its control characters are escaped', () => {
    const labels = new Map([[pk, 'Eve\u001b[31m \u202e and a name that is longer than a line may be']])
    const list = printed(records, {labels, width: 200})
    expect(list).not.toMatch(/[\u001b\u202e]/)
    expect(list).toMatch(new RegExp(`Eve\\\\x1b\\[31m.{0,40} \\(${pk.slice(0, 4)}\\.\\.${pk.slice(-4)}\\)`))
    expect(list).not.toContain('may be')
    expect(list).not.toContain(`${name} (${pk.slice(0, 4)}..`)
  })

  test('is that of a save until the peer says another one', () => {
    const list = lines({savedNames: new Map([[pk, 'Saved']])})
    const saved = list.findIndex(line => line.includes(`Saved (${short})`))
    const said = list.findIndex(line => line.includes(`${name} (${short})`))
    expect(saved).toBeGreaterThan(-1)
    expect(said).toBeGreaterThan(saved)
  })

  test('is beside its key in the dialogue of a connection', () => {
    expect(printed(records, {isDialogue: true, isAscii: false, width: 200})).toContain(`${name} (${short})`)
  })
})
