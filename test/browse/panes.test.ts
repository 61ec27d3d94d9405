import {beforeAll, describe, expect, it} from 'vitest'
import {styles} from '../../src/browse/cells.js'
import type {RecordSource} from '../../src/browse/records/record-source.js'
import {Play, recordsOf} from './play.js'

let small: RecordSource
beforeAll(async () => {
  small = await recordsOf('small', ['sessions.keylog', 'inner.keylog'])
})

const titles = (play: Play): string[] => play.screen.flatMap(line => /^── (Packets|Fields|Bytes)/.exec(line)?.[1] ?? [])

describe('panes', () => {
  it('are three, and Tab goes round', () => {
    const play = new Play(small)
    expect(titles(play)).toEqual(['Packets', 'Fields', 'Bytes'])
    expect(play.press('tab').browser.focus).toBe('tree')
    expect(play.press('tab').browser.focus).toBe('bytes')
    expect(play.press('tab').browser.focus).toBe('list')
    expect(play.press('shift-tab').browser.focus).toBe('bytes')
    expect(play.press('escape').browser.focus).toBe('list')
    expect(play.press('enter').browser.focus).toBe('tree')
    expect(play.press('enter').browser.focus).toBe('bytes')
  })

  it('can be shown alone, also the next one', () => {
    const play = new Play(small).press('z')
    expect(titles(play)).toEqual(['Packets'])
    expect(titles(play.press('tab'))).toEqual(['Fields'])
    expect(titles(play.press('z'))).toEqual(['Packets', 'Fields', 'Bytes'])
  })

  it('can be hidden, but for the last, and come back', () => {
    const play = new Play(small).press('tab tab x')
    expect(titles(play)).toEqual(['Packets', 'Fields'])
    expect(play.browser.focus).toBe('list')
    expect(titles(play.press('x'))).toEqual(['Fields'])
    expect(play.press('x').foot).toContain('the last pane cannot be hidden')
    expect(titles(play.press('X'))).toEqual(['Packets', 'Fields', 'Bytes'])
  })

  it('become larger and smaller', () => {
    const rows = (play: Play) => play.browser.layout.get('list')!.rows
    const play = new Play(small)
    const usual = rows(play)
    expect(rows(play.press('5 +'))).toBeGreaterThan(usual)
    expect(rows(play.press('1 0 -'))).toBeLessThan(usual)
    expect(rows(play.press('X'))).toBe(usual)
  })

  it.each([
    [60, 15],
    [80, 24],
    [120, 40],
    [200, 50],
    [20, 5],
    [400, 100],
  ])('fill a screen of %i x %i, and every key draws', (width, height) => {
    const play = new Play(small, {width, height})
    for (const keys of ['2 0 G', 'tab j j', 'tab l l', 'z', 'z', 'x', 'X', 'o', 'q', 's', 'q', 'e', 'q', '?', 'q', '/'])
      expect(play.press(keys).screen.length).toBe(height)
  })

  it('say where the screen is too small', () => {
    expect(new Play(small, {width: 12, height: 4}).screen[0]).toBe('too small')
  })

  it('follow the size of the terminal', () => {
    const play = new Play(small)
    play.browser.take({kind: 'resize', width: 60, height: 15})
    expect(play.screen.length).toBe(15)
    expect(Math.max(...play.screen.map(line => line.length))).toBeLessThanOrEqual(60)
  })
})

describe('texts that are cut', () => {
  it('are marked, and a page says how far it is scrolled whatever its title', () => {
    const play = new Play(small, {width: 60, height: 12}).press('3 G d')
    expect(play.screen[1]).toMatch(/^── Connection \d: the client's packets at .*… {2}1-9 of [\d,]+ ─+$/)
    play.press('q /').type('oob_s')
    expect(play.foot).toMatch(/^ +\^+ unknown field "oob_s"; did you mean .*…$/)
  })
})

describe('the tree', () => {
  it('folds and unfolds its nodes, and remembers that for the next record', () => {
    const play = new Play(small).press('7 G tab j j j')
    expect(play.node).toMatch(/^PingRequest id/)
    const rows = play.browser.tree.length
    expect(play.press('space').browser.tree.length).toBe(rows - 1)
    expect(play.press('tab tab j').browser.tree.some(({isFolded}) => isFolded)).toBe(true)
    expect(play.press('tab l').browser.tree.length).toBe(rows)
    expect(play.press('l').node).toMatch(/^Ping id/)
    expect(play.press('h').node).toMatch(/^PingRequest/)
    expect(play.press('h').browser.tree.length).toBe(rows - 1)
    expect(play.press('h h').node).toMatch(/^PingRequest 7287/)
  })

  it('stays on the field when another record is chosen', () => {
    const play = new Play(small).press('7 G tab G')
    expect(play.node).toBe('Ping id 9ee9cbcfd2318d92')
    expect(play.press('escape j tab').node).toBe('Ping id 7287d75ef28124fb')
  })

  it('shows every finding with what receivers do', () => {
    const play = new Play(small).press('n tab G')
    expect(play.browser.tree.some(({finding}) => finding !== undefined)).toBe(true)
  })
})

describe('the bytes', () => {
  /** Hex digits that are marked, panel by panel: brackets are around them where there is no colour. */
  const marked = (play: Play): string =>
    play.screen
      .join('\n')
      .match(/\[[0-9a-f ]*[\]\n]|(?<=\n)[0-9a-f]{4}\[[^\]]*\]/g)
      ?.join('')
      .replace(/[^0-9a-f]/g, '') ?? ''

  it('mark the chosen field, sealed and plain', () => {
    const play = new Play(small).press('7 G tab G')
    // The id on the wire is sealed; beside it is what it opens to.
    expect(marked(play)).toContain('9ee9cb')
    expect(play.screen.join('\n')).toContain('19-26 of the frame')
  })

  it('choose the smallest node that has the byte', () => {
    const play = new Play(small).press('7 G tab tab')
    expect(play.press('1 9 l').node).toBe('Ping id 9ee9cbcfd2318d92')
    expect(play.press('h').node).toMatch(/^PingRequest id/)
    expect(play.press('home').node).toMatch(/^Frame length 27/)
    expect(play.press('end').node).toMatch(/^Ping id/)
    expect(play.browser.draw().cursor).toBeDefined()
  })

  it('choose fields inside of opened boxes', () => {
    const place = Array.from({length: small.count}, (_, at) => at).find(at => small.record(at).opened.length > 0)!
    const play = new Play(small).press(`${[...String(place + 1)].join(' ')} G tab G`)
    const {range} = play.browser.tree.at(-1)!
    const node = play.node
    play.press('tab home')
    play.press(`${[...String(range![0])].join(' ')} l`)
    expect(play.node).toBe(node)
  })
})

describe('the mouse', () => {
  it('chooses a record, a node and a byte, and scrolls', () => {
    const play = new Play(small)
    play.browser.take({kind: 'mouse', x: 5, y: 9, action: 'press'})
    expect(play.number).toBe(7)
    const tree = play.browser.layout.get('tree')!
    play.browser.take({kind: 'mouse', x: 5, y: tree.y + 3, action: 'press'})
    expect([play.browser.focus, play.browser.treeRow]).toEqual(['tree', 2])
    const bytes = play.browser.layout.get('bytes')!
    play.browser.take({kind: 'mouse', x: 6, y: bytes.y + 2, action: 'press'})
    expect([play.browser.focus, play.browser.byte]).toEqual(['bytes', 0])
    play.browser.take({kind: 'mouse', x: 5, y: 5, action: 'down'})
    expect(play.number).toBe(10)
    play.browser.take({kind: 'mouse', x: 5, y: 5, action: 'up'})
    expect(play.number).toBe(7)
  })
})

describe('colours', () => {
  it('are those of the lists that read prints', () => {
    const cells = new Play(small, {colorLevel: 1}).browser.draw()
    const style = (text: string): number => {
      const y = Array.from({length: cells.height}, (_, row) => row).find(row => cells.row(row).includes(text))!
      return cells.styles[y * cells.width + cells.row(y).indexOf(text)]!
    }
    expect(style('PingRequest') & styles.bold).toBe(styles.bold)
    expect(style('client ') & 0xff).toBe(36)
    expect(style('relay ') & 0xff).toBe(35)
  })

  it('are absent without them; the chosen line is inverse all the same', () => {
    const cells = new Play(small).browser.draw()
    expect(cells.styles.every(style => (style & 0xff) === 0)).toBe(true)
    expect(cells.styles.some(style => (style & styles.inverse) !== 0)).toBe(true)
  })

  it('and lines use ASCII alone where that is asked for', () => {
    expect(new Play(small, {isAscii: true}).press('7 G').screen.join('\n')).toMatch(/^[\n -~]*$/)
  })
})
