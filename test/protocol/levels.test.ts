import {expect, it} from 'vitest'
import {filled, oob} from '../../src/probe/cases/packets.js'
import {levelOf} from '../../src/protocol/levels.js'
import {cookieRequest} from '../../src/protocol/payloads/cookie-request.js'
import {openedWindow, packetWindow} from '../../src/protocol/table.js'
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
