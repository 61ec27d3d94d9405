import {box, key, nonce, opaque} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const cryptoHandshake = packet({
  name: 'crypto_handshake',
  id: 0x1a,
  cToxcore: 'NET_PACKET_CRYPTO_HS',
  title: 'CryptoHandshake',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'Opens a net_crypto session between two peers by their real keys.',
  fields: {
    cookie: opaque(
      'Cookie',
      "Cookie from the receiver's cookie response; only the receiver can open it.",
      limits.cookie,
    ),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box(
      'Payload',
      'Base nonce, session key, hash of the cookie, and a cookie for the answer, between the real keys.',
      {
        min: 248,
        max: 248,
        keys: 'real',
        nonce: 'nonce',
        plain: {
          base_nonce: nonce('Base nonce', "Nonce of the sender's first crypto data packet."),
          session_pk: key('Session key', 'Public key that the sender made for this session.'),
          cookie_hash: opaque('Cookie hash', 'SHA-512 of the cookie before the nonce.', limits.cookieHash),
          answer_cookie: opaque('Answer cookie', "For the receiver's own handshake.", limits.cookie),
        },
      },
    ),
  },
  summary: () => 'session key sealed',
  source: 'c-toxcore net_crypto.c create_crypto_handshake; tox-rs CryptoHandshake',
})
