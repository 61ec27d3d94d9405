import {box, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const cryptoData = packet({
  name: 'crypto_data',
  id: 0x1b,
  title: 'CryptoData',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'A packet of a net_crypto session, sealed with its session key.',
  fields: {
    nonce_last_bytes: uint('Nonce, last bytes', 'The low 16 bits of the nonce.', 2),
    payload: box('Payload', 'Packet numbers, padding, data.', {
      min: limits.cryptoPacketMin - 3,
      max: limits.cryptoPacket - 3,
      keys: 'crypto_session',
    }),
  },
  summary: p => `nonce ..${p.nonce_last_bytes.toString(16).padStart(4, '0')}`,
  source: 'c-toxcore net_crypto.c handle_data_packet; tox-rs CryptoData',
})
