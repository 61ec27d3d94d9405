import {ipPort, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {hostPort} from '../text.js'

export const forwardRequest = packet({
  name: 'forward_request',
  id: 0x0a,
  cToxcore: 'TCP_PACKET_FORWARD_REQUEST',
  title: 'ForwardRequest',
  layer: 'packet',
  sentBy: ['client'],
  about:
    'Asks the relay to send data by UDP (0x91) to a node. The relay itself does not answer: only the reply of the ' +
    'node comes back. c-toxcore from 0.2.14 on; unknown to tox-rs.',
  fields: {
    ip_port: ipPort('Destination', 'UDP address of the node.', {padded: false, families: [2, 10]}),
    data: payload('Data', 'Sent on to the node.', {min: 0, max: limits.forwardData, layer: 'forwarded'}),
  },
  summary: p => `to ${hostPort(p.ip_port)}`,
  source: 'c-toxcore TCP_server.c handle_tcp_packet, forwarding.c send_forwarding',
})
