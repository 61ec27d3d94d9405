import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

export const handshakeRules = {
  'handshake-cut-off': rule<{bytes: number; size: number}>({
    group: 'handshake',
    about:
      'The stream ends inside a handshake. A c-toxcore relay waits for the rest for ever, the others for 10 seconds.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'accepts',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore TCP_server.c read_connection_handshake; tox-rs TCP_HANDSHAKE_TIMEOUT',
    say: d => `the stream ends after ${d.bytes} of ${d.size} bytes of the handshake`,
  }),
  'client-handshake-box': rule({
    group: 'handshake',
    on: ['client_handshake'],
    about: "The client's handshake box does not open with the relay's key: made for another relay, or damaged.",
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_handshake; tox-rs handle_client_handshake',
    say: () => 'the box does not open with the keys of this client and relay',
  }),
  'relay-handshake-box': rule({
    group: 'handshake',
    on: ['relay_handshake'],
    about: "The relay's handshake box does not open with the key that opened the client's.",
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_handshake; tox-rs client handshake',
    say: () => "the box does not open with the key that opened the client's",
  }),
  'handshake-sealed': rule<{pk: string}>({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'No key opens this handshake. It opens with the secret key of the relay, or of the client if the relay key is known too.',
    effect: {},
    otherwise: 'chat',
    source: 'crypto_box',
    say: d => `no key opens it: it takes the relay's secret key, or the client's (public key ${d.pk}) and --relay-pk`,
  }),
  'low-order-key': rule<{which: string}>({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'A public key of low order (all zero, for one). c-toxcore ignores that no shared key can be made and goes on with a zero key, tox-rs with the hash of zero: anybody can open what follows.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'accepts',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore crypto_core.c encrypt_precompute (result ignored)',
    say: d => `the ${d.which} key is of low order: what is sealed with it can be opened by anybody`,
  }),
  'zero-shared-key': rule({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'The first box of its kind is sealed with 32 zero bytes, the key that c-toxcore goes on with (for handshakes: may go on with) when a public key is of low order. tox-rs hashes the zero, so that the box does not open there.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'c-toxcore crypto_core.c encrypt_precompute (result ignored); tox-rs crypto_box',
    say: () => 'the shared key is 32 zero bytes, as c-toxcore makes it of a key of low order',
  }),
  'hashed-zero-shared-key': rule({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'The first box of its kind is sealed with the hash of zero, the key that tox-rs goes on with when a public key is of low order. c-toxcore does not hash the zero, so that the box does not open there.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'accepts', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore crypto_core.c encrypt_precompute (result ignored); tox-rs crypto_box',
    say: () => 'the shared key is the hash of zero, as tox-rs makes it of a key of low order',
  }),
  'frame-with-client-handshake': rule<{bytes: number}>({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      "Bytes follow the client's handshake in the same segment. c-toxcore keeps them as the start of a frame, a tox-rs relay loses them.",
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes'},
    source: 'tox-rs Framed::into_inner',
    say: d =>
      `${bytesCount(d.bytes)} more came in one segment with the handshake: a tox-rs relay loses ${d.bytes === 1 ? 'it' : 'them'}`,
  }),
  'frame-with-relay-handshake': rule<{bytes: number}>({
    group: 'handshake',
    on: ['relay_handshake'],
    about:
      "Bytes follow the relay's handshake in the same segment. c-toxcore keeps them as the start of a frame, a tox-rs client loses them.",
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'tox-rs Framed::into_inner',
    say: d =>
      `${bytesCount(d.bytes)} more came in one segment with the handshake: a tox-rs client loses ${d.bytes === 1 ? 'it' : 'them'}`,
  }),
  'handshake-replayed': rule<{connection: number}>({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      "A client's handshake was seen before, on another connection. c-toxcore answers and closes at its first frame; a tox-rs relay drops the genuine client.",
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes_peer'},
    source: 'c-toxcore TCP_server.c do_unconfirmed; tox-rs insert',
    say: d => `the same handshake was sent on connection ${d.connection}`,
  }),
  'client-key-again': rule<{connection: number}>({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      'A client key that is connected to this relay already, in a second handshake. A tox-rs relay drops the older connection at once.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes_peer'},
    source: 'tox-rs Server::insert',
    say: d => `connection ${d.connection} is open with the same client key: a tox-rs relay drops it now`,
  }),
  'client-key-confirmed-again': rule<{connection: number}>({
    group: 'handshake',
    about:
      'The first good frame of a client whose key is connected to this relay already. A c-toxcore relay drops the older connection now.',
    effect: {c_toxcore_relay: 'closes_peer', tox_rs_relay: 'accepts'},
    source: 'c-toxcore TCP_server.c confirm_tcp_connection',
    say: d => `connection ${d.connection} is open with the same client key: a c-toxcore relay drops it now`,
  }),
  'relay-handshake-late': rule<{seconds: string}>({
    group: 'handshake',
    on: ['relay_handshake'],
    about: 'The relay answered the handshake after more than 10 seconds.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_client.c TCP_CONNECTION_TIMEOUT',
    say: d => `the relay answered after ${d.seconds} s, over 10`,
  }),
  'handshake-unanswered': rule<{seconds: string}>({
    group: 'handshake',
    on: ['client_handshake'],
    about: 'The client closed after waiting 10 seconds for the answer to its handshake.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c TCP_CONNECTION_TIMEOUT',
    say: d => `the handshake had no answer for ${d.seconds} s`,
  }),
}
