import {filledText, key, list, opaque, struct, text, uint, uint64} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'
import {messageId} from './lossless.js'

const common = {layer: 'group_lossless', sentBy: ['client', 'relay']} as const
const signature = (by: string) => opaque('Signature', `Ed25519, by ${by}.`, 64)

export const groupTopic = packet({
  ...common,
  name: 'group_topic',
  id: 0xfa,
  cToxcore: 'GP_TOPIC',
  title: 'GroupTopic',
  about: 'The topic of the group.',
  fields: {
    message_id: messageId,
    signature: signature('who set the topic'),
    version: uint('Version', 'Grows with each change.', 4),
    checksum: uint('Checksum', 'Of the topic.', 2),
    topic_length: uint('Length', 'Bytes of the topic.', 2),
    topic: text('Topic', 'Of the group.', {min: 0, max: limits.groupTopic, sizedBy: 'topic_length'}),
    setter_sig_pk: key('Set by', 'Signature key of who set it.'),
  },
  summary: p => excerpt(p.topic),
  source: 'c-toxcore group_chats.c handle_gc_topic, unpack_gc_topic_info',
})

export const groupSharedState = packet({
  ...common,
  name: 'group_shared_state',
  id: 0xfb,
  cToxcore: 'GP_SHARED_STATE',
  title: 'GroupSharedState',
  about: 'What the founder sets: name, limits, password, locks.',
  fields: {
    message_id: messageId,
    signature: signature('the founder'),
    version: uint('Version', 'Grows with each change, from 1.', 4, [[1, 0xffffffff]]),
    founder_enc_pk: key('Founder', 'Encryption key.'),
    founder_sig_pk: key('Founder, signature key', 'Public signature key.'),
    max_peers: uint('Most members', 'That the group lets in.', 2, [[1, 0xffff]]),
    group_name_length: uint('Length of the name', 'Bytes.', 2, [[1, 0xffff]]),
    group_name: filledText('Name', 'Of the group.', limits.groupName),
    privacy_state: uint('Privacy', '0 public, 1 private.', 1, [[0, 1]]),
    password_length: uint('Length of the password', 'Bytes; 0: none.', 2, [[0, limits.groupPassword]]),
    password: filledText('Password', 'Of the group.', limits.groupPassword),
    mod_list_hash: opaque('Hash of moderators', 'Of the list of moderators.', 32),
    topic_lock: uint('Topic lock', '0: only moderators set the topic.', 4),
    voice_state: uint('Voice', '0 all speak, 1 moderators, 2 the founder.', 1, [[0, 2]]),
  },
  summary: p => `version ${p.version}`,
  source: 'c-toxcore group_chats.c handle_gc_shared_state, unpack_gc_shared_state',
})

export const groupModList = packet({
  ...common,
  name: 'group_mod_list',
  id: 0xfc,
  cToxcore: 'GP_MOD_LIST',
  title: 'GroupModList',
  about: 'The moderators of the group.',
  fields: {
    message_id: messageId,
    mod_count: uint('Moderators', 'Their number.', 2),
    mods: list('Keys', 'Signature key of each.', {
      of: key('Moderator', 'Signature key.'),
      min: 0,
      max: limits.groupModerators,
      countedBy: 'mod_count',
    }),
  },
  summary: p => `${p.mod_count}`,
  source: 'c-toxcore group_chats.c handle_gc_mod_list',
})

export const sanction = struct('Sanction', 'Against one member.', {
  sanction_type: uint('Kind', '0 observer: may not speak.', 1, [[0, 0]]),
  setter_sig_pk: key('Set by', 'Signature key.'),
  time_set: uint64('Time', 'Seconds since 1970.'),
  target_enc_pk: key('Member', 'Encryption key.'),
  signature: signature('who set it'),
})

/** Who made the list of sanctions what it is. c-toxcore group_moderation.c sanctions_creds_pack. */
export const sanctionCredentials = {
  version: uint('Version', 'Grows with each change.', 4),
  hash: opaque('Hash', 'Of the list.', 32),
  checksum: uint('Checksum', 'Of the list.', 2),
  setter_sig_pk: key('Set by', 'Signature key.'),
  signature: signature('who changed the list'),
}

export const groupSanctionsList = packet({
  ...common,
  name: 'group_sanctions_list',
  id: 0xfd,
  cToxcore: 'GP_SANCTIONS_LIST',
  title: 'GroupSanctionsList',
  about: 'Members that may not speak.',
  fields: {
    message_id: messageId,
    sanction_count: uint('Sanctions', 'Their number.', 2),
    sanctions: list('Sanctions', 'One after the other.', {
      of: sanction,
      min: 0,
      max: limits.groupSanctions,
      countedBy: 'sanction_count',
    }),
    ...sanctionCredentials,
  },
  summary: p => `${p.sanction_count}`,
  source: 'c-toxcore group_chats.c handle_gc_sanctions_list, group_moderation.c sanctions_list_unpack',
})
