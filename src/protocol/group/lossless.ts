import {data, type Fields, filledText, key, list, node, payload, uint, uint64} from '../../wire/field.js'
import {type PacketSpec, packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'
import {groupAnnounce} from './announce.js'
import {nameOfLength} from './name-length.js'
import {groupPassword} from './password.js'

const common = {layer: 'group_lossless', sentBy: ['client', 'relay']} as const
/** What a lossless packet has besides its data: key, nonce, MAC, type, message id. */
const most = limits.groupPacketMax - 82

/** Every lossless packet has it. */
export const messageId = uint64('Message id', 'Counts the lossless packets to this member, from 1.')

/** What differs between types of one layout. */
type Named<N extends string> = Pick<PacketSpec<Fields, N>, 'name' | 'id' | 'cToxcore' | 'title' | 'about' | 'source'>

/** A packet of the application. c-toxcore hands over neither empty ones nor longer ones. */
const custom = <const N extends string>(named: Named<N>) =>
  packet({
    ...common,
    ...named,
    fields: {message_id: messageId, data: data('Data', 'Of the application.', {min: 1, max: limits.groupCustom})},
    summary: p => `${p.message_id}`,
  })

/** A type without data. */
const bare = <const N extends string>(named: Named<N>) =>
  packet({...common, ...named, fields: {message_id: messageId}, summary: p => `${p.message_id}`})

export const groupCustomPrivate = custom({
  name: 'group_custom_private',
  id: 0xee,
  cToxcore: 'GP_CUSTOM_PRIVATE_PACKET',
  title: 'GroupCustomPrivate',
  about: 'A packet of the application for one member.',
  source: 'c-toxcore group_chats.c handle_gc_custom_private_packet',
})

export const groupFragment = packet({
  ...common,
  name: 'group_fragment',
  id: 0xef,
  cToxcore: 'GP_FRAGMENT',
  title: 'GroupFragment',
  about: 'A part of a long packet. The first begins with its type, an empty one ends it.',
  fields: {message_id: messageId, data: data('Data', 'The part.', {min: 0, max: most})},
  summary: p => `${p.message_id}`,
  source: 'c-toxcore group_connection.c gcc_handle_packet_fragment',
})

export const groupKeyRotation = packet({
  ...common,
  name: 'group_key_rotation',
  id: 0xf0,
  cToxcore: 'GP_KEY_ROTATION',
  title: 'GroupKeyRotation',
  about: 'A new session key for both.',
  fields: {
    message_id: messageId,
    is_response: uint('Response', '0 request, 1 response.', 1, [[0, 1]]),
    session_pk: key('Session key', "The sender's new one."),
  },
  summary: p => `${p.message_id}, ${p.is_response === 0 ? 'request' : 'response'}`,
  source: 'c-toxcore group_chats.c handle_gc_key_exchange',
})

export const groupTcpRelays = packet({
  ...common,
  name: 'group_tcp_relays',
  id: 0xf1,
  cToxcore: 'GP_TCP_RELAYS',
  title: 'GroupTcpRelays',
  about: 'Relays at which the sender can be reached.',
  fields: {
    message_id: messageId,
    relays: list('Relays', 'Address and key of each.', {
      of: node('Relay', 'Address and key.', [2, 10, 130, 138]),
      min: 1,
      max: limits.sharedRelays,
    }),
  },
  summary: p => `${p.message_id}, relays: ${p.relays.length}`,
  source: 'c-toxcore group_chats.c handle_gc_tcp_relays',
})

export const groupCustom = custom({
  name: 'group_custom',
  id: 0xf2,
  cToxcore: 'GP_CUSTOM_PACKET',
  title: 'GroupCustom',
  about: 'A packet of the application for all members.',
  source: 'c-toxcore group_chats.c handle_gc_custom_packet',
})

export const groupBroadcast = packet({
  ...common,
  name: 'group_broadcast',
  id: 0xf3,
  cToxcore: 'GP_BROADCAST',
  title: 'GroupBroadcast',
  about: 'What a member sends to all others: a message, its name, that it leaves.',
  fields: {
    message_id: messageId,
    payload: payload('Payload', 'Its first byte says what it is.', {min: 1, max: most, layer: 'group_broadcast'}),
  },
  summary: p => `${p.message_id}`,
  source: 'c-toxcore group_chats.c handle_gc_broadcast',
})

export const groupPeerInfoRequest = bare({
  name: 'group_peer_info_request',
  id: 0xf4,
  cToxcore: 'GP_PEER_INFO_REQUEST',
  title: 'GroupPeerInfoRequest',
  about: 'Asks a member who it is.',
  source: 'c-toxcore group_chats.c handle_gc_peer_info_request',
})

export const groupPeerInfoResponse = packet({
  ...common,
  name: 'group_peer_info_response',
  id: 0xf5,
  cToxcore: 'GP_PEER_INFO_RESPONSE',
  title: 'GroupPeerInfoResponse',
  about: 'Name and status of the sender.',
  fields: {
    message_id: messageId,
    password: groupPassword,
    nickname_length: uint('Length of the name', 'Bytes; after them may be the end of a longer name from before.', 2, [
      [1, 0xffff],
    ]),
    nickname: filledText('Name', 'Of the sender.', limits.nickname),
    status: uint('Status', '0 available, 1 away, 2 busy.', 1, [[0, 2]]),
  },
  summary: p => `${p.message_id}, ${excerpt(nameOfLength(p.nickname, p.nickname_length))}`,
  source: 'c-toxcore group_chats.c handle_gc_peer_info_response, unpack_gc_peer',
})

export const groupInviteRequest = packet({
  ...common,
  name: 'group_invite_request',
  id: 0xf6,
  cToxcore: 'GP_INVITE_REQUEST',
  title: 'GroupInviteRequest',
  about: 'Asks to be let in.',
  fields: {message_id: messageId, password: groupPassword},
  summary: p => `${p.message_id}`,
  source: 'c-toxcore group_chats.c handle_gc_invite_request',
})

export const groupInviteResponse = bare({
  name: 'group_invite_response',
  id: 0xf7,
  cToxcore: 'GP_INVITE_RESPONSE',
  title: 'GroupInviteResponse',
  about: 'Lets the receiver in.',
  source: 'c-toxcore group_chats.c handle_gc_invite_response',
})

export const groupSyncRequest = packet({
  ...common,
  name: 'group_sync_request',
  id: 0xf8,
  cToxcore: 'GP_SYNC_REQUEST',
  title: 'GroupSyncRequest',
  about: 'Asks for those parts of the state that differ.',
  fields: {
    message_id: messageId,
    sync_flags: uint('Parts', 'Added up: 1 members, 2 topic, 4 state with moderators and sanctions.', 2),
    password: groupPassword,
  },
  summary: p => `${p.message_id}, parts ${p.sync_flags}`,
  source: 'c-toxcore group_chats.c handle_gc_sync_request',
})

export const groupSyncResponse = packet({
  ...common,
  name: 'group_sync_response',
  id: 0xf9,
  cToxcore: 'GP_SYNC_RESPONSE',
  title: 'GroupSyncResponse',
  about: 'Another member; empty at the end.',
  fields: {
    message_id: messageId,
    announces: list('Member', 'Where it can be reached.', {of: groupAnnounce, min: 0, max: 1}),
  },
  summary: p => `${p.message_id}`,
  source: 'c-toxcore group_chats.c handle_gc_sync_response',
})

export const groupFriendInvite = packet({
  ...common,
  name: 'group_friend_invite',
  id: 0xfe,
  cToxcore: 'GP_FRIEND_INVITE',
  title: 'GroupFriendInvite',
  about: 'An invitation by a friend. It comes in a GroupInvitation; between members it means nothing.',
  fields: {message_id: messageId, data: data('Data', 'Not read.', {min: 0, max: most})},
  summary: p => `${p.message_id}`,
  source: 'c-toxcore group_chats.c handle_gc_invite_confirmed_packet',
})

export const groupHandshakeAck = bare({
  name: 'group_handshake_ack',
  id: 0xff,
  cToxcore: 'GP_HS_RESPONSE_ACK',
  title: 'GroupHandshakeAck',
  about: 'Confirms the handshake response.',
  source: 'c-toxcore group_chats.c handle_gc_hs_response_ack',
})
