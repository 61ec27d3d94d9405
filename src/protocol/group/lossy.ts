import {data, ipPort, list, uint, uint64} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

const common = {layer: 'group_lossy', sentBy: ['client', 'relay']} as const

export const groupPing = packet({
  ...common,
  name: 'group_ping',
  id: 0x01,
  cToxcore: 'GP_PING',
  title: 'GroupPing',
  about: "Sent every 12 s with versions and checksums of the sender's view of the group, so that both agree.",
  fields: {
    peers_checksum: uint('Checksum of members', 'Of their keys.', 2),
    peer_count: uint('Members', 'That the sender knows.', 2),
    state_version: uint('Version of the shared state', 'Grows with each change.', 4),
    sanctions_version: uint('Version of the sanctions', 'Grows with each change.', 4),
    roles_checksum: uint('Checksum of roles', 'Of all members.', 2),
    topic_version: uint('Version of the topic', 'Grows with each change.', 4),
    topic_checksum: uint('Checksum of the topic', 'Of its bytes.', 2),
    addresses: list('Address', "The sender's UDP address, if it gives one.", {
      of: ipPort('Address', 'By UDP.', {padded: false, families: [2, 10]}),
      min: 0,
      max: 1,
    }),
  },
  summary: p => `members: ${p.peer_count}`,
  source: 'c-toxcore group_chats.c handle_gc_ping',
})

export const groupAck = packet({
  ...common,
  name: 'group_ack',
  id: 0x02,
  cToxcore: 'GP_MESSAGE_ACK',
  title: 'GroupAck',
  about: 'Confirms a lossless packet, or asks for it again.',
  fields: {
    ack_type: uint('Kind', '0 received, 1 send again.', 1, [[0, 1]]),
    acked_id: uint64('Message id', 'Of the lossless packet.'),
  },
  summary: p => `${p.ack_type === 0 ? 'received' : 'send again'} ${p.acked_id}`,
  source: 'c-toxcore group_chats.c handle_gc_message_ack',
})

/** Why a request to join is refused, by the number in the packet. */
export const refusals = ['group full', 'wrong password', 'invite failed']

export const groupInviteReject = packet({
  ...common,
  name: 'group_invite_reject',
  id: 0x03,
  cToxcore: 'GP_INVITE_RESPONSE_REJECT',
  title: 'GroupInviteReject',
  about: 'Refuses a request to join.',
  fields: {reason: uint('Reason', '0 group full, 1 wrong password, 2 failed.', 1, [[0, 2]])},
  summary: p => refusals[p.reason] ?? `${p.reason}`,
  source: 'c-toxcore group_chats.c handle_gc_invite_response_reject',
})

const content = {data: data('Data', 'Of the application.', {min: 1, max: limits.groupCustom})}

export const groupCustomPrivateLossy = packet({
  ...common,
  name: 'group_custom_private_lossy',
  id: 0xee,
  cToxcore: 'GP_CUSTOM_PRIVATE_PACKET',
  title: 'GroupCustomPrivateLossy',
  about: 'A packet of the application for one member, which may be lost.',
  fields: content,
  summary: () => '',
  source: 'c-toxcore group_chats.c handle_gc_custom_private_packet',
})

export const groupCustomLossy = packet({
  ...common,
  name: 'group_custom_lossy',
  id: 0xf2,
  cToxcore: 'GP_CUSTOM_PACKET',
  title: 'GroupCustomLossy',
  about: 'A packet of the application for all members, which may be lost.',
  fields: content,
  summary: () => '',
  source: 'c-toxcore group_chats.c handle_gc_custom_packet',
})
