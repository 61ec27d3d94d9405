import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** Shortest onion request that tox-rs passes on: an onion around an empty request. */
const bareRequest = limits.onionRequestMin - 1

/** Onion requests and their answers. */
export const onionRules = {
  'onion-request-tiny': rule<{length: number}>({
    group: 'onion',
    about: `An onion request of at most ${limits.onionRequestTiny} bytes.`,
    advice:
      `Send a whole onion request of ${limits.onionRequestMin} to ${limits.onionRequestMax} bytes, with every ` +
      'layer around it.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs OnionRequest',
    say: d => `${bytesCount(d.length)}: too short for an onion request`,
  }),
  'onion-request-short': rule<{length: number}>({
    group: 'onion',
    about:
      `An onion request of ${limits.onionRequestTiny + 1} to ${bareRequest - 1} bytes: c-toxcore discards it, ` +
      'tox-rs closes.',
    advice:
      `Send a whole onion request of ${limits.onionRequestMin} to ${limits.onionRequestMax} bytes, with every ` +
      'layer around it.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes'},
    source: 'c-toxcore onion.c onion_send_1; tox-rs ONION_MIN_PAYLOAD_SIZE',
    say: d => `${d.length} bytes, minimum ${limits.onionRequestMin}`,
  }),
  'onion-request-bare': rule<{length: number}>({
    group: 'onion',
    about:
      `An onion request of ${bareRequest} bytes: its innermost request is empty. c-toxcore discards it, ` +
      'tox-rs passes it on.',
    advice: 'Put a request of at least one byte into the innermost layer.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'accepts'},
    source: 'c-toxcore onion.c onion_send_1; tox-rs ONION_MIN_PAYLOAD_SIZE',
    say: d => `${d.length} bytes, minimum ${limits.onionRequestMin}`,
  }),
  'onion-request-long': rule<{length: number}>({
    group: 'onion',
    about: `An onion request of over ${limits.onionRequestMax} bytes: c-toxcore discards it, tox-rs closes.`,
    advice: `Keep the onion request within ${limits.onionRequestMax} bytes, with all of its layers.`,
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes'},
    source: 'c-toxcore onion.c onion_send_1; tox-rs ONION_MAX_PAYLOAD_SIZE',
    say: d => `${d.length} bytes, limit ${limits.onionRequestMax}`,
  }),
  'onion-family-tcp': rule<{family: number}>({
    group: 'onion',
    about: 'The next node has a TCP address: c-toxcore discards the request, tox-rs accepts it.',
    advice: 'Give the UDP address of the next node: family 2 for IPv4, 10 for IPv6.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'accepts'},
    source: 'c-toxcore onion.c ipport_unpack; tox-rs IpPort',
    say: d => `address family ${d.family} is for TCP`,
  }),
  'onion-family-unknown': rule<{family: number}>({
    group: 'onion',
    about: 'The address of the next node has an unknown family: c-toxcore discards the request, tox-rs closes.',
    advice: 'Give the UDP address of the next node: family 2 for IPv4, 10 for IPv6.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes'},
    source: 'c-toxcore onion.c ipport_unpack; tox-rs IpPort',
    say: d => `address family ${d.family} is unknown`,
  }),
  'onion-padding': rule({
    group: 'onion',
    about: 'The padding after an IPv4 address is not zero. No receiver checks it.',
    advice: 'Fill the 12 bytes after an IPv4 address with zeros.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    source: 'c-toxcore onion.c ipport_unpack',
    say: () => 'the 12 bytes of padding after the IPv4 address are not zero',
  }),
  'onion-response-empty': rule({
    group: 'onion',
    about: 'An onion response without payload.',
    advice: 'Discard onion responses without payload instead of passing them on.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_packet; tox-rs OnionResponse',
    say: () => 'no payload',
  }),
  'onion-response-unknown': rule<{kind: string}>({
    group: 'onion',
    about: 'The inner response is of an unknown kind. A c-toxcore client ignores it, a tox-rs client closes.',
    advice: 'Pass on only announce responses (0x84, 0x88) and data responses (0x86).',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore onion_client.c handle_tcp_onion; tox-rs InnerOnionResponse',
    say: d => `inner response 0x${d.kind} is unknown`,
  }),
  'onion-response-new-announce': rule({
    group: 'onion',
    about: 'An announce response of the newer form, which tox-rs does not know: its client closes.',
    advice: 'Change nothing for c-toxcore; a tox-rs client has to learn the response 0x88.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    isUsual: true,
    source: 'tox-rs InnerOnionResponse',
    say: () => '0x88 is unknown to tox-rs',
  }),
  'onion-response-cut-short': rule<{title: string; length: number; field: string}>({
    group: 'onion',
    about: 'The inner response ends before its box begins. A c-toxcore client ignores it, a tox-rs client closes.',
    advice: 'Send every field of the inner response: the pages of the types that the message names have their layouts.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore onion_client.c handle_tcp_onion; tox-rs InnerOnionResponse',
    say: d => `${d.title} is ${bytesCount(d.length)}: cut off inside ${d.field}`,
  }),
  'onion-response-length': rule<{title: string; length: number; lengths: string}>({
    group: 'onion',
    about: 'The inner response has a length that a c-toxcore client discards.',
    advice: 'Send the inner response with a length that the message names.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    source: 'c-toxcore onion_client.c handle_announce_response, handle_data_response',
    say: d => `${d.title} is ${bytesCount(d.length)}, not ${d.lengths}`,
  }),
  'onion-response-too-long': rule<{bytes: number}>({
    group: 'onion',
    about:
      `An onion response of ${limits.onionResponseMax + 1} to ${limits.onionPacket} bytes: it does not fit into the ` +
      'UDP packet that must have carried it.',
    advice: `Pass on only responses that came in a UDP packet: they have at most ${limits.onionResponseMax} bytes.`,
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    source: 'c-toxcore onion.h ONION_MAX_PACKET_SIZE, onion_client.c handle_announce_response, handle_data_response',
    say: d => `${d.bytes} bytes of payload, limit ${limits.onionResponseMax}`,
  }),
  'onion-response-oversize': rule<{bytes: number}>({
    group: 'onion',
    about:
      `An onion response of over ${limits.onionPacket} bytes, longer than any onion packet: ` +
      'a tox-rs client closes.',
    advice: `Pass on only responses that came in a UDP packet: they have at most ${limits.onionResponseMax} bytes.`,
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore onion.h ONION_MAX_PACKET_SIZE; tox-rs OnionAnnounceResponse, OnionDataResponse',
    say: d => `${d.bytes} bytes of payload, limit ${limits.onionPacket}`,
  }),
}
