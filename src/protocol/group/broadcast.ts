import {key, list, text, uint, when} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'
import {sanction, sanctionCredentials} from './state.js'

const common = {layer: 'group_broadcast', sentBy: ['client', 'relay']} as const
const pseudoId = uint('Message number', 'Random; names the message for the application.', 4)

export const groupStatus = packet({
  ...common,
  name: 'group_status',
  id: 0,
  cToxcore: 'GM_STATUS',
  title: 'GroupStatus',
  about: 'Status of the sender.',
  fields: {status: uint('Status', '0 available, 1 away, 2 busy.', 1, [[0, 2]])},
  summary: p => `${p.status}`,
  source: 'c-toxcore group_chats.c handle_gc_status',
})

export const groupNick = packet({
  ...common,
  name: 'group_nick',
  id: 1,
  cToxcore: 'GM_NICK',
  title: 'GroupNick',
  about: 'Name of the sender.',
  fields: {nickname: text('Name', 'Of the sender.', {min: 1, max: limits.nickname})},
  summary: p => excerpt(p.nickname),
  source: 'c-toxcore group_chats.c handle_gc_nick',
})

const words = {min: 1, max: limits.message}

export const groupMessage = packet({
  ...common,
  name: 'group_message',
  id: 2,
  cToxcore: 'GM_PLAIN_MESSAGE',
  title: 'GroupMessage',
  about: 'A chat message to all members.',
  fields: {pseudo_id: pseudoId, text: text('Text', 'What the sender writes.', words)},
  summary: p => excerpt(p.text),
  source: 'c-toxcore group_chats.c handle_gc_message',
})

export const groupAction = packet({
  ...common,
  name: 'group_action',
  id: 3,
  cToxcore: 'GM_ACTION_MESSAGE',
  title: 'GroupAction',
  about: 'What the sender does, as `/me waves` says it.',
  fields: {pseudo_id: pseudoId, text: text('Text', 'What the sender does.', words)},
  summary: p => excerpt(p.text),
  source: 'c-toxcore group_chats.c handle_gc_message',
})

export const groupPrivateMessage = packet({
  ...common,
  name: 'group_private_message',
  id: 4,
  cToxcore: 'GM_PRIVATE_MESSAGE',
  title: 'GroupPrivateMessage',
  about: 'A chat message to one member.',
  fields: {
    message_type: uint('Kind', '0 message, 1 action.', 1, [[0, 1]]),
    pseudo_id: pseudoId,
    text: text('Text', 'What the sender writes.', {min: 1, max: limits.groupPrivateMessage}),
  },
  summary: p => excerpt(p.text),
  source: 'c-toxcore group_chats.c handle_gc_private_message',
})

export const groupPeerExit = packet({
  ...common,
  name: 'group_peer_exit',
  id: 5,
  cToxcore: 'GM_PEER_EXIT',
  title: 'GroupPeerExit',
  about: 'The sender leaves.',
  fields: {text: text('Text', 'Last words.', {min: 0, max: limits.nickname})},
  summary: p => excerpt(p.text),
  source: 'c-toxcore group_chats.c handle_gc_peer_exit',
})

export const groupKickPeer = packet({
  ...common,
  name: 'group_kick_peer',
  id: 6,
  cToxcore: 'GM_KICK_PEER',
  title: 'GroupKickPeer',
  about: 'A moderator removes a member.',
  fields: {target_pk: key('Member', 'Encryption key.')},
  summary: (p, keyText) => keyText(p.target_pk),
  source: 'c-toxcore group_chats.c handle_gc_kick_peer',
})

const isSet = uint('Set', '1 gives the role, 0 takes it.', 1, [[0, 1]])

export const groupSetMod = packet({
  ...common,
  name: 'group_set_mod',
  id: 7,
  cToxcore: 'GM_SET_MOD',
  title: 'GroupSetMod',
  about: 'The founder makes a member a moderator, or takes that back.',
  fields: {is_set: isSet, target_sig_pk: key('Member', 'Signature key.')},
  summary: (p, keyText) => keyText(p.target_sig_pk),
  source: 'c-toxcore group_chats.c handle_gc_set_mod',
})

export const groupSetObserver = packet({
  ...common,
  name: 'group_set_observer',
  id: 8,
  cToxcore: 'GM_SET_OBSERVER',
  title: 'GroupSetObserver',
  about: 'A moderator takes the right to speak from a member, or gives it back.',
  fields: {
    is_set: isSet,
    target_enc_pk: key('Member', 'Encryption key.'),
    target_sig_pk: key('Member, signature key', 'Signature key.'),
    sanctions: when('is_set', [1], list('Sanction', 'Against that member.', {of: sanction, min: 1, max: 1})),
    ...sanctionCredentials,
  },
  summary: (p, keyText) => keyText(p.target_enc_pk),
  source: 'c-toxcore group_chats.c handle_gc_set_observer',
})
