import {box, ipPort, key, nonce, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {hostPort} from '../text.js'

/** Bytes before the box: id, nonce, ip_port, key. */
const header = 1 + limits.nonce + limits.ipPort + limits.publicKey

export const onionRequest = packet({
  name: 'onion_request',
  id: 0x08,
  cToxcore: 'TCP_PACKET_ONION_REQUEST',
  title: 'OnionRequest',
  layer: 'packet',
  sentBy: ['client'],
  about:
    'An onion packet whose first hop is the relay itself: it passes the rest on over UDP to the next node. ' +
    'The first layer of the onion is absent.',
  fields: {
    nonce: nonce('Nonce', 'Shared by all layers of this onion.'),
    ip_port: ipPort('Next node', 'UDP address to which the relay sends the rest.', {padded: true, families: [2, 10]}),
    temporary_pk: key('Temporary key', 'Key with which the next node opens its layer.'),
    payload: box('Payload', 'The two remaining layers.', {
      min: limits.onionRequestMin - header,
      max: limits.onionRequestMax - header,
      keys: 'onion',
      nonce: 'nonce',
      publicKeys: ['temporary_pk'],
      plain: {
        next_ip_port: ipPort('Node after next', 'Where the next node sends the rest.', {
          padded: true,
          families: [2, 10],
        }),
        next_temporary_pk: key('Its temporary key', 'For the node after next, to open its layer.'),
        layer: payload('Layer', 'The innermost layer.', {
          min: limits.onionLayerMin,
          max: limits.onionLayerMax,
          layer: 'onion_layer',
        }),
      },
    }),
  },
  summary: p => `to ${hostPort(p.ip_port)}`,
  source: 'spec.md "Onion packet (0x08)"; c-toxcore TCP_server.c handle_tcp_packet; tox-rs OnionRequest',
})
