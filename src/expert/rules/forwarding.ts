import {limits} from '../../protocol/limits.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** Forward requests and the answers that come back. tox-rs does not know either. */
export const forwardingRules = {
  'forward-request-short': rule<{length: number}>({
    group: 'forwarding',
    about: 'A forward request ends inside its address.',
    advice: 'Write the whole address before the data: family, IP address and port, 7 bytes for IPv4 and 19 for IPv6.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs relay/mod.rs Packet',
    say: d => `${bytesCount(d.length)}: the packet ends inside the address`,
  }),
  'forward-request-family': rule<{family: number}>({
    group: 'forwarding',
    about: 'A forward request to an address that is not UDP over IPv4 (2) or IPv6 (10).',
    advice: 'Give a UDP address: family 2 for IPv4, 10 for IPv6.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs relay/mod.rs Packet',
    say: d => `address family ${d.family} is not 2 or 10`,
  }),
  'forward-request-long': rule<{bytes: number}>({
    group: 'forwarding',
    about: `A forward request of over ${limits.forwardData} bytes of data.`,
    advice: `Send at most ${limits.forwardData} bytes of data in one forward request.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs relay/mod.rs Packet',
    say: d => `${d.bytes} bytes of data, limit ${limits.forwardData}`,
  }),
  'forward-request-tox-rs': rule({
    group: 'forwarding',
    about: 'tox-rs does not know forward requests: its relay closes.',
    advice: 'Send forward requests only to relays that are c-toxcore.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes'},
    source: 'tox-rs relay/mod.rs Packet',
    say: () => 'forward requests are unknown to tox-rs',
  }),
  'forwarding-empty': rule({
    group: 'forwarding',
    about:
      'A forwarded answer without data, as a c-toxcore relay itself sends for an empty reply: a c-toxcore client ' +
      'drops its relay.',
    advice: 'Discard replies without data instead of passing them on.',
    effect: {c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_packet, TCP_server.c handle_forward_reply_tcp',
    say: () => 'no data: a c-toxcore client drops its relay',
  }),
  'forwarding-tox-rs': rule({
    group: 'forwarding',
    about: 'tox-rs does not know forwarded answers: its client closes.',
    advice: 'Send forwarded answers only to the client that sent the forward request.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    source: 'tox-rs relay/mod.rs Packet',
    say: () => 'forwarded answers are unknown to tox-rs',
  }),
}
