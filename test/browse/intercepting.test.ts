import {beforeAll, describe, expect, it} from 'vitest'
import {type ConnectionPacket, noInterception} from '../../src/browse/interception.js'
import {packetForms, packetLine} from '../../src/browse/packet-text.js'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../src/wire/input-error.js'
import {Play, recordsOf} from './play.js'

let small: RecordSource
beforeAll(async () => {
  small = await recordsOf('small')
})

/** A view of a proxy that intercepts. The ping request #7 is chosen. */
function intercepting(): Play {
  const play = new Play(small, {isLive: true, isProxy: true, isIntercepting: true})
  return play.press('7 G')
}

const ping = {connection: 0, from: 'client', plain: fromHex('049ee9cbcfd2318d92')} as const

/** A view in which one packet is held. */
function holding(): Play {
  const play = intercepting()
  play.browser.take({kind: 'interception', interception: {...noInterception, held: [{...ping, id: 5}]}})
  return play
}

describe('an order', () => {
  it.each([
    ['i h enter', {action: 'hold', filter: 'type == ping_request && from == client', count: 1}],
    ['3 i x enter', {action: 'drop', filter: 'type == ping_request && from == client', count: 3}],
    ['i m ctrl-u enter', {action: 'mark', filter: '', count: 1}],
    ['i d ctrl-u 2 m s enter ctrl-u enter', {action: 'delay', filter: '', count: 1, milliseconds: 2}],
  ])('is made by %s', (keys, order) => {
    const play = intercepting().press(keys)
    expect(play.effects).toEqual([{kind: 'order', order}])
    expect(play.foot).toContain('ordered: ')
  })

  it('says what is wrong with its filter and its delay, and can be given up', () => {
    const play = intercepting().press('i h').type(' &&').press('enter')
    expect(play.effects).toEqual([])
    expect(play.foot).toContain('^')
    expect(play.press('escape i d').type('x').press('enter').foot).toContain('a delay is a number with a unit')
    expect(play.press('escape i q').foot).toContain('q is not one of h hold, x drop, d delay, m mark')
    expect(play.effects).toEqual([])
  })

  it('is listed, and is cancelled by Enter', () => {
    const play = intercepting()
    const orders = [
      {id: 3, action: 'drop', filter: 'type == data', count: 2},
      {id: 4, action: 'delay', filter: '', count: 1, milliseconds: 500},
    ] as const
    play.browser.take({kind: 'interception', interception: {...noInterception, orders}})
    expect(play.press('I').screen.slice(2, 4)).toEqual([
      'order  drop the next 2 packets: type == data',
      'order  delay the next 1 packet, for 500 ms',
    ])
    expect(play.press('j enter').effects).toEqual([{kind: 'cancel', id: 4}])
  })
})

describe('a held packet', () => {
  it('is counted in the last line, and listed', () => {
    const play = holding()
    expect(play.foot).toContain('1 held')
    expect(play.press('I').screen[2]).toBe(
      'held   PingRequest from the client of connection 0, 9 bytes: 9ee9cbcfd2318d92',
    )
  })

  it.each([
    ['s', {kind: 'release', id: 5, plain: undefined}],
    ['x', {kind: 'discard', id: 5}],
    ['h ctrl-u 0 4 0 5 enter', {kind: 'release', id: 5, plain: Uint8Array.of(4, 5)}],
    ['h ctrl-u enter', {kind: 'release', id: 5, plain: new Uint8Array()}],
    ['j enter', {kind: 'release', id: 5, plain: ping.plain}],
  ])('is decided about by Enter and %s', (keys, effect) => {
    expect(holding().press(`I enter ${keys}`).effects).toEqual([effect])
  })

  it.each([
    ['S', 'release'],
    ['X', 'discard'],
  ])('is decided about with all others by Enter and %s, in the order in which they came', (key, kind) => {
    const play = holding()
    const held = [5, 6, 7].map(id => ({...ping, id}))
    play.browser.take({kind: 'interception', interception: {...noInterception, held}})
    expect(play.press('I enter').foot).toContain('S send all 3, X drop all')
    expect(play.press(key).effects).toMatchObject(held.map(({id}) => ({kind, id})))
  })

  it('is held as long as nothing is decided', () => {
    const play = holding().press('I enter z')
    expect(play.foot).toContain('the packet is still held')
    expect(play.press('enter h').type('0').press('enter').effects).toEqual([])
    expect(play.press('escape').effects).toEqual([])
  })
})

describe('a copy of a packet', () => {
  it('is edited and sent as its sender would', () => {
    const {plain} = ping
    const effect = {kind: 'inject', connection: 0, from: 'client', plain: new Uint8Array(plain)}
    expect(intercepting().press('R h enter').effects).toEqual([effect])
    expect(intercepting().press('R j enter').effects).toEqual([effect])
  })

  it('needs a packet', () => {
    expect(intercepting().press('1 G R').foot).toContain('is not a packet whose bytes are known')
    expect(intercepting().press('R z').foot).toContain('nothing was sent')
  })
})

describe('keys that intercept', () => {
  it.each(['i', 'I', 'R'])('say why they cannot: %s', key => {
    expect(new Play(small).press(key).foot).toContain('only toxtcp proxy --view can intercept packets')
    expect(new Play(small, {isProxy: true}).press(key).foot).toContain('start it with --relay-key FILE')
  })
})

describe('a packet as text', () => {
  const packets = [
    '04deadbeef00000001',
    '0610ff',
    '1000112233',
    '',
    'f0',
    `06${'ab'.repeat(32)}20${'00'.repeat(40)}`,
    '0c0102030405060708',
  ]

  it.each(packets)('is read again as it was: %s', hex => {
    const packet: ConnectionPacket = {connection: null, from: 'client', plain: fromHex(hex)}
    expect(packetForms.hex.read(packetForms.hex.text(packet))).toEqual(packet.plain)
    expect(packetForms.JSON.read(packetForms.JSON.text(packet))).toEqual(packet.plain)
    expect(packetLine(packet)).toContain(`${packet.plain.length} bytes`)
  })

  it.each(['{', '[]', '{}', '{"type":"nothing"}', '{"type":"ping_request","fields":{"ping_id":5}}'])(
    'has mistakes that are named: %s',
    text => {
      expect(() => packetForms.JSON.read(text)).toThrow(InputError)
    },
  )
})
