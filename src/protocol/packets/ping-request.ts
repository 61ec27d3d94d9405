import {opaqueId} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const pingRequest = packet({
  name: 'ping_request',
  id: 0x04,
  cToxcore: 'TCP_PACKET_PING',
  title: 'PingRequest',
  layer: 'packet',
  sentBy: ['client', 'relay'],
  about:
    'Asks whether the other side is alive. Answered by a PongResponse with the same id within ' +
    `${limits.pingTimeout} seconds. Each c-toxcore end sends one every ${limits.pingInterval} seconds.`,
  fields: {ping_id: opaqueId('Ping id', 'Eight opaque bytes, not all zero; the answer repeats them.')},
  summary: p => toHex(p.ping_id),
  source:
    'spec.md "Ping packet (0x04)"; ' +
    'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_ping; tox-rs PingRequest',
})
