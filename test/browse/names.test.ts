import {beforeAll, describe, expect, it} from 'vitest'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {type GivenNames, PeerNames} from '../../src/view/peer-names.js'
import {Play, recordsOf} from './play.js'

/** DHT keys of two clients: one says that it is called Бо, the other one Анна and later Анна Новая. */
const bo = '4614…d15c'
const anna = '6e3d…dd11'
let records: RecordSource
beforeAll(async () => {
  records = await recordsOf('two_clients', ['sessions.keylog', 'inner.keylog'])
})

/** A view that has learned the names in all records. */
function opened(given: GivenNames = {}): Play {
  const names = new PeerNames(given)
  for (let place = 0; place < records.count; place++) names.learn(records.record(place))
  return new Play(records, {names, width: 160, height: 120})
}

describe('the name of a peer in the view', () => {
  it('is beside its key in the list and the tree, also in packets before the one that says it', () => {
    const play = opened()
    expect(play.screen.filter(row => row.includes(bo) && !row.includes(`Бо (${bo})`))).toEqual([])
    expect(play.screen.some(row => row.includes(`Бо (${bo})`) || row.includes(`Анна Новая (${anna})`))).toBe(true)
    play.browser.filter('route_request')
    const [first] = play.settle().browser.tree
    expect(`${first!.title} ${first!.text}`).toMatch(/for (Бо|Анна Новая) \(/)
  })

  it('changes in the tree that is shown when the peer says another one', () => {
    const names = new PeerNames()
    const play = new Play(records, {names})
    play.browser.filter('route_request')
    const before = play.settle().browser.tree[0]!.text
    for (let place = 0; place < records.count; place++) names.learn(records.record(place))
    expect(before).not.toContain('(')
    expect(play.browser.tree[0]!.text).toMatch(/(Бо|Анна Новая) \(/)
  })

  it('is in the dialogue of a connection, the statistics and a copied tree', () => {
    const play = opened()
    expect(play.press('d').screen.join('\n')).toContain(`ClientHandshake of Анна Новая (${anna})`)
    expect(play.press('q s').screen.join('\n')).toContain(`Анна Новая (${anna})`)
    play.press('q').browser.filter('route_request')
    play.press('y t')
    expect(play.effects.at(-1)).toMatchObject({kind: 'copy', text: expect.stringMatching(/(Бо|Анна Новая) \(/)})
  })

  it('is in the conversation where the filter leaves out the packets that say it', () => {
    const play = opened()
    play.browser.filter('message')
    const rows = play
      .settle()
      .press('D')
      .screen.filter(row => row.includes(' > '))
    expect(rows.length).toBeGreaterThan(10)
    expect(
      rows.filter(row => !/(?:Anna|Анна(?: Новая)?) > Бо {2}|Бо > (?:Anna|Анна(?: Новая)?) {2}/.test(row)),
    ).toEqual([])
  })

  it('is that of a label before all others, and is not in a copied value or JSON', () => {
    const key = keyOf(anna)
    const play = opened({labels: new Map([[key, 'Label']])})
    expect(play.press('s').screen.join('\n')).toContain(`Label (${anna})`)
    play.press('q').browser.filter(`route_request.pk == ${key}`)
    play.settle().press('y j')
    expect(play.effects.at(-1)).toMatchObject({kind: 'copy', text: expect.not.stringContaining('Label')})
  })
})

/** The whole key of which this is the short form. */
function keyOf(short: string): string {
  const [start, end] = short.split('…') as [string, string]
  for (let place = 0; place < records.count; place++) {
    const peer = records.record(place).inferred?.peer
    if (peer?.startsWith(start) && peer.endsWith(end)) return peer
  }
  throw new Error(`no record names ${short}`)
}
