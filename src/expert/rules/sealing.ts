import type {Effects} from '../rule.js'
import {rule} from '../rule.js'

/** No receiver opens such a frame. */
const closes: Effects = {
  c_toxcore_relay: 'closes',
  tox_rs_relay: 'closes',
  c_toxcore_client: 'closes',
  tox_rs_client: 'closes',
}
const source = 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs relay/codec.rs Codec'
const once = 'Raised on the first frame of the side; those after it are opened in the same way.'
const other = {client: 'relay', relay: 'client'} as const

/**
 * Mistakes that are made in writing a client or a relay. A frame that does not open as the protocol has it was opened
 * in another way, so what is wrong with it is certain.
 */
export const sealingRules = {
  'frame-nonce-of-other-end': rule<{own: 'client' | 'relay'}>({
    group: 'framing',
    about:
      'A frame is sealed with the base nonce that the other end announced. Each end must count from the nonce that ' +
      `it announced itself in its handshake. ${once}`,
    advice: "Seal with the base nonce of your own handshake, and open frames with that of the other end's handshake.",
    effect: closes,
    source: 'c-toxcore TCP_server.c handle_tcp_handshake, TCP_client.c handle_handshake; tox-rs relay/codec.rs Codec',
    say: d =>
      `the ${d.own} seals with the base nonce that the ${other[d.own]} announced: it must use the one that it ` +
      'announced itself',
  }),
  'frame-nonce-little-endian': rule({
    group: 'framing',
    about: `The nonces of frames count up from their first byte. They are big-endian numbers. ${once}`,
    advice: 'Count the nonce up from its last byte and carry towards the first; sodium_increment counts the other way.',
    effect: closes,
    source,
    say: () => 'the nonce counts up from its first byte: it is a big-endian number, and the last byte comes first',
  }),
  'frame-nonce-of-handshake': rule<{own: 'client' | 'relay'}>({
    group: 'framing',
    about:
      'A frame is sealed with the nonce of the handshake. Frames count from the base nonce, which is inside the box ' +
      `of the handshake. ${once}`,
    advice: 'Begin with the base nonce from the box of your handshake; the nonce before the box is only for the box.',
    effect: closes,
    source,
    say: d => `the ${d.own} seals with the nonce of its handshake: it must use the base nonce inside the box`,
  }),
  'frame-mac-behind': rule({
    group: 'framing',
    about: `The MAC of a frame follows the ciphertext. It belongs in front of it. ${once}`,
    advice: 'Write the MAC before the ciphertext, as crypto_box_easy_afternm does.',
    effect: closes,
    source,
    say: () => 'the MAC follows the ciphertext: it belongs in front of it',
  }),
  'frame-key-long-term': rule({
    group: 'framing',
    about:
      'A frame is sealed with a long-term key. Its key is made of the two session keys that the handshakes exchange. ' +
      once,
    advice:
      "Make the key of frames from your session secret key and the session public key in the other end's " +
      'handshake box.',
    effect: closes,
    source,
    say: () => 'sealed with a long-term key: the key must be made of the session keys of both handshakes',
  }),
  'frame-length-counts-itself': rule({
    group: 'framing',
    about:
      'The length before a frame counts its own two bytes, so the receiver takes two bytes of the next frame as its ' +
      `end, and cannot open it. ${once}`,
    advice: 'Write the length of the MAC and the ciphertext, without the two bytes of the length itself.',
    effect: closes,
    source,
    say: () => 'the length counts its own 2 bytes: it is that of the MAC and the ciphertext alone',
  }),
  'handshake-fields-exchanged': rule<{of: 'client' | 'relay' | 'both'}>({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'A frame opens only if the session key and the base nonce are exchanged in the plaintext of a handshake. The ' +
      `key comes first, 32 bytes, then the nonce, 24 bytes. ${once}`,
    advice: 'Write the session public key first and the base nonce after it, before you seal the handshake.',
    effect: closes,
    source: 'c-toxcore TCP_server.c handle_tcp_handshake, TCP_client.c handle_handshake; tox-rs HandshakePayload',
    say: d =>
      `the nonce comes before the session key in the handshake of ${d.of === 'both' ? 'each end' : `the ${d.of}`}: ` +
      'the key comes first',
  }),
  'key-does-not-fit': rule<{index: number; tried: number}>({
    group: 'framing',
    about:
      'A key that was given for this connection does not open its frames, and nothing else shows that it is the ' +
      'right one: the key is wrong, or the frame is damaged or sealed in a wrong way, as with a long-term key. ' +
      'Raised once for a connection.',
    advice:
      'Check that the key is of this connection, and not of an earlier one between the same ends, and give a secret ' +
      'key that opens the handshakes: with it, frames that are sealed with a long-term key are recognised, and open.',
    effect: {},
    otherwise: 'note',
    source: '-',
    say: d =>
      `the key that was given for this connection does not open frame ${d.index}, also not with the ${d.tried} ` +
      'nonces around the expected one: a wrong key, or a frame that is damaged or sealed wrongly',
  }),
  'frame-or-key-wrong': rule<{own: 'client' | 'relay'; index: number}>({
    group: 'framing',
    about:
      'An end closes the connection right after a frame that does not open with the key that was given for it. Two ' +
      'things look like this: the frame is sealed wrongly or damaged, and the end closes because of it; or the key ' +
      'is that of another connection, and the close has another reason. Nothing that was captured shows which.',
    advice:
      "Give a key that opens the handshakes (the relay's or the client's secret key), and the secret key of the " +
      'session: with them it is certain whether the frame is at fault.',
    effect: {},
    otherwise: 'note',
    source: '-',
    say: d =>
      `the ${other[d.own]} closes after frame ${d.index} of the ${d.own}, which does not open with the key that was ` +
      'given: the frame is wrong, or the key is and the close has another reason',
  }),
  'key-log-nonces-exchanged': rule({
    group: 'framing',
    about:
      'A frame opens with the base nonce that the key log has for the other end. Without an opened handshake it is ' +
      'not known whether the log exchanged them or the ends did.',
    advice:
      'Check the order of the two nonces in the program that writes the key log, and give a key that opens the ' +
      'handshakes.',
    effect: {},
    otherwise: 'note',
    source: '-',
    say: () => 'opens with the base nonce that the key log has for the other end',
  }),
}
