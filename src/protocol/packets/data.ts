import {idByte, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const dataPacket = packet({
  name: 'data',
  id: [limits.firstConnectionId, 255],
  title: 'Data',
  layer: 'packet',
  sentBy: ['client', 'relay'],
  about: 'Data for the peer of a connection id. The packet id is the connection id: one byte, not two.',
  fields: {
    connection_id: idByte('Connection id', 'The id byte itself, 16 to 255.'),
    data: payload('Data', 'The payload, passed on unchanged.', {min: 1, max: limits.packet - 1, layer: 'payload'}),
  },
  summary: p => `id ${p.connection_id}`,
  source: 'spec.md "Data (0x10-0xff)"; c-toxcore TCP_server.c handle_tcp_packet; tox-rs Data',
})
