import {beforeAll, expect, it} from 'vitest'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {PeerNames} from '../../src/view/peer-names.js'
import {Play, recordsOf} from './play.js'

/** Ends a line, changes a terminal's title, clears and colors it, and turns the direction of writing. */
const hostile = 'x\nForged line\u001b]0;title\u0007\u001b[2J\u009b31m\r\u202e'
const escaped = 'x\\x0aForged line\\x1b]0;title\\x07'

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
