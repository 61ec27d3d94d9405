import {beforeAll, expect, it} from 'vitest'
import {bindingOf} from '../../src/browse/keys/bindings.js'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {Play, recordsOf} from './play.js'

let small: RecordSource
beforeAll(async () => {
  small = await recordsOf('small', ['sessions.keylog', 'inner.keylog'])
})

const proxy = {isLive: true, isProxy: true, isIntercepting: true}

/** Keys that bring the view to each place, at the ping request #7. */
const ways = {
  list: '7 G',
  tree: '7 G tab G',
  bytes: '7 G tab tab home',
  page: '7 G ?',
} as const
type Place = keyof typeof ways

const usualPanes = 'list 11, tree 9, bytes 5'

/** The state of a view, as far as a key changes it. */
function outcome(play: Play): string {
  const {browser} = play
  const {page, prompt, message, focus} = browser
  const where = focus === 'tree' ? `, ${play.node}` : focus === 'bytes' ? `, byte ${browser.byte}` : ''
  const panes = [...browser.layout].map(([pane, {rows}]) => `${pane} ${rows}`).join(', ')
  return [
    page ? `page ${page.page.title.slice(0, 30)}, line ${page.top + page.line}` : `#${play.number} ${focus}${where}`,
    `${browser.displayed.count} of ${small.count}`,
    ...(prompt || panes === usualPanes ? [] : [`panes ${panes}`]),
    ...(prompt ? [`asks ${prompt.spec.label}${prompt.editor.text}`] : []),
    ...(message ? [`says ${message.text.slice(0, 60)}`] : []),
    ...play.effects.map(({kind}) => `does ${kind}`),
  ].join(' | ')
}

/** Every key that does something, where it does it. */
const keys: readonly [Place, string, string][] = [
  ['list', 'up', '#6 list | 346 of 346'],
  ['list', 'down', '#8 list | 346 of 346'],
  ['list', 'home', '#1 list | 346 of 346'],
  ['list', 'end', '#346 list | 346 of 346'],
  ['list', '2 pagedown pageup', '#16 list | 346 of 346'],
  ['list', 'pagedown', '#16 list | 346 of 346'],
  ['list', 'enter', '#7 tree, PingRequest 9ee9cbcfd2318d92 | 346 of 346'],
  ['list', 'tab escape', '#7 list | 346 of 346'],
  ['list', 'tab', '#7 tree, PingRequest 9ee9cbcfd2318d92 | 346 of 346'],
  ['list', 'f1', 'page Keys, line 0 | 346 of 346'],
  ['list', '4 2 G alt-left', '#7 list | 346 of 346'],
  ['list', '4 2 G [ alt-right', '#42 list | 346 of 346'],
  ['list', 'shift-tab', '#7 bytes, byte 0 | 346 of 346'],
  ['list', '4 2 G backspace', '#7 list | 346 of 346'],
  ['list', '2 pagedown ctrl-b', '#16 list | 346 of 346'],
  ['list', 'ctrl-c', '#7 list | 346 of 346 | does quit'],
  ['list', 'ctrl-d', '#12 list | 346 of 346'],
  ['list', 'ctrl-f', '#16 list | 346 of 346'],
  ['list', 'ctrl-l', '#7 list | 346 of 346 | does redraw'],
  ['list', '4 2 G ctrl-o', '#7 list | 346 of 346'],
  ['list', '2 pagedown ctrl-u', '#20 list | 346 of 346'],
  ['list', 'ctrl-z', '#7 list | 346 of 346 | does suspend'],
  ['list', '!', '#9 list | 344 of 346 | does remember'],
  ['list', '&', '#7 list | 2 of 346 | does remember'],
  ['list', "m a G '", '#346 list | 346 of 346 | says go to mark: a'],
  ['list', '5 +', '#7 list | 346 of 346 | panes list 13, tree 7, bytes 5'],
  ['list', '-', '#7 list | 346 of 346 | panes list 10, tree 9, bytes 6'],
  ['list', '.', '#7 list | 346 of 346 | says times are now: seconds since the record before'],
  ['list', '/', '#7 list | 346 of 346 | asks filter: '],
  ['list', '0', '#1 list | 346 of 346'],
  ['list', '=', '#7 list | 2 of 346 | does remember'],
  ['list', '?', 'page Keys, line 0 | 346 of 346'],
  ['list', 'G C', '#345 list | 346 of 346'],
  ['list', 'D', 'page Conversation of the peers, line 0 | 346 of 346'],
  ['list', 'E', '#7 list | 346 of 346 | asks explain: '],
  ['list', 'F', '#7 list | 162 of 346 | does remember'],
  ['list', 'G', '#346 list | 346 of 346'],
  ['list', 'I', 'page Held packets and orders, line 0 | 346 of 346'],
  ['list', '3 G K', '#3 list | 241 of 346 | does remember'],
  ['list', 'n M', 'page Messages, line 0 | 346 of 346'],
  ['list', 'G N', '#309 list | 346 of 346'],
  ['list', 'R', '#7 list | 346 of 346 | says send a packet like this one, as the client: h edit it as hex'],
  ['list', 'S S S', '#267 list | 5 of 346 | does remember | does remember | does remember'],
  ['list', 'G T', '#345 list | 346 of 346'],
  ['list', 'x X', '#7 tree, PingRequest 9ee9cbcfd2318d92 | 346 of 346'],
  ['list', '4 2 G [', '#7 list | 346 of 346'],
  ['list', 'F \\', '#7 list | 346 of 346 | does remember'],
  ['list', '4 2 G [ ]', '#42 list | 346 of 346'],
  ['list', '^', '#1 list | 346 of 346'],
  ['list', 'a', '#9 list | 346 of 346'],
  ['list', 'c', '#9 list | 346 of 346'],
  ['list', 'd', "page Connection 0: the client's pac, line 0 | 346 of 346"],
  ['list', 'e', 'page Explanation of ping_request, line 0 | 346 of 346'],
  ['list', 'f', '#7 list | 346 of 346 | says no more records come'],
  ['list', 'g', '#7 list | 346 of 346 | asks go to: '],
  ['list', 'i', '#7 list | 346 of 346 | says the next packet: h hold, x drop, d delay, m mark'],
  ['list', 'j', '#8 list | 346 of 346'],
  ['list', 'k', '#6 list | 346 of 346'],
  ['list', 'm', '#7 list | 346 of 346 | says mark: type a letter'],
  ['list', 'n', '#267 list | 346 of 346'],
  ['list', 'o', 'page Connections, line 0 | 346 of 346'],
  ['list', 'p', '#7 list | 346 of 346 | says no more records come'],
  ['list', 'q', '#7 list | 346 of 346 | does quit'],
  ['list', '2 4 7 G r', '#253 list | 346 of 346'],
  ['list', 's', 'page Statistics of the records show, line 0 | 346 of 346'],
  ['list', 't', '#8 list | 346 of 346'],
  ['list', 'F w', '#7 list | 162 of 346 | asks write the packets of 162 records to:  | does remember'],
  ['list', 'x', '#7 tree, PingRequest 9ee9cbcfd2318d92 | 346 of 346 | panes tree 16, bytes 10'],
  ['list', 'y', '#7 list | 346 of 346 | says copy: v value, b bytes, t tree, j JSON, f filter, c command '],
  ['list', 'tab z', '#7 tree, PingRequest 9ee9cbcfd2318d92 | 346 of 346 | panes tree 27'],
  ['list', 'F |', '#7 list | 163 of 346 | does remember | does remember'],
  ['tree', 'left', '#7 tree, PingRequest id 0x04 | 346 of 346'],
  ['tree', 'home right', '#7 tree, Connection 0, 127.0.0.1:47120 > 127.0.0.1:34345 | 346 of 346'],
  ['tree', 'enter', '#7 bytes, byte 19 | 346 of 346'],
  ['tree', 'home space', '#7 tree, PingRequest 9ee9cbcfd2318d92 | 346 of 346'],
  ['tree', 'h', '#7 tree, PingRequest id 0x04 | 346 of 346'],
  ['tree', 'home l', '#7 tree, Connection 0, 127.0.0.1:47120 > 127.0.0.1:34345 | 346 of 346'],
  ['bytes', '9 l left', '#7 bytes, byte 8 | 346 of 346'],
  ['bytes', 'right', '#7 bytes, byte 1 | 346 of 346'],
  ['bytes', '9 l h', '#7 bytes, byte 8 | 346 of 346'],
  ['bytes', 'l', '#7 bytes, byte 1 | 346 of 346'],
  ['page', '5 j up', 'page Keys, line 4 | 346 of 346'],
  ['page', 'down', 'page Keys, line 1 | 346 of 346'],
  ['page', 'G home', 'page Keys, line 0 | 346 of 346'],
  ['page', 'end', 'page Keys, line 66 | 346 of 346'],
  ['page', '2 pagedown pageup', 'page Keys, line 27 | 346 of 346'],
  ['page', 'pagedown', 'page Keys, line 27 | 346 of 346'],
  ['page', 'enter', 'page Keys, line 0 | 346 of 346'],
  ['page', 'escape', '#7 list | 346 of 346'],
  ['page', 'f1', 'page Keys, line 0 | 346 of 346'],
  ['page', 'space', 'page Keys, line 27 | 346 of 346'],
  ['page', '2 pagedown ctrl-b', 'page Keys, line 27 | 346 of 346'],
  ['page', 'ctrl-c', '#7 list | 346 of 346'],
  ['page', 'ctrl-f', 'page Keys, line 27 | 346 of 346'],
  ['page', '?', 'page Keys, line 0 | 346 of 346'],
  ['page', 'G', 'page Keys, line 66 | 346 of 346'],
  ['page', 'G g', 'page Keys, line 0 | 346 of 346'],
  ['page', 'j', 'page Keys, line 1 | 346 of 346'],
  ['page', '5 j k', 'page Keys, line 4 | 346 of 346'],
  ['page', 'q', '#7 list | 346 of 346'],
]

it.each(keys)('in the %s, %s: %s', (place, pressed, expected) => {
  const play = new Play(small, proxy).press(ways[place])
  play.effects.length = 0
  expect(outcome(play.press(pressed))).toBe(expected)
})

/** Names of all keys that a terminal can send. */
const named = [
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pageup',
  'pagedown',
  'enter',
  'escape',
  'tab',
  'f1',
  'alt-left',
  'alt-right',
]
const others = [
  'shift-tab',
  'backspace',
  'delete',
  'space',
  ...[...'abcdefghijklmnopqrstuvwxyz'].map(each => `ctrl-${each}`),
]
const printable = Array.from({length: 0x7f - 0x21}, (_, at) => String.fromCharCode(0x21 + at))

it('all keys that have a meaning are played here', () => {
  const played = new Set(keys.map(([place, pressed]) => `${place} ${pressed.split(' ').at(-1)}`))
  const missing: string[] = []
  for (const place of Object.keys(ways) as Place[]) {
    const {browser} = new Play(small, proxy).press(ways[place])
    for (const key of [...named, ...others, ...printable]) {
      const binding = bindingOf(browser, key)
      // What a key does in every pane is played in the list.
      const where = binding?.where || !binding ? place : 'list'
      if (binding && !played.has(`${where} ${key}`)) missing.push(`${where} ${key}`)
    }
  }
  expect([...new Set(missing)]).toEqual([])
})
