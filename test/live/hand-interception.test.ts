import {describe, expect, it} from 'vitest'
import {type Interception, noInterception} from '../../src/browse/interception.js'
import {HandInterception} from '../../src/live/hand-interception.js'
import type {Rewriter, Rewritten} from '../../src/proxy/connection-context.js'
import type {PassingPacket} from '../../src/proxy/intercept/intercept-event.js'
import {delayedPackets, delayMilliseconds, handOrders, heldByHand} from '../../src/proxy/limits.js'
import {InputError} from '../../src/wire/input-error.js'

const nothing = {onward: [], back: []}
const ping = (id: number): Uint8Array => Uint8Array.of(4, 0, 0, 0, 0, 0, 0, id >> 8, id & 255)
const fromClient = (plain: Uint8Array, index = 0): PassingPacket => ({from: 'client', index, plain})

/** An interception, what it says, and one connection of it. */
function started(script?: Rewriter) {
  let last: Interception = noInterception
  const sent: unknown[] = []
  const hand = new HandInterception(now => {
    last = now
  })
  let isOver = false
  const on: Rewritten = {
    number: 7,
    client: {ip: '127.0.0.1', port: 1},
    relay: {ip: '127.0.0.1', port: 2},
    inject(...what) {
      if (!isOver) sent.push(what)
      return !isOver
    },
  }
  const rewrite = hand.rewriter(script)(on)
  const end = () => {
    isOver = true
  }
  return {hand, rewrite, sent, end, now: () => last}
}

describe('interception by hand', () => {
  it('takes only packets that the filter of an order matches, by the numbers of their records too', () => {
    const {hand, rewrite, now} = started()
    hand.recordedAs(7, 3)
    hand.order({action: 'drop', filter: 'type == ping_request && connection == 3 && tcp.port == 2', count: 2})
    expect(rewrite(fromClient(Uint8Array.of(16, 1)))).toBeUndefined()
    expect(rewrite(fromClient(ping(1)))).toEqual(nothing)
    expect(now().orders).toMatchObject([{action: 'drop', count: 1}])
    expect(rewrite(fromClient(ping(2)))).toEqual(nothing)
    expect(now()).toEqual(noInterception)
    expect(rewrite(fromClient(ping(3)))).toBeUndefined()
  })

  it('leaves to the script what no order is for, and marks only what the script lets pass', () => {
    const {hand, rewrite} = started(
      () =>
        ({plain}) =>
          plain[0] === 16 ? nothing : undefined,
    )
    hand.order({action: 'mark', filter: '', count: 2})
    expect(rewrite(fromClient(Uint8Array.of(16, 1)))).toEqual(nothing)
    expect(rewrite(fromClient(ping(1)))).toBe('mark')
    expect(rewrite(fromClient(Uint8Array.of(16, 1)))).toEqual(nothing)
  })

  it('sends a held packet as it was, or edited, to the end that it was for', () => {
    const {hand, rewrite, sent, now} = started()
    hand.order({action: 'hold', filter: '', count: 2})
    expect(rewrite(fromClient(ping(1)))).toEqual({...nothing, isHeld: true})
    expect(rewrite({from: 'relay', index: 0, plain: ping(2)})).toEqual({...nothing, isHeld: true})
    const [first, second] = now().held
    hand.release(first!.id, undefined)
    hand.release(second!.id, ping(3))
    expect(sent).toEqual([
      ['relay', ping(1), 'late'],
      ['client', ping(3), 'edited'],
    ])
    expect(now().held).toEqual([])
    expect(() => hand.release(first!.id, undefined)).toThrow('this packet is not held any more')
  })

  it('says that a connection is over', () => {
    const {hand, rewrite, end, now} = started()
    hand.order({action: 'hold', filter: '', count: 1})
    rewrite(fromClient(ping(1)))
    end()
    expect(() => hand.release(now().held[0]!.id, undefined)).toThrow('the connection is over')
    expect(() => hand.inject({connection: 7, from: 'relay', plain: ping(1)})).toThrow('nothing was sent')
  })

  it('refuses a packet that no frame carries, and still holds the one that it was to replace', () => {
    const {hand, rewrite, sent, now} = started()
    const plain = new Uint8Array(65_520)
    expect(() => hand.inject({connection: 7, from: 'relay', plain})).toThrow(InputError)
    hand.order({action: 'hold', filter: '', count: 1})
    rewrite(fromClient(ping(1)))
    const [held] = now().held
    expect(() => hand.release(held!.id, plain)).toThrow('a packet of 65520 bytes does not fit a frame')
    expect([sent, now().held]).toEqual([[], [held]])
  })

  it('holds and remembers a bounded number of packets and orders', () => {
    const {hand, rewrite, now} = started()
    hand.order({action: 'hold', filter: '', count: heldByHand + 10})
    for (let id = 0; id < heldByHand; id++) expect(rewrite(fromClient(ping(id)))).toMatchObject({isHeld: true})
    expect(rewrite(fromClient(ping(0)))).toBeUndefined()
    expect(now().held).toHaveLength(heldByHand)
    for (let order = 1; order < handOrders; order++) hand.order({action: 'drop', filter: 'type == data', count: 1})
    expect(() => hand.order({action: 'drop', filter: '', count: 1})).toThrow(InputError)
  })

  it('lets packets pass while as many of a connection are delayed as may be, and keeps the order', () => {
    const {rewrite, hand, now} = started()
    const milliseconds = delayMilliseconds
    hand.order({action: 'delay', filter: '', count: delayedPackets + 1, milliseconds})
    for (let id = 0; id < delayedPackets; id++)
      expect(rewrite(fromClient(ping(id)))).toEqual({...nothing, delayMilliseconds: milliseconds})
    expect(rewrite(fromClient(ping(0)))).toBeUndefined()
    expect(now().orders).toMatchObject([{action: 'delay', count: 1}])
  })

  it('refuses filters with mistakes and delays that are too long', () => {
    const {hand, now} = started()
    expect(() => hand.order({action: 'drop', filter: 'type ==', count: 1})).toThrow(InputError)
    const milliseconds = delayMilliseconds + 1
    expect(() => hand.order({action: 'delay', filter: '', count: 1, milliseconds})).toThrow('is too long')
    expect(now()).toEqual(noInterception)
  })
})
