import {limits} from '../../protocol/limits.js'
import {reservedIds} from '../../protocol/packets/reserved.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

/** The layout of packets, and who may send them. */
export const packetRules = {
  'packet-too-short': rule<{title: string; length: number; field: string; least: number}>({
    group: 'packet',
    about: 'The packet ends before its last field.',
    advice:
      'Write every field of the packet in full: `toxtcp explain packets` names the types, and the page of each ' +
      'type has its layout.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_packet; tox-rs relay/mod.rs Packet',
    // A length that depends on the packet's own values is not named.
    say: d =>
      `${d.title} is ${bytesCount(d.length)}${d.length < d.least ? `, needs ${d.least}` : ''}: ` +
      `cut off inside ${d.field}`,
  }),
  'packet-too-long': rule<{title: string; length: number; most: number}>({
    group: 'packet',
    about: 'Bytes follow the last field. c-toxcore compares the length exactly, tox-rs ignores them.',
    advice:
      'End the packet at its last field: `toxtcp explain packets` names the types, and the page of each type ' +
      'has its layout.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'accepts', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_packet; tox-rs relay/mod.rs Packet',
    say: d => `${d.title} is ${d.length} bytes, should be ${d.most}`,
  }),
  'packet-oversize': rule<{length: number}>({
    group: 'packet',
    about: `The packet is over ${limits.packet} bytes and does not fit into a frame.`,
    advice: `Split what you send into packets of at most ${limits.packet} bytes.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c write_packet_tcp_secure_connection',
    say: d => `${d.length} bytes do not fit into a frame, limit ${limits.packet}`,
  }),
  'wrong-direction': rule<{from: string; title: string}>({
    group: 'packet',
    about: 'A packet that only the other side may send.',
    advice:
      'Send only packets of your own end: `toxtcp explain packets` names the types, and the page of each type ' +
      'says who sends it.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_packet; tox-rs MustNotSend',
    say: d => `a ${d.from} must not send ${d.title}`,
  }),
  'reserved-id': rule<{id: number}>({
    group: 'packet',
    about: `Packet ids ${reservedIds.first} to ${reservedIds.last} are reserved.`,
    advice: 'Send only packets whose ids are defined: `toxtcp explain packets` lists them.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_packet; tox-rs relay/mod.rs Packet',
    say: d => `packet id ${d.id} is reserved`,
  }),
}
