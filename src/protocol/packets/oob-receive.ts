import {key, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const oobReceive = packet({
  name: 'oob_receive',
  id: 0x07,
  cToxcore: 'TCP_PACKET_OOB_RECV',
  title: 'OobReceive',
  layer: 'packet',
  sentBy: ['relay'],
  about: 'Data that a peer sent by OobSend.',
  fields: {
    sender_pk: key('Sender', 'Key that the sender announced to this relay.'),
    data: payload('Data', 'The data, unchanged.', {min: 1, max: limits.oobData, layer: 'payload'}),
  },
  summary: (p, keyText) => `from ${keyText(p.sender_pk)}`,
  source: 'spec.md "OOB recv (0x07)"; c-toxcore TCP_client.c handle_tcp_client_oob_recv; tox-rs OobReceive',
})
