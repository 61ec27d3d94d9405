import {box, key, nonce} from '../wire/field.js'
import {packet} from '../wire/packet.js'
import {limits} from './limits.js'

const sealed = {min: limits.handshakeBox, max: limits.handshakeBox, keys: 'handshake' as const}

/** Plaintext of both handshake boxes: 56 bytes. */
const plain = {
  session_pk: key('Session key', 'Public key that the sender made for this connection.'),
  base_nonce: nonce(
    'Base nonce',
    'Nonce of the first frame that the sender of this handshake sends; one more for each further frame.',
  ),
}

export const clientHandshake = packet({
  name: 'client_handshake',
  id: null,
  title: 'ClientHandshake',
  layer: 'handshake',
  sentBy: ['client'],
  about: 'The first 128 bytes that a client sends.',
  fields: {
    pk: key('Client key', 'Key that the client announces to this relay, normally its DHT key.'),
    nonce: nonce('Nonce', 'Nonce of the box; random.'),
    payload: box('Payload', 'Session key and base nonce, between client key and relay key.', {...sealed, plain}),
  },
  summary: (p, keyText) => `of ${keyText(p.pk)}`,
  source: 'spec.md "TCP handshake"; c-toxcore TCP_client.c generate_handshake; tox-rs ClientHandshake',
})

export const relayHandshake = packet({
  name: 'relay_handshake',
  id: null,
  title: 'RelayHandshake',
  layer: 'handshake',
  sentBy: ['relay'],
  about: 'The first 96 bytes that a relay sends.',
  fields: {
    nonce: nonce('Nonce', 'Nonce of the box; random.'),
    payload: box('Payload', 'Session key and base nonce, between relay key and client key.', {...sealed, plain}),
  },
  summary: () => 'answers the client',
  source: 'spec.md "TCP handshake"; c-toxcore TCP_server.c handle_tcp_handshake; tox-rs ServerHandshake',
})
