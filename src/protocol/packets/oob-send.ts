import {key, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const oobSend = packet({
  name: 'oob_send',
  id: 0x06,
  cToxcore: 'TCP_PACKET_OOB_SEND',
  title: 'OobSend',
  layer: 'packet',
  sentBy: ['client'],
  about:
    'Out-of-band data, for a peer without a connection id. The relay drops it silently if that peer is not connected.',
  fields: {
    destination_pk: key('Destination', 'Key that the receiver announced to this relay.'),
    data: payload('Data', 'Opaque to the relay.', {min: 1, max: limits.oobData, layer: 'payload'}),
  },
  summary: (p, keyText) => `to ${keyText(p.destination_pk)}`,
  source: 'spec.md "OOB send (0x06)"; c-toxcore TCP_server.c handle_tcp_oob_send; tox-rs OobSend',
})
