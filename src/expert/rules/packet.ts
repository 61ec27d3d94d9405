import {reservedIds} from '../../protocol/packets/reserved.js'
import {bytesCount} from '../../protocol/text.js'
import {rule} from '../rule.js'

export const packetRules = {
  'packet-too-short': rule<{title: string; length: number; field: string; least: number}>({
    group: 'packet',
    about: 'The packet ends before its last field.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_server.c, TCP_client.c; tox-rs Packet::from_bytes',
    say: d => `${d.title} of ${bytesCount(d.length)} ends inside ${d.field}: it takes ${d.least}`,
  }),
  'packet-too-long': rule<{title: string; length: number; most: number}>({
    group: 'packet',
    about: 'Bytes follow the last field. c-toxcore compares the length exactly, tox-rs ignores them.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'accepts', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_server.c, TCP_client.c; tox-rs Packet::from_bytes',
    say: d => `${d.title} of ${d.length} bytes should have ${d.most}`,
  }),
  'packet-oversize': rule<{length: number}>({
    group: 'packet',
    about: 'The packet has over 2032 bytes and fits no frame.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_common.c write_packet_tcp_secure_connection',
    say: d => `${d.length} bytes fit no frame: 2032 do`,
  }),
  'wrong-direction': rule<{from: string; title: string}>({
    group: 'packet',
    about: 'A packet that only the other side may send.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore default branch of handle_tcp_packet, handle_tcp_client_packet; tox-rs MustNotSend',
    say: d => `a ${d.from} must not send ${d.title}`,
  }),
  'reserved-id': rule<{id: number}>({
    group: 'packet',
    about: `Packet ids ${reservedIds.first} to ${reservedIds.last} are reserved.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source: 'c-toxcore default branch of handle_tcp_packet, handle_tcp_client_packet; tox-rs Packet::from_bytes',
    say: d => `packet id ${d.id} is reserved`,
  }),
}
