import {key, list, node, payload, text, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {chatId} from '../group/announce.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

const common = {layer: 'group_invite', sentBy: ['client', 'relay']} as const
/** Fields that every step of an invitation begins with. */
const joinData = {
  chat_id: chatId,
  enc_pk: key('Member', "The sender's encryption key in the group."),
}

export const groupInvitation = packet({
  ...common,
  name: 'group_invitation',
  id: 95,
  cToxcore: 'PACKET_ID_INVITE_GROUPCHAT',
  layer: 'crypto_data',
  title: 'GroupInvitation',
  about: 'Invites a friend to a group (NGC), or a further step of that. Unknown to tox-rs.',
  fields: {
    group_packet: uint('Group packet', '0xfe, an invitation by a friend; no receiver looks at it.', 1),
    payload: payload('Payload', 'Its first byte says which step.', {
      min: 1,
      max: limits.cryptoData - 2,
      layer: 'group_invite',
    }),
  },
  summary: () => '',
  source: 'c-toxcore Messenger.c m_handle_packet_invite_groupchat',
})

export const groupInvite = packet({
  ...common,
  name: 'group_invite',
  id: 0,
  cToxcore: 'GROUP_INVITE',
  title: 'GroupInvite',
  about: 'Invites a friend to a group.',
  // c-toxcore sends 48 bytes of a name at most, and delivers as many as fit the packet.
  fields: {...joinData, group_name: text('Name', 'Of the group.', {min: 1, max: limits.cryptoData - 67})},
  summary: p => excerpt(p.group_name),
  source: 'c-toxcore group_chats.c gc_invite_friend',
})

export const groupInviteAccepted = packet({
  ...common,
  name: 'group_invite_accepted',
  id: 1,
  cToxcore: 'GROUP_INVITE_ACCEPTED',
  title: 'GroupInviteAccepted',
  about: 'Accepts the invitation.',
  fields: {...joinData},
  summary: () => '',
  source: 'c-toxcore group_chats.c handle_gc_invite_accepted_packet',
})

export const groupInviteConfirmation = packet({
  ...common,
  name: 'group_invite_confirmation',
  id: 2,
  cToxcore: 'GROUP_INVITE_CONFIRMATION',
  title: 'GroupInviteConfirmation',
  about: 'Says where the new member can reach the sender.',
  fields: {
    ...joinData,
    relays: list('Relays', 'At which the sender can be reached.', {
      of: node('Relay', 'Address and key.', [2, 10, 130, 138]),
      min: 0,
      max: limits.sharedRelays,
    }),
  },
  summary: p => `relays: ${p.relays.length}`,
  source: 'c-toxcore group_chats.c handle_gc_invite_confirmed_packet',
})
