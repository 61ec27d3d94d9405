import {limits} from '../../protocol/limits.js'
import {rule} from '../rule.js'

const firstId = limits.firstConnectionId

/** The life of the connection ids that routes get: notifications that peers come and go. */
export const connectionIdRules = {
  'connection-id-reserved': rule<{id: number}>({
    group: 'connection id',
    about: `A notification with an id below ${firstId}, which is not a connection id.`,
    advice: `Use only the ids that route responses give, which start at ${firstId}.`,
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'closes'},
    source:
      'c-toxcore TCP_server.c rm_connection_index, TCP_client.c handle_tcp_client_connection_notification, ' +
      'handle_tcp_client_disconnect_notification; tox-rs ConnectionId',
    say: d => `${d.id} is not a connection id (they start at ${firstId})`,
  }),
  'connect-from-client': rule({
    group: 'connection id',
    about: 'A connect notification from a client. Relays ignore it.',
    advice:
      'Send no connect notifications from a client: only a relay knows when both peers have asked for each other.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'discards'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs handle_connect_notification',
    say: () => 'relays ignore connect notifications',
  }),
  'connect-from-client-reserved': rule<{id: number}>({
    group: 'connection id',
    about:
      `A connect notification from a client with a reserved id, 1 to ${firstId - 1}: c-toxcore ignores it, ` +
      'tox-rs closes.',
    advice:
      'Send no connect notifications from a client: only a relay knows when both peers have asked for each other.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs ConnectionId',
    say: d => `connection id ${d.id} is reserved`,
  }),
  'connect-from-client-too-long': rule<{length: number}>({
    group: 'connection id',
    about:
      'A connect notification from a client, with bytes after its id: c-toxcore closes, as after any packet of a ' +
      'wrong length, and tox-rs ignores it.',
    advice:
      'Send no connect notifications from a client: only a relay knows when both peers have asked for each other.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'discards'},
    source: 'c-toxcore TCP_server.c handle_tcp_packet; tox-rs handle_connect_notification',
    say: d => `connect notification from a client, and ${d.length} bytes instead of 2`,
  }),
  'connect-on-free-id': rule<{id: number}>({
    group: 'connection id',
    on: ['connect_notification'],
    about: 'A connect notification for an id that is not in use.',
    advice:
      'Send a connect notification only after the route response with its id, and forget the id when the client ' +
      'gives it up.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_connection_notification; tox-rs AlreadyLinked',
    say: d => `connection id ${d.id} is not in use`,
  }),
  'connect-on-online-id': rule<{id: number}>({
    group: 'connection id',
    on: ['connect_notification'],
    about: 'A connect notification for an id that is already online.',
    advice:
      'Send one connect notification when the peer comes online, and the next only after a disconnect notification.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_connection_notification',
    say: d => `connection id ${d.id} is already online`,
  }),
  'connect-missing': rule<{id: number; number: number}>({
    group: 'connection id',
    on: ['ping_request', 'pong_response', 'route_response', 'connect_notification', 'disconnect_notification'],
    about:
      'Two clients have asked for each other, and the relay does not notify one of them. Raised where both ' +
      'connections were captured whole, at the next packet of the relay a second later.',
    advice: 'Notify both clients as soon as each has asked for the other.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs handle_route_request',
    say: d => `no connect notification for id ${d.id}, although both peers have asked for each other (#${d.number})`,
  }),
  'disconnect-missing': rule<{id: number; number: number}>({
    group: 'connection id',
    on: ['ping_request', 'pong_response', 'route_response', 'connect_notification', 'disconnect_notification'],
    about:
      'A client has left or given up its id for a peer, and the relay does not notify that peer. Raised where both ' +
      'connections were captured whole: a second later, or a minute where the client closed its connection.',
    advice: 'When a client leaves or gives an id up, notify the peer of each id that was online.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c rm_connection_index; tox-rs handle_disconnect_notification',
    say: d => `no disconnect notification for id ${d.id}, although its peer has left (#${d.number})`,
  }),
  'disconnect-of-free-id': rule<{id: number}>({
    group: 'connection id',
    on: ['disconnect_notification'],
    about: 'A client gives up an id that it does not have. c-toxcore closes, tox-rs ignores it.',
    advice: 'Give up only ids that you have, each of them once.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'discards'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c rm_connection_index; tox-rs handle_disconnect_notification',
    say: d => `connection id ${d.id} is not in use`,
  }),
  'disconnect-on-free-id': rule<{id: number}>({
    group: 'connection id',
    on: ['disconnect_notification'],
    about: 'A relay reports that the peer of an unused id went away.',
    advice: 'Forget an id when the client gives it up, and send nothing on it after that.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_disconnect_notification; tox-rs AlreadyLinked',
    say: d => `connection id ${d.id} is not in use`,
  }),
  'disconnect-on-offline-id': rule<{id: number}>({
    group: 'connection id',
    on: ['disconnect_notification'],
    about: 'A relay reports that a peer went away, and that peer was not online.',
    advice: 'Send a disconnect notification only for a peer for which you sent a connect notification.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_disconnect_notification',
    say: d => `the peer of connection id ${d.id} was not online`,
  }),
}
