import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** The first bytes of both sides, and the keys in them. */
export const handshakeRules = {
  'handshake-cut-off': rule<{bytes: number; size: number}>({
    group: 'handshake',
    about:
      'The stream ends inside a handshake. A c-toxcore relay and a tox-rs client wait for the rest forever, ' +
      `a tox-rs relay and a c-toxcore client for ${limits.handshakeTimeout} seconds.`,
    advice:
      `Send the whole handshake at once, ${limits.clientHandshake} bytes from the client and ` +
      `${limits.relayHandshake} from the relay, and do not close before the answer.`,
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
    about:
      "The client's handshake box does not open with the relay's key: made for another relay, or damaged. Raised " +
      'where the relay closes instead of answering and the keys are certain: the secret key of this client is known, ' +
      'a key log names its handshake, or the relay has opened the handshakes of others.',
    advice:
      "Seal the box with the client's secret key and the public key of this relay, and check that the relay's " +
      'key in your list of nodes is current.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_handshake; tox-rs handle_client_handshake',
    say: () => "the box of the client's handshake does not open with the keys of this client and relay",
  }),
  'client-handshake-refused': rule({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      "The relay closed instead of answering, and none of the keys that were given here opens the client's " +
      'handshake. It was made for another relay, or none of the keys belongs to this one.',
    advice:
      'Give the secret key of this relay, or that of the client with --relay-pk; if you have, check for which ' +
      "relay's public key the client seals its handshake.",
    effect: {},
    otherwise: 'note',
    source: '-',
    say: () =>
      "the relay closed without an answer, and no key here opens the client's handshake: it was made for another " +
      'relay, or none of the keys belongs to this one',
  }),
  'relay-handshake-box': rule({
    group: 'handshake',
    on: ['relay_handshake'],
    about: "The relay's handshake box does not open with the key that opened the client's.",
    advice:
      "Seal the answer with the relay's secret key and the client's public key, as the client's own box is, and " +
      'with the nonce that you write before it.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_handshake; tox-rs handle_server_handshake',
    say: () => "the box does not open with the key that opened the client's",
  }),
  'handshake-sealed': rule<{pk: string}>({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'No key opens this handshake. It opens with the secret key of the relay, or with that of the client if the ' +
      "relay's public key is known too.",
    advice: "Give the relay's secret key, or the client's with --relay-pk.",
    effect: {},
    otherwise: 'chat',
    source: 'libsodium crypto_box_open_easy',
    say: d => `no key opens it: needs the relay's secret key, or the client's (public key ${d.pk}) and --relay-pk`,
  }),
  'low-order-key': rule<{which: string}>({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'A public key of low order (for example all zero), from which no shared key can be made. c-toxcore ignores ' +
      'that and continues with a zero key, tox-rs with the hash of zero: anybody can open what follows.',
    advice:
      'Make each key pair from random bytes, as crypto_box_keypair does, and close the connection if a public ' +
      'key that you receive is of low order.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'accepts',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore crypto_core.c encrypt_precompute (its result is ignored)',
    say: d => `the ${d.which} key is of low order: anybody can open what is sealed with it`,
  }),
  'zero-shared-key': rule({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'The first box of its kind is sealed with 32 zero bytes, the key that c-toxcore uses (for handshakes: may use) ' +
      'when a public key is of low order. tox-rs hashes the zero, so the box does not open there.',
    advice:
      'Make each key pair from random bytes, and close the connection where crypto_box_beforenm fails for a ' +
      'public key that you receive.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'c-toxcore crypto_core.c encrypt_precompute (its result is ignored); tox-rs crypto_box',
    say: () => 'the shared key is 32 zero bytes, which c-toxcore uses with a key of low order',
  }),
  'hashed-zero-shared-key': rule({
    group: 'handshake',
    on: ['client_handshake', 'relay_handshake'],
    about:
      'The first box of its kind is sealed with the hash of zero, the key that tox-rs uses when a public key is of ' +
      'low order. c-toxcore does not hash the zero, so the box does not open there.',
    advice:
      'Make each key pair from random bytes, and close the connection where a public key that you receive is of ' +
      'low order.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'accepts', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore crypto_core.c encrypt_precompute (its result is ignored); tox-rs crypto_box',
    say: () => 'the shared key is the hash of zero, which tox-rs uses with a key of low order',
  }),
  'frame-with-client-handshake': rule<{bytes: number}>({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      "Bytes follow the client's handshake in the same segment. c-toxcore keeps them as the start of a frame, a " +
      'tox-rs relay loses them.',
    advice:
      "Send nothing after the handshake until the relay has answered: the key of frames is made of the relay's " +
      'session key, too.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes'},
    source: 'tox-rs into_inner',
    say: d =>
      `${bytesCount(d.bytes)} more in one segment with the handshake: a tox-rs relay loses ` +
      `${d.bytes === 1 ? 'it' : 'them'}`,
  }),
  'frame-with-relay-handshake': rule<{bytes: number}>({
    group: 'handshake',
    on: ['relay_handshake'],
    about:
      "Bytes follow the relay's handshake in the same segment. c-toxcore keeps them as the start of a frame, a " +
      'tox-rs client loses them.',
    advice: "Wait for the client's first frame before you send one, as c-toxcore relays do.",
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'tox-rs into_inner',
    say: d =>
      `${bytesCount(d.bytes)} more in one segment with the handshake: a tox-rs client loses ` +
      `${d.bytes === 1 ? 'it' : 'them'}`,
  }),
  'handshake-replayed': rule<{connection: number}>({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      "A client's handshake was seen before, on another connection. c-toxcore answers it and closes at its first " +
      'frame; a tox-rs relay drops the genuine client.',
    advice:
      'Make new session keys and nonces for each connection; if the client did not send this handshake twice, ' +
      'somebody else replays it.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes_peer'},
    source: 'c-toxcore TCP_server.c do_unconfirmed; tox-rs server.rs insert',
    say: d => `the same handshake was sent on connection ${d.connection}`,
  }),
  'client-key-again': rule<{connection: number}>({
    group: 'handshake',
    on: ['client_handshake'],
    about:
      'The client key of a handshake is already connected to this relay. A tox-rs relay drops the older connection ' +
      'at once.',
    advice: 'Keep one connection to a relay for each client key, and close it before you connect again.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes_peer'},
    source: 'tox-rs server.rs insert',
    say: d => `connection ${d.connection} is open with the same client key: a tox-rs relay drops that connection now`,
  }),
  'client-key-confirmed-again': rule<{connection: number}>({
    group: 'handshake',
    about:
      'The first good frame of a client whose key is already connected to this relay. A c-toxcore relay drops the ' +
      'older connection now.',
    advice: 'Keep one connection to a relay for each client key, and close it before you connect again.',
    effect: {c_toxcore_relay: 'closes_peer', tox_rs_relay: 'accepts'},
    source: 'c-toxcore TCP_server.c confirm_tcp_connection',
    say: d =>
      `connection ${d.connection} is open with the same client key: a c-toxcore relay drops that connection now`,
  }),
  'relay-speaks-first': rule({
    group: 'handshake',
    about:
      "The relay sends a frame before the client's first one. A c-toxcore relay never does, because it waits for a " +
      'good frame of the client; a tox-rs relay may.',
    advice: "Wait for the client's first frame before you send one, as c-toxcore relays do.",
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c confirm_tcp_connection; tox-rs server.rs insert',
    say: () => "the relay sends a frame before the client's first one, as only tox-rs does",
  }),
  'relay-handshake-late': rule<{seconds: string}>({
    group: 'handshake',
    on: ['relay_handshake'],
    about: `The relay answered the handshake after more than ${limits.handshakeTimeout} seconds.`,
    advice:
      "Answer a client's handshake as soon as it is whole; if the relay is not slow, look for delays on the way to it.",
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_client.c do_tcp_connection, TCP_client.h TCP_CONNECTION_TIMEOUT',
    say: d => `the relay answered after ${d.seconds} s, limit ${limits.handshakeTimeout} s`,
  }),
  'handshake-unanswered': rule<{seconds: string}>({
    group: 'handshake',
    on: ['client_handshake'],
    about: `The client closed after waiting ${limits.handshakeTimeout} seconds for the answer to its handshake.`,
    advice: 'Check that a Tox relay listens on this port, and that it answers a handshake as soon as it is whole.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c do_tcp_connection, TCP_client.h TCP_CONNECTION_TIMEOUT',
    say: d => `the handshake had no answer for ${d.seconds} s`,
  }),
}
