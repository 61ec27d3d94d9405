import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** Packets with a connection id, and their payloads. */
export const dataRules = {
  'data-on-free-id': rule<{id: number}>({
    group: 'data',
    on: ['data'],
    about: 'A client sends data on an id that it does not have. A c-toxcore relay closes, tox-rs discards.',
    advice: 'Send data only on an id that you have: after its route response, and not after you have given it up.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'discards'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs handle_data',
    say: d => `connection id ${d.id} is not in use`,
  }),
  'data-on-offline-id': rule<{id: number}>({
    group: 'data',
    on: ['data'],
    about: 'A client sends data to a peer that is not online. Relays discard it.',
    advice: "Send data only after the peer's connect notification, and stop at its disconnect notification.",
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'discards'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs handle_data',
    say: d => `the peer of connection id ${d.id} is not online: relays discard this`,
  }),
  'data-from-relay-on-free-id': rule<{id: number}>({
    group: 'data',
    on: ['data'],
    about:
      'A relay sends data on an id that is not in use, as can happen just after the client gave it up. A c-toxcore ' +
      'client takes it as data of its connection number 0; a tox-rs client closes.',
    advice: 'Forget an id when the client gives it up, so that data comes on it only if it was already on its way.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_packet, send_disconnect_request; tox-rs AlreadyLinked',
    say: d => `connection id ${d.id} is not in use`,
  }),
  'data-empty-from-relay': rule<{id: number}>({
    group: 'data',
    about: 'Data without payload. A c-toxcore client drops its relay on any packet of one byte.',
    advice: 'Discard data without payload instead of passing it on.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_packet; tox-rs DataPayload',
    say: d => `data on id ${d.id} has no payload: the client drops its relay`,
  }),
  'data-empty-online': rule<{id: number}>({
    group: 'data',
    on: ['data'],
    about:
      'Data without payload, to a peer that is online: a c-toxcore relay passes it on, and then the ' +
      "peer's c-toxcore client drops its relay.",
    advice:
      'Send at least one byte of payload after the connection id; as a relay, do not pass on data without payload.',
    effect: {c_toxcore_relay: 'closes_peer', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_packet; tox-rs DataPayload',
    say: d => `data on id ${d.id} has no payload: passed on, it makes the peer's c-toxcore client drop its relay`,
  }),
  'data-empty': rule<{id: number}>({
    group: 'data',
    about:
      'Data without payload. A c-toxcore relay discards it, or passes it on if the peer is online; ' +
      'a c-toxcore client that receives it drops its relay.',
    advice:
      'Send at least one byte of payload after the connection id; as a relay, do not pass on data without payload.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_packet; tox-rs DataPayload',
    say: d => `data on id ${d.id} has no payload: a c-toxcore client that receives it drops its relay`,
  }),
  'data-empty-offline': rule<{id: number}>({
    group: 'data',
    on: ['data'],
    about: 'Data without payload, to a peer that is not known to be online.',
    advice: 'Send at least one byte of payload after the connection id.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs DataPayload',
    say: d => `data on id ${d.id} has no payload`,
  }),
  'data-empty-unseen': rule<{id: number}>({
    group: 'data',
    on: ['data'],
    about:
      'Data without payload, where the packets that would show whether the peer is online were not seen: a c-toxcore ' +
      'relay discards it, or passes it on.',
    advice: 'Send at least one byte of payload after the connection id.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs DataPayload',
    say: d => `data on id ${d.id} has no payload; whether its peer is online was not seen`,
  }),
  'data-kind-unknown': rule<{kind: string}>({
    group: 'data',
    about: 'The payload is of an unknown kind. c-toxcore relays pass it on and clients ignore it; tox-rs closes.',
    advice: 'Begin the payload with an id that clients know: `toxtcp explain payloads` lists them.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore net_crypto.c tcp_data_callback; tox-rs DataPayload',
    say: d => `payload kind 0x${d.kind} is unknown`,
  }),
  'data-kind-group': rule<{title: string}>({
    group: 'data',
    about: 'A group chat packet (NGC). tox-rs does not know it and closes.',
    advice: 'Change nothing for c-toxcore; a tox-rs relay or client has to learn these packets to carry group chats.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    isUsual: true,
    source: 'tox-rs DataPayload',
    say: d => `${d.title} is unknown to tox-rs`,
  }),
  'data-payload-length': rule<{title: string; length: number; lengths: string}>({
    group: 'data',
    about: 'The payload has a wrong length: c-toxcore clients discard it, tox-rs closes.',
    advice:
      'Send the payload with the length that the message names; the pages of the types in `toxtcp explain ' +
      'payloads` have their layouts.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore net_crypto.c tcp_data_callback; tox-rs DataPayload',
    say: d => `${d.title} is ${bytesCount(d.length)}, not ${d.lengths}`,
  }),
  'data-payload-length-minor': rule<{title: string; length: number; lengths: string}>({
    group: 'data',
    about: 'The payload has a length that tox-rs lets pass and c-toxcore clients discard.',
    advice:
      'Send the payload with the length that the message names; the pages of the types in `toxtcp explain ' +
      'payloads` have their layouts.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'accepts',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore net_crypto.c tcp_data_callback; tox-rs DataPayload',
    say: d => `${d.title} is ${bytesCount(d.length)}, not ${d.lengths}`,
  }),
  'relayed-changed': rule<{number: number}>({
    group: 'data',
    on: ['data', 'oob_receive'],
    about:
      'The relay passed a packet on with other bytes than its sender sent. Raised where both connections were ' +
      'captured whole. The box in it does not open: its receiver discards it.',
    advice:
      'Pass on every byte as it came: a relay replaces the connection id or the key before the payload, and ' +
      'nothing else.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'discards'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_packet, handle_tcp_oob_send; tox-rs handle_data, handle_oob_send',
    say: d => `not the bytes that were sent in #${d.number}`,
  }),
  'crypto-data-full': rule({
    group: 'data',
    about:
      `Crypto data of exactly ${limits.cryptoPacket} bytes, as every full file packet is: a tox-rs relay fails to ` +
      'pass it on and drops the receiver.',
    advice:
      'Change nothing for c-toxcore relays; through a tox-rs relay, send crypto data of at most ' +
      `${limits.cryptoPacket - 1} bytes.`,
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes_peer'},
    isUsual: true,
    source: 'tox-rs MAX_CRYPTO_PACKET_SIZE (its CryptoData is written with a limit that counts the id byte)',
    say: () => `crypto data of ${limits.cryptoPacket} bytes: a tox-rs relay drops the receiver`,
  }),
}
