import {list, node, opaque, text} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

/** What packets of the friend connection have in common: both ends of a session send them. */
const common = {layer: 'crypto_data', sentBy: ['client', 'relay']} as const

/** Families of TCP relays, as friends send them, and the UDP families, which c-toxcore takes too. */
const relayFamilies = [130, 138, 2, 10]

export const alive = packet({
  ...common,
  name: 'alive',
  id: 16,
  cToxcore: 'PACKET_ID_ALIVE',
  title: 'Alive',
  about: 'Sent every 8 s; a friend that is silent for 32 s is offline.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore friend_connection.c send_ping; tox-rs Alive',
})

export const shareRelays = packet({
  ...common,
  name: 'share_relays',
  id: 17,
  cToxcore: 'PACKET_ID_SHARE_RELAYS',
  title: 'ShareRelays',
  about: 'TCP relays at which the sender can be reached.',
  fields: {
    relays: list('Relays', 'Address and key of each.', {
      of: node('Relay', 'A relay of the sender: family 130 or 138. tox-rs takes no other.', relayFamilies),
      min: 0,
      max: limits.sharedRelays,
    }),
  },
  summary: p => `${p.relays.length}`,
  source: 'c-toxcore friend_connection.c handle_packet; tox-rs ShareRelays',
})

export const friendRequests = packet({
  ...common,
  name: 'friend_requests',
  id: 18,
  cToxcore: 'PACKET_ID_FRIEND_REQUESTS',
  title: 'FriendRequests',
  about: 'A friend request to somebody with whom a session is open already, as members of a conference have.',
  fields: {
    nospam: opaque('Nospam', "Last part of the receiver's Tox ID.", 4),
    message: text('Message', 'What the sender writes.', {min: 1, max: limits.onionClientData - 5}),
  },
  summary: p => excerpt(p.message),
  source: 'c-toxcore friend_requests.c friendreq_handlepacket; tox-rs FriendRequests',
})

export const online = packet({
  ...common,
  name: 'online',
  id: 24,
  cToxcore: 'PACKET_ID_ONLINE',
  title: 'Online',
  about: 'Opens the messenger: what comes before it is ignored.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore Messenger.c m_handle_packet; tox-rs Online',
})

export const offline = packet({
  ...common,
  name: 'offline',
  id: 25,
  cToxcore: 'PACKET_ID_OFFLINE',
  title: 'Offline',
  about: 'The sender removed this friend or is about to leave.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore Messenger.c m_handle_packet_offline; tox-rs Offline',
})
