import {data, key, opaque, payload, text} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

const common = {layer: 'group_invite', sentBy: ['client', 'relay']} as const
/** Fields that every step of an invitation begins with. */
const joinData = {
  chat_id: opaque('Chat id', 'The public signature key of the group.', 32),
  enc_pk: key('Member', "The sender's encryption key in the group."),
}

export const groupInvitation = packet({
  ...common,
  name: 'group_invitation',
  id: 95,
  layer: 'crypto_data',
  title: 'GroupInvitation',
  about: 'Invites a friend to a group (NGC), or a further step of that. Unknown to tox-rs.',
  fields: {
    payload: payload('Payload', 'Its first byte says which step.', {
      min: 1,
      max: limits.cryptoData - 1,
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
  title: 'GroupInvite',
  about: 'Invites a friend to a group.',
  fields: {...joinData, group_name: text('Name', 'Of the group.', {min: 1, max: limits.groupName})},
  summary: p => excerpt(p.group_name),
  source: 'c-toxcore group_chats.c gc_invite_friend',
})

export const groupInviteAccepted = packet({
  ...common,
  name: 'group_invite_accepted',
  id: 1,
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
  title: 'GroupInviteConfirmation',
  about: 'Tells the new member where the sender can be reached.',
  fields: {
    ...joinData,
    addresses: data('Addresses', 'The address of the sender, if it has one, and its relays.', {
      min: 0,
      max: limits.cryptoData - 66,
    }),
  },
  summary: () => '',
  source: 'c-toxcore group_chats.c handle_gc_invite_confirmed_packet',
})
