import {expect, it} from 'vitest'
import {otherSender, otherSide, senders} from '../../src/wire/side.js'

it('each side and each sender has the other as its other', () => {
  expect([otherSide(0), otherSide(1)]).toEqual([1, 0])
  expect(senders.map(otherSender)).toEqual(senders.toReversed())
})
