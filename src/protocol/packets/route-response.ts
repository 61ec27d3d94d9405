import {key} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {connectionId} from '../connection-id.js'
import {limits} from '../limits.js'

export const routeResponse = packet({
  name: 'route_response',
  id: 0x01,
  cToxcore: 'TCP_PACKET_ROUTING_RESPONSE',
  title: 'RouteResponse',
  layer: 'packet',
  sentBy: ['relay'],
  about:
    'Answers a RouteRequest with the connection id of the peer from now on, the lowest free one; 0: refused ' +
    `(own key, or all ${limits.connectionIds} ids in use).`,
  fields: {
    connection_id: connectionId('The id for this peer, 16 to 255, or 0: refused.', {zero: true}),
    pk: key('Peer', 'Key from the request.'),
  },
  summary: (p, keyText) =>
    p.connection_id === 0 ? `refused for ${keyText(p.pk)}` : `id ${p.connection_id} for ${keyText(p.pk)}`,
  source: 'spec.md "Routing response (0x01)"; c-toxcore TCP_server.c send_routing_response; tox-rs RouteResponse',
})
