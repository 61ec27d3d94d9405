import {data} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const reserved = packet({
  name: 'reserved',
  id: [0x0c, 0x0f],
  title: 'Reserved',
  layer: 'packet',
  sentBy: [],
  about: 'Ids 12 to 15 mean nothing yet; every receiver closes on them.',
  fields: {data: data('Data', 'Unknown.', {min: 0, max: limits.packet - 1})},
  summary: () => '',
  source: 'c-toxcore TCP_server.c handle_tcp_packet (default branch); tox-rs Packet::from_bytes',
})
