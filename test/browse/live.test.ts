import {beforeAll, describe, expect, it} from 'vitest'
import {Browser} from '../../src/browse/browser.js'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {recordsOf} from './play.js'

let small: RecordSource
beforeAll(async () => {
  small = await recordsOf('small')
})

/** A view of records that come, and of which the first ones may fall out. */
function live(count: number) {
  const window = {count, first: 0}
  const source: RecordSource = Object.assign(Object.create(small) as RecordSource, {
    connection: small.connection,
    kind: small.kind,
    state: small.state,
    from: small.from,
    type: small.type,
    severity: small.severity,
    micros: small.micros,
    record: (at: number, isWhole?: boolean) => small.record(at, isWhole),
  })
  Object.defineProperties(source, {count: {get: () => window.count}, first: {get: () => window.first}})
  const size = {width: 100, height: 30}
  const browser = new Browser(source, {
    ...({...size, colorLevel: 0, isAscii: false, timeForm: 'r', title: '-', isLive: true} as const),
  })
  const press = (keys: string) => {
    for (const key of keys.split(' ')) browser.take({kind: 'key', key})
    return look()
  }
  const look = () => {
    while (browser.work(() => false));
    const cells = browser.draw()
    return Array.from({length: cells.height}, (_, y) => cells.row(y)).join('\n')
  }
  const come = (more: number) => {
    window.count += more
    return look()
  }
  const lose = (first: number) => {
    window.first = first
    return look()
  }
  return {browser, press, come, lose, look}
}

describe('records that come while they are looked at', () => {
  it('are followed, until another one is chosen', () => {
    const {browser, press, come} = live(50)
    come(10)
    expect(browser.place).toBe(59)
    press('k')
    expect(come(10)).toContain('paused')
    expect(browser.place).toBe(58)
    expect(press('G')).toContain('following')
    come(5)
    expect(browser.place).toBe(74)
  })

  it('wait while the view is paused; none is lost', () => {
    const {browser, press, come} = live(50)
    come(1)
    press('p')
    come(100)
    expect(browser.place).toBe(50)
    expect(browser.displayed.count).toBe(151)
    press('p')
    expect(browser.place).toBe(150)
  })

  it('are filtered as they come', () => {
    const {browser, press, come} = live(6)
    browser.filter('type == ping_request')
    come(4)
    expect(browser.displayed.count).toBe(2)
    press('\\')
    expect(browser.displayed.count).toBe(10)
  })

  it('fall out at the front where only some are kept, and are counted', () => {
    const {browser, press, lose} = live(300)
    press('k')
    expect(lose(200)).toContain('200 older ones dropped')
    expect(browser.displayed.count).toBe(100)
    expect(press('home')).toContain('Fields of #201')
    browser.filter('connection == 0')
    const shown = browser.displayed.count
    lose(250)
    expect(browser.displayed.count).toBeLessThan(shown)
    expect([...browser.displayed.places()].every(place => place >= 250)).toBe(true)
  })

  it('fall out while the view is paused, and the chosen one stays until it does', () => {
    const {browser, press, come, lose} = live(100)
    come(1)
    press('2 0 k')
    expect(browser.place).toBe(80)
    lose(50)
    expect(browser.place).toBe(80)
    press('k')
    expect(browser.place).toBe(79)
    browser.filter('connection == 0')
    const chosen = browser.place
    lose(60)
    expect(browser.place).toBe(chosen)
    lose(90)
    expect(browser.place).toBe(browser.displayed.at(0))
    browser.filter('')
    press('m a')
    lose(100)
    expect(press("' a")).toContain('has fallen out; the first record that is kept is #101')
  })

  it('can fall out while a dialogue of them is shown', () => {
    const {press, lose} = live(200)
    press('k d')
    expect(lose(150)).toContain('has fallen out')
    expect(press('q s')).toContain('Statistics')
    lose(190)
  })

  it('are read to their end at last', () => {
    const {browser, press, look} = live(50)
    browser.take({kind: 'loaded'})
    expect(look()).not.toContain('following')
    expect(press('f')).toContain('no more records come')
  })
})
