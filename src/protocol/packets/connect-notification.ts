import {packet} from '../../wire/packet.js'
import {connectionId} from '../connection-id.js'

export const connectNotification = packet({
  name: 'connect_notification',
  id: 0x02,
  cToxcore: 'TCP_PACKET_CONNECTION_NOTIFICATION',
  title: 'ConnectNotification',
  layer: 'packet',
  sentBy: ['relay'],
  about: 'Both peers have asked for each other and are online: data may be sent on this connection id.',
  fields: {connection_id: connectionId('The id that came online.', {zero: false})},
  summary: p => `id ${p.connection_id} is online`,
  source:
    'spec.md "Connect notification (0x02)"; ' +
    'c-toxcore TCP_server.c send_connect_notification; tox-rs ConnectNotification',
})
