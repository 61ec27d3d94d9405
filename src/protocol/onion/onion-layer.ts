import {box, ipPort, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const onionLayer = packet({
  name: 'onion_layer',
  id: null,
  title: 'OnionLayer',
  layer: 'onion_layer',
  sentBy: ['client'],
  about: 'The innermost layer of an onion packet, for the last node before the destination.',
  fields: {
    payload: box('Payload', 'Destination and request.', {
      min: limits.onionLayerMin,
      max: limits.onionLayerMax,
      keys: 'onion',
      nonce: 'nonce',
      publicKeys: ['next_temporary_pk'],
      plain: {
        destination: ipPort('Destination', 'Where the last node sends the request.', {
          padded: true,
          families: [2, 10],
        }),
        request: payload('Request', 'What the destination gets.', {
          min: 1,
          max: limits.onionData,
          layer: 'onion_request',
        }),
      },
    }),
  },
  summary: () => '',
  source: 'c-toxcore onion.c create_onion_packet_tcp, handle_send_2; tox-rs OnionRequest2Payload',
})
