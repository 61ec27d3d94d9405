import {data} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

/** Ids between the packet types and the lowest connection id. A new packet type gets the first of them. */
export const reservedIds = {first: 0x0c, last: 0x0f} as const

export const reserved = packet({
  name: 'reserved',
  id: [reservedIds.first, reservedIds.last],
  title: 'Reserved',
  layer: 'packet',
  sentBy: [],
  about: `Ids ${reservedIds.first} to ${reservedIds.last} have no meaning yet: every receiver closes the connection.`,
  fields: {data: data('Data', 'Unknown.', {min: 0, max: limits.packet - 1})},
  summary: () => '',
  source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs relay/mod.rs Packet',
})
