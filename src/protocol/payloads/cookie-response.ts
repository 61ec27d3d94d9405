import {box, nonce, opaque, opaqueId} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const cookieResponse = packet({
  name: 'cookie_response',
  id: 0x19,
  cToxcore: 'NET_PACKET_COOKIE_RESPONSE',
  title: 'CookieResponse',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'The answer to a cookie request.',
  fields: {
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Cookie and echo id, under the DHT keys of the request.', {
      min: 136,
      max: 136,
      keys: 'dht',
      nonce: 'nonce',
      plain: {
        cookie: opaque('Cookie', 'For the handshake; only the peer that made it can open it.', limits.cookie),
        echo_id: opaqueId('Echo id', 'The one of the request.'),
      },
    }),
  },
  summary: () => 'cookie sealed',
  source: 'c-toxcore net_crypto.c handle_cookie_request; tox-rs CookieResponse',
})
