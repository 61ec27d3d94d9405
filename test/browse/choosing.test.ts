import {beforeAll, describe, expect, it} from 'vitest'
import {treeRows} from '../../src/browse/panes/tree-pane.js'
import {filterOfValue} from '../../src/browse/prompt/field-filter.js'
import {needsBytes} from '../../src/browse/records/filter-needs.js'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {compileFilter} from '../../src/filter/compile.js'
import {PeerNames} from '../../src/view/peer-names.js'
import {theme} from '../../src/view/theme.js'
import {Play, recordsOf} from './play.js'

let small: RecordSource
beforeAll(async () => {
  small = await recordsOf('small', ['sessions.keylog', 'inner.keylog'])
})

const matching = (filter: string): number[] => {
  const matches = compileFilter(filter)
  return Array.from({length: small.count}, (_, at) => at + 1).filter(number => matches(small.record(number - 1)))
}

describe('the filter line', () => {
  it.each([
    'type == ping_request',
    'connection == 1 && from == relay',
    'finding.severity >= note',
    'inner.type',
    'key',
  ])('shows the records that match: %s', filter => {
    const play = new Play(small).press('/').type(filter).press('enter')
    expect(play.shown).toEqual(matching(filter))
    expect(play.screen[0]).toContain(`${play.shown.length} of 346 records`)
  })

  it('stays on the chosen record, or goes to the next one that matches', () => {
    const play = new Play(small).press('8 G /').type('type == ping_request').press('enter')
    expect(play.number).toBe(8)
    expect(play.press('\\').number).toBe(8)
    expect(play.press('/').type('type == pong_response').press('enter').number).toBe(9)
  })

  it('completes names, then the values of the name', () => {
    const play = new Play(small).press('/').type('inner.ty').press('tab')
    expect(play.browser.prompt?.editor.text).toBe('inner.type')
    play.type(' == cookie_req').press('tab')
    expect(play.browser.prompt?.editor.text).toBe('inner.type == cookie_request')
  })

  it('goes through several candidates, there and back, and shows them', () => {
    const play = new Play(small).press('/').type('from == ').press('tab')
    const first = play.browser.prompt!.editor.text
    expect(play.foot).toMatch(/client|relay/)
    const second = play.press('tab').browser.prompt!.editor.text
    expect(new Set([first, second])).toEqual(new Set(['from == client', 'from == relay']))
    expect(play.press('shift-tab').browser.prompt!.editor.text).toBe(first)
  })

  it('offers the values of the chosen record', () => {
    const play = new Play(small).press('7 G /').type('ping_request.ping_id == ').press('tab')
    expect(play.browser.prompt?.editor.text).toBe('ping_request.ping_id == 9ee9cbcfd2318d92')
  })

  it('marks a mistake with a caret as it is typed, and does not take it', () => {
    const play = new Play(small).press('/').type('type == ping_request && frm')
    expect(play.foot).toBe('                                ^^^ unknown field "frm"; did you mean "from"?')
    play.press('enter')
    expect(play.browser.prompt).toBeDefined()
    expect(play.press('escape').shown.length).toBe(346)
  })

  it('recalls older filters, also those of earlier runs, and reports new ones', () => {
    const play = new Play(small, {history: ['from == relay']}).press('/').type('from == client').press('enter')
    expect(play.effects).toEqual([{kind: 'remember', filter: 'from == client'}])
    play.press('/ ctrl-u up')
    expect(play.browser.prompt?.editor.text).toBe('from == client')
    expect(play.press('up').browser.prompt?.editor.text).toBe('from == relay')
    expect(play.press('down down').browser.prompt?.editor.text).toBe('')
  })

  it('takes pasted text, and none where no line is typed', () => {
    const play = new Play(small)
    play.browser.take({kind: 'paste', text: 'q'})
    expect(play.foot).toContain('pasted text is not taken for keys')
    play.press('/').browser.take({kind: 'paste', text: 'type ==\nping_request'})
    expect(play.press('enter').shown).toEqual([7, 8])
  })
})

describe('filters from what is chosen', () => {
  it('only this, not this, or this', () => {
    const play = new Play(small).press('7 G =')
    expect(play.browser.displayed.filter).toBe('type == ping_request')
    play.press('\\ 9 G |')
    expect(play.browser.displayed.filter).toBe('type == pong_response')
    expect(play.press('/ ctrl-u').type('from == client').press('enter').press('!').browser.displayed.filter).toMatch(
      /^from == client && !\(type == \w+\)$/,
    )
  })

  it('take the field that is chosen in the tree', () => {
    const play = new Play(small).press('7 G tab G =')
    expect(play.browser.displayed.filter).toBe('ping_request.ping_id == 9ee9cbcfd2318d92')
    expect(play.shown).toEqual([7])
    expect(play.press('|').browser.displayed.filter).toMatch(/^ping_request.ping_id == \w+ \|\| /)
    expect(play.press('&').browser.displayed.filter).toMatch(/^\(.* \|\| .*\) && /)
  })

  it('take the connection, the key and the severity', () => {
    expect(new Play(small).press('3 G F').browser.displayed.filter).toBe('connection == 1')
    const byKey = new Play(small).press('3 G K')
    expect(byKey.browser.displayed.filter).toMatch(/^key == [0-9a-f]{64}$/)
    expect(byKey.shown).toContain(3)
    const bySeverity = new Play(small).press('F S')
    expect(bySeverity.browser.displayed.filter).toBe('connection == 0 && finding.severity == error')
    expect(bySeverity.press('S S').browser.displayed.filter).toBe('connection == 0 && finding.severity >= note')
    expect(bySeverity.press('S').browser.displayed.filter).toBe('connection == 0')
  })

  it('match the record that they were made from, for every node of every record', () => {
    for (let place = 0; place < small.count; place += 3) {
      const record = small.record(place)
      for (const {node, occurrence, path} of treeRows(record, new Set(), {
        theme: theme(0),
        isAscii: true,
        names: new PeerNames(),
      })) {
        const filter = node?.name === undefined ? undefined : filterOfValue(record, node.name, occurrence)
        if (filter !== undefined) expect(compileFilter(filter)(record), `${path}: ${filter}`).toBe(true)
      }
    }
  })
})

describe('a filter that needs no bytes', () => {
  it.each([
    ['type == ping_request && connection == 0', false],
    ['finding.code == "ping-unanswered" || ip.addr == 127.0.0.1', false],
    ['frame.len > 100', false],
    ['key == 8f01', true],
    ['type == data && inner.type == cookie_request', true],
    ['ping_request.ping_id', true],
    ['!(plaintext contains "x")', true],
  ])('%s: %s', (filter, isNeeded) => {
    expect(needsBytes(filter)).toBe(isNeeded)
  })

  it('matches the same records as with them', () => {
    const filter = 'type == data && from == client && length > 100 && connection == 1 || finding.severity >= note'
    const matches = compileFilter(filter)
    for (let at = 0; at < small.count; at++)
      expect(matches(small.record(at, false)), String(at)).toBe(matches(small.record(at)))
  })
})
