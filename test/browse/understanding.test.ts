import {beforeAll, describe, expect, it} from 'vitest'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {recordToJson} from '../../src/view/forms/json.js'
import {Play, recordsIn, recordsOf} from './play.js'

let small: RecordSource
let twoClients: RecordSource
let dropped: RecordSource
beforeAll(async () => {
  small = await recordsOf('small', ['sessions.keylog', 'inner.keylog'])
  dropped = await recordsIn('fixtures/demo/dropped.pcap', ['fixtures/demo/dropped.keylog'])
  twoClients = await recordsOf('two_clients', ['sessions.keylog', 'inner.keylog'])
})

describe('the connections', () => {
  it('show who, what opened, findings and the end; Enter shows the records of one', () => {
    const play = new Play(small, {width: 160}).press('o')
    const lines = play.screen
    expect(lines[1]).toContain('Connections')
    expect(lines[2]).toMatch(/C +START CLIENT +RELAY .*STATE +FINDINGS +END/)
    expect(lines[3]).toMatch(/0 +0\.000000 127\.0\.0\.1:47120 +127\.0\.0\.1:34345 .* decrypted .*client closes \(FIN\)/)
    play.press('j enter')
    expect(play.browser.displayed.filter).toBe('connection == 1')
    expect(play.number).toBe(2)
  })
})

describe('the dialogue', () => {
  it('shows both ends of the connection; Enter shows the record of a line', () => {
    const play = new Play(small).press('3 G d')
    expect(play.screen[1]).toContain("Connection 1: the client's packets at the left")
    expect(play.screen[3]).toMatch(/^ +0\.001309 {2}> ClientHandshake/)
    expect(play.screen[4]).toMatch(/^ +0\.012341 {20,}< RelayHandshake/)
    expect(play.press('2 j enter').number).toBe(6)
  })

  it('of the peers shows what they say, where their sessions are opened', async () => {
    expect(new Play(twoClients).press('D').screen.join('\n')).toMatch(/ > .*(is called|is online|status)/)
    expect(new Play(small, {filter: 'connection == 0 && type == ping_request'}).press('D').screen[2]).toBe(
      'no conversation was read: nothing of peers or groups stayed sealed, and nobody says anything',
    )
    expect(new Play(await recordsOf('small'), {width: 120}).press('D').screen[2]).toBe(
      'no conversation was read: it needs the keys of net_crypto sessions or groups, for example with --keylog',
    )
  })
})

describe('statistics', () => {
  it('count the records that are shown', () => {
    const play = new Play(small).press('F s')
    const text = play.screen.join('\n')
    expect(text).toContain('Filter      connection == 0')
    expect(text).toContain('Records     162')
    expect(play.press('G').screen.join('\n')).not.toBe(text)
    expect(play.press('q').browser.page).toBeUndefined()
  })
})

describe('explanations', () => {
  it.each([
    ['7 G e', 'Explanation of ping_request'],
    ['7 G tab G e', 'Explanation of ping_request.ping_id'],
    ['e', 'Explanation of kinds'],
  ])('are about what is chosen: %s', (keys, title) => {
    expect(new Play(small).press(keys).screen[1]).toContain(title)
  })

  it('are about the rule of a finding', () => {
    const play = new Play(small).press('n tab')
    const row = play.browser.tree.findIndex(({finding}) => finding !== undefined)
    const {code} = play.browser.tree[row]!.finding!
    expect(play.press(`${[...String(row)].join(' ')} j e`).screen[1]).toContain(`Explanation of ${code}`)
  })

  it('are about the finding on which n stands, and after it about the type', () => {
    const play = new Play(dropped).press('n e')
    expect([play.number, play.screen[1]]).toEqual([11, expect.stringContaining('Explanation of route-own-key')])
    expect(play.press('q k e').screen[1]).toContain('Explanation of pong_response')
  })

  it('are about the finding on which n stands also where the field that has it was folded', () => {
    const play = new Play(dropped).press('2 n tab k h escape home 2 n e')
    expect([play.number, play.screen[1]]).toEqual([12, expect.stringContaining('Explanation of route-refused')])
    expect(play.browser.folded).toEqual(new Set())
  })

  it('can be asked for by name, which Tab completes', () => {
    const play = new Play(small).press('E').type('oob_rec').press('tab enter')
    expect(play.screen[1]).toContain('Explanation of oob_receive')
    play.press('q E').type('nonsense').press('enter')
    expect(play.foot).toContain('there is nothing called "nonsense"')
  })
})

describe('the list of keys', () => {
  it('has every key, and scrolls', () => {
    const play = new Play(small, {height: 200}).press('?')
    const text = play.screen.join('\n')
    for (const part of ['Moving', 'Jumping', 'Panes', 'Choosing', 'Understanding', 'Taking away', 'Mouse'])
      expect(text).toContain(part)
    expect(text).toContain('Ctrl-F')
    const low = new Play(small).press('?')
    const top = low.screen[2]
    expect(low.press('pagedown').screen[2]).not.toBe(top)
    expect(low.press('g').screen[2]).toBe(top)
  })
})

describe('times', () => {
  it('go through the forms of -t', () => {
    const play = new Play(small).press('7 G')
    const time = () => play.screen[9]!.trim().split(/ {2,}/)[1]
    expect(time()).toBe('0.021538')
    expect(play.press('.').foot).toContain('seconds since the record before')
    expect(play.screen[9]).toContain('0.009197')
    expect(play.press('.').screen[9]).toContain('0.009197')
    expect(play.press('.').screen[9]).toContain('02:00:53.018285')
    expect(play.press('.').screen[9]).toContain('2026-11-23 02:00:53.018285')
    expect(play.press('.').screen[9]).toContain('1795399253.018285')
  })
})

describe('taking away', () => {
  const copied = (keys: string, options = {}) =>
    new Play(small, options).press(keys).effects.find(({kind}) => kind === 'copy')

  it('copies the value, the bytes, the tree, the JSON, the filter and a command line', () => {
    expect(copied('7 G tab G y v')).toMatchObject({text: '9ee9cbcfd2318d92', what: 'the value'})
    expect(copied('7 G tab G y b')).toMatchObject({text: '9ee9cbcfd2318d92', what: 'the bytes'})
    expect(copied('7 G y t')).toMatchObject({text: expect.stringMatching(/^#7 .*PingRequest[\s\S]*Ping id/)})
    expect(copied('7 G y j')).toMatchObject({text: recordToJson(small.record(6), {bytes: true})})
    expect(copied('7 G y f')).toMatchObject({text: 'type == ping_request'})
    const command = ['toxtcp', 'read', 'my capture.pcap', '--keylog', 'k']
    expect(copied('7 G y c', {command, filter: 'connection == 0'})).toMatchObject({
      text: "toxtcp read 'my capture.pcap' --keylog k -Y 'connection == 0' -n 7 -V",
    })
  })

  it('says what can be copied, and that a key is none of it', () => {
    const live = new Play(small, {isProxy: true, command: ['toxtcp', 'read', 'live.pcapng']}).press('7 G y c')
    expect(live.effects.at(-1)).toMatchObject({
      text: "toxtcp read live.pcapng -Y 'connection == 0 && kind == frame && from == client && index == 0' -V",
    })
    expect(new Play(small).press('y').foot).toContain('v value, b bytes, t tree, j JSON, f filter, c command line')
    expect(new Play(small).press('y q').foot).toContain('q is not one of')
  })

  it('writes what is shown, with keys if they are wanted', () => {
    const play = new Play(small).press('F w').type('part.pcapng').press('enter')
    expect(play.foot).toContain('with the keys of their sessions? y or n')
    const effect = play.press('y').effects.at(-1)
    expect(effect).toMatchObject({kind: 'write', path: 'part.pcapng', hasKeys: true})
    expect(effect?.kind === 'write' && [...effect.places].map(place => place + 1)).toEqual(play.shown)
    expect(new Play(small).press('w').type('a').press('enter q').foot).toContain('nothing was written')
  })
})

describe('keys without a meaning', () => {
  it('say so', () => {
    expect(new Play(small).press('B').foot).toContain('B has no meaning here; ? lists the keys')
  })

  it('end and suspend the view', () => {
    for (const key of ['q', 'ctrl-c']) expect(new Play(small).press(key).effects).toEqual([{kind: 'quit'}])
    expect(new Play(small).press('ctrl-z ctrl-l').effects).toEqual([{kind: 'suspend'}, {kind: 'redraw'}])
  })
})
