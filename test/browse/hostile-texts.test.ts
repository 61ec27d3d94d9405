import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, it} from 'vitest'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {enhancedPacket, interfaceDescription, sectionHeader} from '../../src/capture/write/writer.js'
import {finding} from '../../src/expert/finding.js'
import {commentOf} from '../../src/proxy/recording/recorded-notes.js'
import {PeerNames} from '../../src/view/peer-names.js'
import {amount} from '../amount.js'
import {packetsOf} from '../capture/collect.js'
import {hostilePackets, writeHostile} from '../commands/hostile/hostile-inner.js'
import {Play, recordsIn, recordsOf} from './play.js'

/** Ends a line, changes a terminal's title, clears and colors it, and turns the direction of writing. */
const hostile = 'x\nForged line\u001b]0;title\u0007\u001b[2J\u009b31m\r\u202e'
const escaped = 'x\\x0aForged line\\x1b]0;title\\x07'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-hostile-view-'))
afterAll(() => rmSync(folder, {recursive: true}))

let records: RecordSource
let peers: readonly string[]
beforeAll(async () => {
  records = await recordsOf('two_clients', ['sessions.keylog', 'inner.keylog'])
  const all = Array.from({length: records.count}, (_, place) => records.record(place))
  peers = all.flatMap(({inferred}) => inferred?.peer ?? [])
})

it.each([
  ['the list and the tree', ['tab'], 1],
  ['statistics', ['s'], 2],
  ['connections', ['o'], 1],
  ['a dialogue', ['d'], 2],
  ['a conversation', ['D'], 1],
  ['messages', ['M'], 1],
])('names of a file and of peers that a terminal would obey are escaped in %s', (_, keys, least) => {
  const names = new PeerNames({labels: new Map(peers.map(peer => [peer, hostile]))})
  const play = new Play(records, {names, title: hostile, width: 400, height: 200})
  play.browser.filter('route_request || route_response')
  const rows = play.settle().press(keys.join(' ')).screen
  expect(rows.filter(row => /\p{Cc}|\p{Bidi_Control}/u.test(row) || row.startsWith('Forged'))).toEqual([])
  expect(rows.filter(row => row.includes(escaped)).length).toBeGreaterThanOrEqual(least)
})

it('texts in boxes are escaped in the list, in the tree of each record and in every pane', async () => {
  const args = writeHostile(join(folder, 'inner.keylog'))
  const texts = await recordsIn(
    args[0]!,
    args.filter((_, index) => args[index - 1] === '--keylog'),
  )
  expect(texts.count).toBeGreaterThan(hostilePackets.length)
  const play = new Play(texts, {title: 'capture.pcap', width: 200, height: 120})
  const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
  const check = () => {
    const rows = play.screen
    expect(rows.filter(row => unsafe.test(row) || row.startsWith('vil'))).toEqual([])
    return rows.join('\n')
  }
  for (let record = 1; record < texts.count; record++) {
    play.press('j')
    check()
  }
  for (const key of ['s', 'o', 'd', 'D', 'M']) {
    play.press(key)
    expect(check().length).toBeGreaterThan(500)
    play.press('escape')
  }
})

it('comments of packets that look like those of a proxy are escaped where their texts are findings', async () => {
  const comments = (['client', 'relay'] as const).map(from =>
    commentOf([
      {from, index: null, finding: finding('script-threw', {message: hostile})},
      {from, index: null, finding: finding('not-intercepted', {reason: hostile})},
      {from, index: null, finding: finding('closed-by-proxy', {why: hostile})},
    ]),
  )
  const packets = packetsOf(readFileSync('fixtures/captures/synthetic_clients/capture.pcap')).map(
    ({time, bytes, start, end}, index) =>
      enhancedPacket({time: time!, bytes: bytes.slice(start, end), comment: comments[index % 2]!}),
  )
  const path = join(folder, 'comments.pcapng')
  writeFileSync(path, Buffer.concat([sectionHeader(), interfaceDescription({linkType: 1}), ...packets]))
  const noted = await recordsIn(path, ['fixtures/captures/synthetic_clients/sessions.keylog'])
  const play = new Play(noted, {title: 'comments.pcapng', width: 300, height: 100})
  const rows: string[] = []
  // Records have one comment or the other, by turns.
  for (let record = 1; record < amount(noted.count, 100); record++) rows.push(...play.press('j').screen)
  for (const key of ['e', 'escape', 's', 'escape', 'o']) rows.push(...play.press(key).screen)
  expect(rows.filter(row => /[\p{Cc}\p{Bidi_Control}]/u.test(row) || row.startsWith('Forged'))).toEqual([])
  expect(rows.filter(row => row.includes('\\x1b]0;title')).length).toBeGreaterThan(0)
})
