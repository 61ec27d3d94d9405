import {connect, ping, pong, route, routed} from '../../src/probe/cases/packets.js'
import {keysOf} from './keys.js'
import {type Play, play} from './play.js'

/** The two clients of one relay; the connection of the first is 0, that of the second 1. */
export const clients = [keysOf(1), keysOf(2)] as const
/** Their public keys. */
export const [firstPk, secondPk] = clients.map(({client}) => client.publicKey) as [Uint8Array, Uint8Array]

/** Both clients have greeted the relay. */
export const both = (): Play =>
  play(clients[0])
    .client(ping(1))
    .relay(pong(1))
    .open(clients[1], {greets: false})
    .clientHandshake(clients[1])
    .relayHandshake(clients[1])
    .client(ping(1))
    .relay(pong(1))

/** Each has asked for the other, and has the id 16 for it, without a notification so far. */
export const asked = (): Play =>
  both()
    .on(0)
    .client(route(secondPk))
    .relay(routed(16, secondPk))
    .on(1)
    .client(route(firstPk))
    .relay(routed(16, firstPk))

/** Both are online. */
export const online = (): Play => asked().on(1).relay(connect(16)).on(0).relay(connect(16))
