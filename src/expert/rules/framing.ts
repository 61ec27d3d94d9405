import {limits} from '../../protocol/limits.js'
import {rule} from '../rule.js'

/** Frames around packets: their lengths, nonces and MACs. */
export const framingRules = {
  'frame-empty': rule({
    group: 'framing',
    about: 'The length before a frame is 0. c-toxcore skips it, ending its read loop; tox-rs closes.',
    advice: `Send no frame without a packet: the least length is ${limits.sealedFrameMin}, a MAC and one byte.`,
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_tcp_length; tox-rs EncryptedPacket',
    say: () => 'frame length 0: c-toxcore skips it, tox-rs closes',
  }),
  'frame-too-short': rule<{length: number}>({
    group: 'framing',
    about: `The length before a frame is 1 to ${limits.mac}: no room for a MAC and one byte.`,
    advice:
      'Write the length of the MAC and the ciphertext as a big-endian number of two bytes, and send no packet ' +
      'without bytes.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore crypto_core.c decrypt_data_symmetric; tox-rs EncryptedPacket',
    say: d => `frame length ${d.length} leaves no room for a MAC and one byte`,
  }),
  'frame-too-long': rule<{length: number}>({
    group: 'framing',
    about: `The length before a frame is over ${limits.sealedFrame}.`,
    advice:
      'Write the length as a big-endian number of two bytes, and split what does not fit into a packet of ' +
      `${limits.packet} bytes.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_tcp_length; tox-rs EncryptedPacket',
    say: d => `frame length ${d.length}, limit ${limits.sealedFrame}`,
  }),
  'frame-mac': rule<{index: number; tried: number}>({
    group: 'framing',
    about: 'A frame does not open with the session key: its MAC does not match, at the expected nonce or near it.',
    advice:
      'Check that both ends make the same session key, and that each counts its own base nonce up by one for ' +
      'each frame that it sends.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs relay/codec.rs Codec',
    say: d => `the MAC of frame ${d.index} does not match, also not with the ${d.tried} nonces around the expected one`,
  }),
  'frame-repeated': rule<{index: number; found: number; back: number}>({
    group: 'framing',
    about: 'A frame opens with a nonce that was used before: the frame is repeated, or sealed with an old counter.',
    advice:
      'Count the nonce up by one for each frame, and after an incomplete write send only the bytes that are left.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs relay/codec.rs Codec',
    say: d => `frame ${d.index} opens only with the nonce of frame ${d.found}, ${d.back} before`,
  }),
  'frames-lost': rule<{index: number; found: number; lost: number}>({
    group: 'framing',
    about: 'A frame opens with a later nonce than expected: frames before it are missing.',
    advice: 'Count the nonce up only for frames that you send, and drop packets before they are sealed, not after.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c read_packet_tcp_secure_connection; tox-rs relay/codec.rs Codec',
    say: d =>
      `frame ${d.index} opens only with the nonce of frame ${d.found}: ` +
      `${d.lost} before it ${d.lost === 1 ? 'is' : 'are'} missing`,
  }),
  'frame-mac-again': rule({
    group: 'framing',
    about: 'Another frame that does not open, after the first one that did not.',
    advice: 'Look at the first frame of this side that does not open: what is wrong began there.',
    effect: {},
    otherwise: 'chat',
    source: 'libsodium crypto_box_open_easy_afternm',
    say: () => 'this frame does not open either',
  }),
  'frame-sealed': rule<{want: string}>({
    group: 'framing',
    about:
      'No key opens this frame. Frames open with the session key: from a key log, or from a session secret key and ' +
      'the opened handshakes.',
    advice: 'Give the key that the message names; `toxtcp explain keylog` shows how to write keys.',
    effect: {},
    otherwise: 'chat',
    source: 'libsodium crypto_box_open_easy_afternm',
    say: d => `sealed: needs ${d.want}`,
  }),
  'key-search-ended': rule<{of: string}>({
    group: 'framing',
    about:
      'Keys or nonces that may open this were not tried: the number of trials is limited, for each connection and ' +
      'for a whole run. Fewer keys, or a smaller capture, leave more trials for each connection.',
    advice: 'Give fewer keys, only those of this connection, or read a smaller capture.',
    effect: {},
    otherwise: 'note',
    source: '-',
    say: d => `not every key and nonce was tried: the search has reached its limit for one ${d.of}`,
  }),
  'frame-cut-off': rule<{bytes: number; size: number}>({
    group: 'framing',
    about: 'The stream ends inside a frame. A receiver waits for the rest forever.',
    advice: 'Send each frame whole before you close, and capture until the connection is closed.',
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
