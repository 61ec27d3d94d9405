import {data} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const cryptoRequest = packet({
  name: 'crypto_request',
  id: 1,
  cToxcore: 'PACKET_ID_REQUEST',
  title: 'CryptoRequest',
  layer: 'crypto_data',
  sentBy: ['client', 'relay'],
  about: 'Asks for lost packets. Each byte is the distance to the next one, from buffer_start - 1; 0: 255 skipped.',
  fields: {
    deltas: data('Deltas', 'Distances between missing packets. None: nothing is missing.', {
      min: 0,
      max: limits.cryptoData - 1,
    }),
  },
  summary: p => (p.deltas.length === 0 ? 'nothing missing' : `missing: ${p.deltas.filter(delta => delta > 0).length}`),
  source: 'c-toxcore net_crypto.c generate_request_packet, handle_request_packet; tox-rs handle_request_packet',
})

export const cryptoKill = packet({
  name: 'crypto_kill',
  id: 2,
  cToxcore: 'PACKET_ID_KILL',
  title: 'CryptoKill',
  layer: 'crypto_data',
  sentBy: ['client', 'relay'],
  about: 'Ends the net_crypto session.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore net_crypto.c send_kill_packet; tox-rs PACKET_ID_KILL',
})
