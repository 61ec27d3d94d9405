import {packet} from '../../wire/packet.js'
import {connectionId} from '../connection-id.js'

export const disconnectNotification = packet({
  name: 'disconnect_notification',
  id: 0x03,
  cToxcore: 'TCP_PACKET_DISCONNECT_NOTIFICATION',
  title: 'DisconnectNotification',
  layer: 'packet',
  sentBy: ['client', 'relay'],
  about: 'From a relay: the peer went away, the id stays. From a client: the id is given up and free again.',
  fields: {connection_id: connectionId('The id that went offline or is given up.', {zero: false})},
  summary: p => `id ${p.connection_id}`,
  source:
    'spec.md "Disconnect notification (0x03)"; ' +
    'c-toxcore TCP_server.c rm_connection_index; tox-rs DisconnectNotification',
})
