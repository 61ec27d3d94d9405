import {key, list, node, uint} from '../../wire/field.js'

/** Plaintext of the handshake of two members of a group. */
export const groupHandshakePlaintext = {
  handshake_type: uint('Handshake', '0 request, 1 response.', 1, [[0, 1]]),
  session_pk: key('Session key', "The sender's key for the session of both."),
  sig_pk: key('Signature key', "The sender's public signature key in the group."),
  request_type: uint('Request', '0 invite: to join; 1 peer info: to be introduced.', 1, [[0, 1]]),
  join_type: uint('Join type', '0 a public group, 1 a private one.', 1, [[0, 1]]),
  relays: list('Relays', 'A relay at which the sender can be reached.', {
    of: node('Relay', 'Address and key.', [2, 10, 130, 138]),
    min: 0,
    max: 1,
  }),
}
