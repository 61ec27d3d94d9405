import {rule} from '../rule.js'

export const framingRules = {
  'frame-empty': rule({
    group: 'framing',
    about: 'The length before a frame is 0. c-toxcore skips it, ending its read loop; tox-rs closes.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_tcp_length; tox-rs EncryptedPacket::from_bytes',
    say: () => 'frame length 0: c-toxcore skips it, tox-rs closes',
  }),
  'frame-too-short': rule<{length: number}>({
    group: 'framing',
    about: 'The length before a frame is 1 to 16: no room for a MAC and one byte.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore crypto_core.c decrypt_data_symmetric; tox-rs EncryptedPacket',
    say: d => `frame length ${d.length} leaves no room for a MAC and one byte`,
  }),
  'frame-too-long': rule<{length: number}>({
    group: 'framing',
    about: 'The length before a frame is over 2048.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_tcp_length; tox-rs EncryptedPacket',
    say: d => `frame length ${d.length} is over 2048`,
  }),
  'frame-mac': rule<{index: number; tried: number}>({
    group: 'framing',
    about: 'A frame does not open with the session key: its MAC does not match, at the expected nonce or near it.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs Codec',
    say: d => `the MAC of frame ${d.index} does not match, nor does it within ${d.tried} nonces`,
  }),
  'frame-repeated': rule<{index: number; found: number; back: number}>({
    group: 'framing',
    about: 'A frame opens with a nonce that was used before: a frame repeated, or sealed with an old counter.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs Codec',
    say: d => `frame ${d.index} opens only with the nonce of frame ${d.found}, ${d.back} before`,
  }),
  'frames-lost': rule<{index: number; found: number; lost: number}>({
    group: 'framing',
    about: 'A frame opens with a later nonce than expected: frames before it never came.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs Codec',
    say: d =>
      `frame ${d.index} opens only with the nonce of frame ${d.found}: ${d.lost} before it ${d.lost === 1 ? 'is' : 'are'} missing`,
  }),
  'frame-mac-again': rule({
    group: 'framing',
    about: 'One more frame that does not open, after the first that did not.',
    effect: {},
    otherwise: 'chat',
    source: 'crypto_box_afternm',
    say: () => 'this frame does not open either',
  }),
  'frame-sealed': rule<{want: string}>({
    group: 'framing',
    about:
      'No key opens this frame. Frames open with the session key: from a key log, or from a session secret key and the opened handshakes.',
    effect: {},
    otherwise: 'chat',
    source: 'crypto_box_afternm',
    say: d => `sealed for want of ${d.want}`,
  }),
  'key-search-ended': rule<{of: string}>({
    group: 'framing',
    about:
      'Keys or nonces that may open this were not tried: trials are bounded, for one connection and for a whole run. Fewer keys, or a smaller capture, leave more trials for each connection.',
    effect: {},
    otherwise: 'note',
    source: 'toxtcp',
    say: d => `not every key and nonce was tried: the search has reached its bound for one ${d.of}`,
  }),
  'frame-cut-off': rule<{bytes: number; size: number}>({
    group: 'framing',
    about: 'The stream ends inside a frame. A receiver waits for the rest for ever.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'accepts',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection',
    say: d => `the stream ends after ${d.bytes} of ${d.size} bytes of the frame`,
  }),
}
