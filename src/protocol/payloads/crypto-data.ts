import {box, payload, uint, zeros} from '../../wire/field.js'
import {hexByte} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'
import {leftOut} from '../../wire/text/phrases.js'
import {limits} from '../limits.js'

export const cryptoData = packet({
  name: 'crypto_data',
  id: 0x1b,
  cToxcore: 'NET_PACKET_CRYPTO_DATA',
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
      plain: {
        buffer_start: uint('Buffer start', 'The lowest packet number that the sender has not received.', 4),
        packet_number: uint('Packet number', 'Of a lossless packet its own, of others the next lossless one.', 4),
        padding: zeros('Padding', 'Zero bytes that make lengths less telling.', limits.cryptoPadding - 1),
        data: payload('Data', 'Packet of the session.', {min: 1, max: limits.cryptoData, layer: 'crypto_data'}),
      },
      plainSummary: p => String(p.packet_number),
    }),
  },
  summary: p => `nonce ${leftOut}${hexByte(p.nonce_last_bytes >> 8)}${hexByte(p.nonce_last_bytes & 255)}`,
  source: 'c-toxcore net_crypto.c handle_data_packet; tox-rs CryptoData',
})
