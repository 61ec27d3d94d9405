import {opaqueId} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'

export const pongResponse = packet({
  name: 'pong_response',
  id: 0x05,
  cToxcore: 'TCP_PACKET_PONG',
  title: 'PongResponse',
  layer: 'packet',
  sentBy: ['client', 'relay'],
  about: 'Answers a PingRequest with its id.',
  fields: {ping_id: opaqueId('Ping id', 'Eight opaque bytes, not all zero; the answer repeats them.')},
  summary: p => toHex(p.ping_id),
  source:
    'spec.md "Ping response (0x05)"; ' +
    'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_pong; tox-rs PongResponse',
})
