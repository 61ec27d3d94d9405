import {beforeAll, describe, expect, it} from 'vitest'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {Play, recordsOf} from './play.js'

let small: RecordSource
let twoClients: RecordSource
beforeAll(async () => {
  small = await recordsOf('small', ['sessions.keylog', 'inner.keylog'])
  twoClients = await recordsOf('two_clients')
})

describe('keys that move in the list', () => {
  it.each([
    ['j', 2],
    ['down down', 3],
    ['5 j', 6],
    ['1 0 j k', 10],
    ['j j j 2 up', 2],
    ['k', 1],
    ['pagedown', 10],
    ['2 ctrl-f', 19],
    ['pagedown pageup', 1],
    ['ctrl-d', 6],
    ['ctrl-d ctrl-u', 1],
    ['G', 346],
    ['end home', 1],
    ['4 2 G', 42],
    ['5 j 0', 1],
    ['G 9 9 9 k', 1],
  ])('%s', (keys, number) => {
    expect(new Play(small).press(keys).number).toBe(number)
  })

  it('refuse a number that no record has, and say which there are', () => {
    const play = new Play(small).press('9 9 9 G')
    expect(play.number).toBe(1)
    expect(play.foot).toContain('record #999 does not exist; numbers go from 1 to 346')
  })

  it('keep the chosen record in sight', () => {
    for (const keys of ['2 0 0 j', 'G', 'G 5 k', '3 pagedown', 'G 1 0 0 k']) {
      const play = new Play(small).press(keys)
      expect(
        play.screen.some(line => line.trimStart().startsWith(`${play.number} `)),
        keys,
      ).toBe(true)
    }
  })
})

describe('the prompt of g', () => {
  it.each([
    ['42', 42],
    ['#42', 42],
    ['', 1],
    ['50%', 174],
    ['100%', 346],
    ['0.033s', 9],
    ['2.980599 s', 12],
    ['02:00:52', 1],
    ['02:00:56', 13],
    ['2026-11-23 02:00:56', 13],
    ['2026-11-23T02:00:53.029', 9],
  ])('goes to %s', (text, number) => {
    const play = new Play(small).press('3 0 j g').type(text).press('enter')
    expect(play.browser.prompt).toBeUndefined()
    expect(play.number).toBe(number)
  })

  it('shows what is wrong with another text, and stays', () => {
    const play = new Play(small).press('g').type('noon').press('enter')
    expect(play.browser.prompt?.mistake?.message).toBe('"noon" is not a number or a time')
    expect(play.press('escape').browser.prompt).toBeUndefined()
  })

  it('says that a time is after the last record', () => {
    expect(new Play(small).press('g').type('900s').press('enter').foot).toContain('no record is as late as that')
  })
})

describe('jumps', () => {
  it('go to the next and the last finding, and back', () => {
    const play = new Play(small).press('n')
    const first = play.number
    expect(small.record(first - 1).findings.length).toBeGreaterThan(0)
    expect(play.press('n').number).toBeGreaterThan(first)
    expect(play.press('N').number).toBe(first)
    expect(play.press('N').foot).toContain('there is no earlier finding')
  })

  it('go to the next of the type and of the connection', () => {
    const play = new Play(small).press('7 G t')
    expect(play.number).toBe(8)
    expect(play.press('T').number).toBe(7)
    expect(play.press('c').number).toBe(9)
    expect(play.press('C').number).toBe(7)
  })

  it('go from a ping to its pong and back', () => {
    const play = new Play(small).press('7 G a')
    expect(play.number).toBe(9)
    expect(play.press('a').number).toBe(7)
  })

  it('go from a handshake to its answer', () => {
    expect(new Play(small).press('3 G a').number).toBe(6)
    expect(new Play(small).press('5 G a').number).toBe(4)
  })

  it('go from a request for a route, a cookie or an onion to its answer, by what both carry', () => {
    const request = (type: string) =>
      Array.from({length: small.count}, (_, at) => small.record(at)).find(
        record => record.from === 'client' && new RegExp(type).test(JSON.stringify([record.window?.type.name])),
      )!
    const play = new Play(small).press(`${[...String(request('route_request').number)].join(' ')} G a`)
    expect(play.browser.record?.window?.type.name).toBe('route_response')
    const onion = new Play(small).press(`${[...String(request('onion_request').number)].join(' ')} G a`)
    expect(onion.browser.record?.window?.type.name).toBe('onion_response')
  })

  it('go to the same packet on the other side of the relay, and back', () => {
    const at = Array.from({length: twoClients.count}, (_, place) => place).find(
      place => twoClients.type(place) === 'data' && twoClients.from(place) === 'client',
    )!
    const play = new Play(twoClients).press(`${[...String(at + 1)].join(' ')} G r`)
    const {record} = play.browser
    expect(record?.from).toBe('relay')
    expect(record?.connection).not.toBe(twoClients.record(at).connection)
    expect(play.press('r').number).toBe(at + 1)
  })

  it('say so where there is nothing to go to', () => {
    expect(new Play(small).press('a').foot).toContain('this record is neither a request nor an answer')
    expect(new Play(small).press('r').foot).toContain('the relay does not pass on packets of this type')
  })

  it('can be taken back and forward', () => {
    const play = new Play(small).press('7 G 4 2 G [')
    expect(play.number).toBe(7)
    expect(play.press('[').number).toBe(1)
    expect(play.press('[').foot).toContain('no jump was made before this')
    expect(play.press('] ]').number).toBe(42)
    expect(play.press('backspace').number).toBe(7)
  })

  it('come back to marks', () => {
    const play = new Play(small).press("7 G m a G ' a")
    expect(play.number).toBe(7)
    expect(play.press("' z").foot).toContain('z is not a mark; marks are a')
    expect(new Play(small).press("'").foot).toContain('nothing is marked')
  })
})
