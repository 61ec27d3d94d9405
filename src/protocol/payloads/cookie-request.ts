import {box, key, nonce} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {short} from '../text.js'

export const cookieRequest = packet({
  name: 'cookie_request',
  id: 0x18,
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
    }),
  },
  summary: p => `from ${short(p.pk)}`,
  source: 'c-toxcore net_crypto.c create_cookie_request; tox-rs CookieRequest',
})
