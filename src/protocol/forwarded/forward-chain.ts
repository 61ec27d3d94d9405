import {key, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const forwardChain = packet({
  name: 'forward_chain',
  id: 0x90,
  cToxcore: 'NET_PACKET_FORWARD_REQUEST',
  title: 'ForwardChain',
  layer: 'forwarded',
  sentBy: ['client'],
  about: 'Asks the node that gets it to pass the rest on to another node of the DHT. Up to four follow one another.',
  fields: {
    next_pk: key('Next node', 'DHT key of the node that gets the rest.'),
    data: payload('Data', 'Passed on to that node.', {min: 0, max: limits.forwardData - 33, layer: 'forwarded'}),
  },
  summary: (p, keyText) => `to ${keyText(p.next_pk)}`,
  source: 'c-toxcore forwarding.c create_forward_chain_packet, handle_forward_request_dht',
})
