import {key} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'

export const routeRequest = packet({
  name: 'route_request',
  id: 0x00,
  cToxcore: 'TCP_PACKET_ROUTING_REQUEST',
  title: 'RouteRequest',
  layer: 'packet',
  sentBy: ['client'],
  about:
    'Asks the relay for a connection id for a peer. Answered at once by a RouteResponse, in the order of the requests.',
  fields: {pk: key('Peer', 'Key that the wanted peer announced to this relay.')},
  summary: (p, keyText) => `for ${keyText(p.pk)}`,
  source: 'spec.md "Routing request (0x00)"; c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs RouteRequest',
})
