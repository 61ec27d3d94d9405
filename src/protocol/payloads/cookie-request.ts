import {box, key, nonce, opaque, opaqueId} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const cookieRequest = packet({
  name: 'cookie_request',
  id: 0x18,
  cToxcore: 'NET_PACKET_COOKIE_REQUEST',
  title: 'CookieRequest',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'First packet of a net_crypto handshake: asks the peer for a cookie.',
  fields: {
    pk: key('DHT key', "The sender's DHT key."),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Real key, padding and echo id, between the DHT keys of both.', {
      min: 88,
      max: 88,
      keys: 'dht',
      nonce: 'nonce',
      publicKeys: ['pk'],
      plain: {
        real_pk: key('Real key', "The sender's real key: the public key of its Tox ID."),
        padding: opaque('Padding', 'Zero as peers send it; not checked.', limits.publicKey),
        echo_id: opaqueId('Echo id', 'Comes back in the cookie response.'),
      },
    }),
  },
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore net_crypto.c create_cookie_request; tox-rs CookieRequest',
})
