import {describe, expect, it} from 'vitest'
import {filled, oob, packetOf} from '../../src/probe/cases/packets.js'
import {levelOf, levelsOf, noneOpened, stateOf} from '../../src/protocol/levels.js'
import {cookieRequest} from '../../src/protocol/payloads/cookie-request.js'
import {innerWindow, openedWindow, packetWindow, typeNamed} from '../../src/protocol/table.js'
import {noShift, Window} from '../../src/wire/window.js'

const request = filled(cookieRequest.minLength, 1)
const plain = filled(72, 2)

it('the plaintext of a box is placed where the sealed bytes are, after the MAC', () => {
  const shift = 18
  const window = new Window(cookieRequest, Uint8Array.of(9, 9, ...request), 2, 2 + request.length, shift)
  // The id, a key and a nonce come before the box.
  expect(openedWindow(window, plain)!.shift).toBe(shift + 1 + 32 + 24 + 16)
})

it('a level takes the outermost plaintext if its packet ends with a box, and leaves all of them otherwise', () => {
  const box = new Window(cookieRequest, request, 0, request.length, noShift)
  const [first, second] = [openedWindow(box, plain)!, openedWindow(box, plain)!]
  expect(levelOf(box, [first, second])).toEqual({window: box, opened: first, below: [second]})
  expect(levelOf(box, [])).toEqual({window: box, opened: undefined, below: []})
  const bytes = oob(filled(32, 1), filled(10, 2))
  const clear = packetWindow(bytes, 0, bytes.length, noShift)!
  expect(levelOf(clear, [first])).toEqual({window: clear, opened: undefined, below: [first]})
})

describe('the levels of a packet', () => {
  const data = Uint8Array.of(0x10, 0x18, ...request.subarray(1))
  const sealed = packetWindow(data, 0, data.length, noShift)!
  const box = innerWindow(sealed)!
  const opened = openedWindow(box, plain)!

  it('are the packets inside each other, as far as no box is in the way', () => {
    expect(levelsOf(sealed, noneOpened)).toEqual([
      {window: sealed, opened: undefined},
      {window: box, opened: undefined},
    ])
    expect(levelsOf(null, noneOpened)).toEqual([])
  })

  it('have the plaintexts of the boxes that were opened, and go on in them', () => {
    expect(levelsOf(sealed, [opened])).toEqual([
      {window: sealed, opened: undefined},
      {window: box, opened},
    ])
    const onion = packetOf(8, typeNamed('onion_request').minLength)
    const outer = packetWindow(onion, 0, onion.length, noShift)!
    const first = openedWindow(outer, packetOf(2, 19 + 32 + typeNamed('onion_layer').minLength))!
    const layer = innerWindow(first)!
    expect(layer.type.name).toBe('onion_layer')
    expect(levelsOf(outer, [first]).map(({window, opened: inside}) => [window, inside])).toEqual([
      [outer, first],
      [layer, undefined],
    ])
    const second = openedWindow(layer, Uint8Array.of(2, ...filled(18, 0), 0x83, ...filled(176, 3)))!
    expect(levelsOf(outer, [first, second]).map(({window}) => window.type.name)).toEqual([
      'onion_request',
      'onion_layer',
      'onion_announce_request',
    ])
    expect(levelsOf(outer, [first, second]).map(level => level.opened)).toEqual([first, second, undefined])
  })

  it('say whether their box was opened, stayed sealed, or did not open with a certain key', () => {
    expect(stateOf({window: box, opened}, false)).toBe('open')
    expect(stateOf({window: box, opened: undefined}, false)).toBe('sealed')
    expect(stateOf({window: box, opened: undefined}, true)).toBe('failed')
    expect(stateOf({window: sealed, opened: undefined}, true)).toBe('plain')
  })
})
