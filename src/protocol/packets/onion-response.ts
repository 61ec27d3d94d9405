import {payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const onionResponse = packet({
  name: 'onion_response',
  id: 0x09,
  cToxcore: 'TCP_PACKET_ONION_RESPONSE',
  title: 'OnionResponse',
  layer: 'packet',
  sentBy: ['relay'],
  about: 'The answer to an OnionRequest, without its return addresses.',
  fields: {
    payload: payload('Payload', 'The inner response; its first byte is its type: 0x84, 0x86 or 0x88.', {
      min: 1,
      max: limits.onionResponseMax,
      layer: 'onion_response',
    }),
  },
  summary: () => '',
  source: 'spec.md "Onion packet response (0x09)"; c-toxcore TCP_server.c handle_onion_recv_1; tox-rs OnionResponse',
})
