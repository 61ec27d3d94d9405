import {countText} from '../../wire/text/phrases.js'
import type {Interception} from '../interception.js'
import {askPacket} from '../keys/ask-packet.js'
import {packetLine} from '../packet-text.js'
import type {BrowserState} from '../state.js'
import type {TextPage} from './text-page.js'

type Held = Interception['held'][number]

const orderLine = ({action, filter, count, milliseconds}: Interception['orders'][number]): string =>
  `${action} the next ${countText(count, 'packet')}${milliseconds === undefined ? '' : `, for ${milliseconds} ms`}` +
  `${filter === '' ? '' : `: ${filter}`}`

/** What is held, and what was ordered about the next packets. It changes while it is shown. */
export function interceptionPage(browser: BrowserState): TextPage {
  const nothing = 'nothing is held, and nothing was ordered; i orders what to do with the next packet of a kind'
  return {
    title: 'Held packets and orders',
    count: () => Math.max(1, browser.interception.held.length + browser.interception.orders.length),
    line(at) {
      const {held, orders} = browser.interception
      const packet = held[at]
      if (packet) return `held   ${packetLine(packet)}`
      const order = orders[at - held.length]
      return order ? `order  ${orderLine(order)}` : nothing
    },
    choose(at) {
      const {held, orders} = browser.interception
      const packet = held[at]
      const order = orders[at - held.length]
      if (packet) decide(browser, packet)
      else if (order) browser.effect({kind: 'cancel', id: order.id})
      // The page stays, for the next packet.
      browser.open(this)
    },
  }
}

function decide(browser: BrowserState, packet: Held): void {
  const all = browser.interception.held
  browser.say(
    `s send it as it is, x drop it, h edit it as hex, j edit it as JSON${
      all.length > 1 ? `; S send all ${all.length}, X drop all` : ''
    }`,
  )
  browser.awaited = key => {
    const {id} = packet
    if (key === 's') browser.effect({kind: 'release', id, plain: undefined})
    else if (key === 'x') browser.effect({kind: 'discard', id})
    // In the order in which they came: a connection's frames are sealed one after the other.
    else if (key === 'S') for (const {id} of all) browser.effect({kind: 'release', id, plain: undefined})
    else if (key === 'X') for (const {id} of all) browser.effect({kind: 'discard', id})
    else if (key === 'h' || key === 'j')
      askPacket(browser, packet, key === 'h' ? 'hex' : 'JSON', plain => browser.effect({kind: 'release', id, plain}))
    else browser.say('the packet is still held')
  }
}
