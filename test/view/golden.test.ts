import {beforeAll, describe, expect, it} from 'vitest'
import type {SessionRecord} from '../../src/session/record.js'
import type {PrintOptions} from '../../src/view/printer.js'
import {printed} from './print.js'
import {brokenScene, damagedScene, events, realScene, sealedScene} from './scene.js'

const scenes: Record<string, readonly SessionRecord[]> = {}

beforeAll(async () => {
  Object.assign(scenes, {
    real: await realScene(),
    sealed: await sealedScene(),
    damaged: await damagedScene(),
    broken: brokenScene(),
    events,
  })
})

const golden: readonly (readonly [file: string, scene: string, options: Partial<PrintOptions>])[] = [
  ['list-60.txt', 'real', {width: 60}],
  ['list-80.txt', 'real', {}],
  ['list-100.txt', 'real', {width: 100, isAscii: false}],
  ['list-120.txt', 'real', {width: 120}],
  ['list-160.txt', 'real', {width: 160}],
  ['list-160-color.txt', 'broken', {width: 160, colorLevel: 1, isAscii: false}],
  ['list-broken-60.txt', 'broken', {width: 60, isAscii: false}],
  ['list-broken-pipe.txt', 'broken', {width: Number.POSITIVE_INFINITY}],
  ['list-200.txt', 'real', {width: 200}],
  ['list-unlimited.txt', 'damaged', {width: Number.POSITIVE_INFINITY, isAscii: false}],
  ['list-damaged-80.txt', 'damaged', {}],
  ['list-broken-80.txt', 'broken', {hasConnections: false}],
  ['list-broken-120.txt', 'broken', {width: 120, isAscii: false}],
  ['list-sealed-80.txt', 'sealed', {}],
  ['list-events-80.txt', 'events', {}],
  ['list-columns.txt', 'real', {columns: ['number', 'type', 'packets', 'oob_send.destination_pk', 'ends'], width: 120}],
  ['list-hex-80.txt', 'sealed', {hex: true}],
  ['tree-80.txt', 'real', {hasConnections: false}],
  ['tree-capture-80.txt', 'real', {}],
  ['tree-120.txt', 'real', {width: 120, isAscii: false, hasConnections: false}],
  ['tree-damaged-80.txt', 'damaged', {}],
  ['tree-broken-80.txt', 'broken', {hasConnections: false}],
  ['tree-broken-140.txt', 'broken', {width: 140, isAscii: false, hasConnections: false}],
  ['tree-sealed-80.txt', 'sealed', {}],
  ['tree-events-80.txt', 'events', {}],
  ['tree-hex-80.txt', 'broken', {hex: true, hasConnections: false}],
  ['tree-hex-real-80.txt', 'real', {hex: true, hasConnections: false}],
  ['tree-hex-160.txt', 'real', {hex: true, width: 160, hasConnections: false}],
  ['tree-color.txt', 'broken', {colorLevel: 1, hex: true, isAscii: false, hasConnections: false}],
  ['list-color.txt', 'damaged', {colorLevel: 1}],
  ['records.jsonl', 'real', {format: 'json'}],
  ['records-damaged.jsonl', 'damaged', {format: 'json', bytes: true}],
  ['records-broken.jsonl', 'broken', {format: 'json', bytes: true}],
  ['records-events.jsonl', 'events', {format: 'json'}],
  ['records.csv', 'real', {format: 'csv'}],
  ['records.ek.jsonl', 'real', {format: 'ek'}],
]

describe('printed records', () => {
  it.each(golden)('%s', async (file, scene, options) => {
    await expect(
      printed(scenes[scene]!, {...(file.startsWith('tree') && {format: 'tree'}), ...options}),
    ).toMatchFileSnapshot(`../golden/view/${file}`)
  })
})
