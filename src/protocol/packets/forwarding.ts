import {payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const forwarding = packet({
  name: 'forwarding',
  id: 0x0b,
  cToxcore: 'TCP_PACKET_FORWARDING',
  title: 'Forwarding',
  layer: 'packet',
  sentBy: ['relay'],
  about:
    'The answer of a node to a ForwardRequest; c-toxcore only. A c-toxcore relay passes on an empty answer too, ' +
    'on which a c-toxcore client closes.',
  fields: {
    data: payload('Data', 'The answer, as the node sent it.', {min: 1, max: limits.packet - 1, layer: 'forwarded'}),
  },
  summary: () => '',
  source: 'c-toxcore TCP_server.c handle_forward_reply_tcp, TCP_client.c handle_tcp_client_packet',
})
