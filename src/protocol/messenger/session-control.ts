import {data} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const cryptoRequest = packet({
  name: 'crypto_request',
  id: 1,
  title: 'CryptoRequest',
  layer: 'crypto_data',
  sentBy: ['client', 'relay'],
  about:
    'Asks for lossless packets that did not arrive. Each byte is the distance to the next missing packet, counted from one before buffer_start; 0 skips 255 packets.',
  fields: {
    deltas: data('Deltas', 'Distances between missing packets. None: nothing is missing.', {
      min: 0,
      max: limits.cryptoData - 1,
    }),
  },
  summary: p => (p.deltas.length === 0 ? 'nothing missing' : `missing: ${p.deltas.filter(delta => delta > 0).length}`),
  source: 'c-toxcore net_crypto.c generate_request_packet, handle_request_packet; tox-rs net_crypto handle_request_packet',
})

export const cryptoKill = packet({
  name: 'crypto_kill',
  id: 2,
  title: 'CryptoKill',
  layer: 'crypto_data',
  sentBy: ['client', 'relay'],
  about: 'Ends the net_crypto session.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore net_crypto.c send_kill_packet; tox-rs net_crypto PACKET_ID_KILL',
})
