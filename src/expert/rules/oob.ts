import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** Out-of-band data: for a peer without a route. */
export const oobRules = {
  'oob-empty': rule({
    group: 'oob',
    about: 'An out-of-band packet without data.',
    advice: `Send 1 to ${limits.oobData} bytes of data after the key.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_oob_send; tox-rs handle_oob_send',
    say: () => 'no data',
  }),
  'oob-too-long': rule<{bytes: number}>({
    group: 'oob',
    about: `Over ${limits.oobData} bytes of out-of-band data.`,
    advice: `Send at most ${limits.oobData} bytes out of band, and more on a connection id.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_oob_send; tox-rs handle_oob_send',
    say: d => `${d.bytes} bytes of data, limit ${limits.oobData}`,
  }),
  'oob-receive-empty': rule({
    group: 'oob',
    about: 'An out-of-band packet without data, from a relay. A c-toxcore client closes, tox-rs delivers it.',
    advice: 'Refuse empty out-of-band data from its sender, as other relays do, instead of delivering it.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_oob_recv',
    say: () => 'no data',
  }),
  'oob-receive-too-long': rule<{bytes: number}>({
    group: 'oob',
    about: `Over ${limits.oobData} bytes of out-of-band data, from a relay: no client can have sent them.`,
    advice:
      `Refuse more than ${limits.oobData} bytes of out-of-band data from their sender, as other relays do, ` +
      'instead of delivering them.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_oob_recv (without an upper limit)',
    say: d => `${d.bytes} bytes of data, limit ${limits.oobData}`,
  }),
  'oob-kind-unknown': rule<{kind: string}>({
    group: 'oob',
    about: 'The payload is of an unknown kind. Relays pass it on, c-toxcore clients ignore it.',
    advice: 'Begin the data with an id that clients know: `toxtcp explain payloads` lists them.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore net_crypto.c tcp_oob_callback',
    say: d => `payload kind 0x${d.kind} is unknown`,
  }),
  'oob-payload-length': rule<{title: string; length: number; lengths: string}>({
    group: 'oob',
    about: 'The payload has a wrong length. Relays pass it on, c-toxcore clients discard it.',
    advice:
      'Send the payload with the length that the message names; the pages of the types in `toxtcp explain ' +
      'payloads` have their layouts.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore net_crypto.c tcp_oob_callback, group_chats.c handle_gc_tcp_oob_packet',
    say: d => `${d.title} is ${bytesCount(d.length)}, not ${d.lengths}`,
  }),
  'oob-cookie-request-key': rule({
    group: 'oob',
    on: ['oob_receive', 'cookie_request'],
    about:
      'A cookie request whose DHT key is not the key of its sender at this relay, from a peer without a route. ' +
      'c-toxcore clients discard it; from a peer with a route they do not compare the keys.',
    advice: 'Connect to the relay with the same DHT key that you write into cookie requests.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    needsOrder: true,
    source: 'c-toxcore net_crypto.c tcp_oob_handle_cookie_request, TCP_connection.c tcp_conn_oob_callback',
    say: () => 'the DHT key in the cookie request is not the key of its sender',
  }),
  'oob-kind-without-route': rule<{title: string}>({
    group: 'oob',
    on: ['oob_receive', 'cookie_response', 'crypto_data', 'gc_lossless', 'gc_lossy'],
    about:
      'Out-of-band data from a peer without a route that is not the start of a session. From such a peer c-toxcore ' +
      'clients act only on cookie requests, crypto handshakes and group handshakes; they discard the rest.',
    advice:
      'Begin with a cookie request, a crypto handshake or a group handshake, and send the rest once the ' +
      'receiver has a route to you.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    needsOrder: true,
    source:
      'c-toxcore net_crypto.c tcp_oob_callback, group_chats.c handle_gc_tcp_oob_packet, ' +
      'TCP_connection.c tcp_conn_oob_callback',
    say: d => `${d.title} out of band from a peer without a route`,
  }),
  'oob-to-self': rule({
    group: 'oob',
    on: ['oob_send'],
    about: "Out-of-band data for the sender's own key. Relays deliver it back.",
    advice: 'Check the key of the receiver: it is your own.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    source: 'c-toxcore TCP_server.c handle_tcp_oob_send',
    say: () => "sent to the sender's own key: the relay delivers it back",
  }),
  'oob-while-online': rule<{id: number}>({
    group: 'oob',
    on: ['oob_send'],
    about: 'Out-of-band data for a peer that is online on a connection id.',
    advice: 'Send it as a data packet on the connection id of the peer.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_connection.c send_packet_tcp_connection',
    say: d => `the peer is online on id ${d.id}: a data packet would be 32 bytes shorter`,
  }),
}
