import {data, key, payload, text, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'
import {conferenceId} from './conference-invite.js'

const common = {layer: 'conference_message', sentBy: ['client', 'relay']} as const
const peerId = uint('Peer', 'Number of the member that sends it.', 2)
/** Bytes before what a message carries: packet id, conference, peer, message number. */
const headBytes = 9

export const conferenceMessage = packet({
  ...common,
  name: 'conference_message',
  id: 99,
  cToxcore: 'PACKET_ID_MESSAGE_CONFERENCE',
  layer: 'crypto_data',
  title: 'ConferenceMessage',
  about: 'From one member of a conference to all; each passes it on.',
  fields: {
    conference_id: conferenceId,
    peer_id: peerId,
    message_id: uint('Message number', "Of the peer's messages, to find those seen before.", 4),
    payload: payload('Payload', 'Its first byte says what it is.', {
      min: 1,
      max: limits.cryptoData - headBytes,
      layer: 'conference_message',
    }),
  },
  summary: p => `peer ${p.peer_id} in ${p.conference_id}, message ${p.message_id}`,
  source: 'c-toxcore group.c handle_message_packet_group',
})

export const conferencePing = packet({
  ...common,
  name: 'conference_ping',
  id: 0,
  cToxcore: 'GROUP_MESSAGE_PING_ID',
  title: 'ConferencePing',
  about: 'The sender is still there.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore group.c group_ping_send; tox-rs Ping',
})

export const conferenceNewPeer = packet({
  ...common,
  name: 'conference_new_peer',
  id: 16,
  cToxcore: 'GROUP_MESSAGE_NEW_PEER_ID',
  title: 'ConferenceNewPeer',
  about: 'A member joins.',
  fields: {
    new_peer_id: uint('New peer', 'Its number.', 2),
    long_term_pk: key('Real key', 'Its long-term key.'),
    dht_pk: key('DHT key', 'Its DHT key.'),
  },
  summary: p => `peer ${p.new_peer_id}`,
  source: 'c-toxcore group.c group_new_peer_send; tox-rs NewPeer',
})

export const conferenceKillPeer = packet({
  ...common,
  name: 'conference_kill_peer',
  id: 17,
  cToxcore: 'GROUP_MESSAGE_KILL_PEER_ID',
  title: 'ConferenceKillPeer',
  about: 'A member leaves: the sender itself.',
  fields: {kill_peer_id: uint('Peer', 'Its number, which must be that of the sender.', 2)},
  summary: p => `peer ${p.kill_peer_id}`,
  source: 'c-toxcore group.c group_kill_peer_send; tox-rs KillPeer',
})

export const conferenceFreezePeer = packet({
  ...common,
  name: 'conference_freeze_peer',
  id: 18,
  cToxcore: 'GROUP_MESSAGE_FREEZE_PEER_ID',
  title: 'ConferenceFreezePeer',
  about: 'A member leaves and may come back: the sender itself.',
  fields: {freeze_peer_id: uint('Peer', 'Its number, which must be that of the sender.', 2)},
  summary: p => `peer ${p.freeze_peer_id}`,
  source: 'c-toxcore group.c group_freeze_peer_send; tox-rs FreezePeer',
})

export const conferenceChangeName = packet({
  ...common,
  name: 'conference_change_name',
  id: 48,
  cToxcore: 'GROUP_MESSAGE_NAME_ID',
  title: 'ConferenceChangeName',
  about: 'The name of the sender in the conference.',
  fields: {name: text('Name', 'Of the member.', {min: 0, max: limits.nickname})},
  summary: p => excerpt(p.name),
  source: 'c-toxcore group.c setnick; tox-rs ChangeName',
})

export const conferenceChangeTitle = packet({
  ...common,
  name: 'conference_change_title',
  id: 49,
  cToxcore: 'GROUP_MESSAGE_TITLE_ID',
  title: 'ConferenceChangeTitle',
  about: 'A new title of the conference.',
  fields: {title: text('Title', 'Of the conference.', {min: 1, max: limits.nickname})},
  summary: p => excerpt(p.title),
  source: 'c-toxcore group.c settitle; tox-rs ChangeTitle',
})

const words = {min: 1, max: limits.cryptoData - headBytes - 1}

export const conferenceText = packet({
  ...common,
  name: 'conference_text',
  id: 64,
  title: 'ConferenceText',
  about: 'A chat message to all members.',
  fields: {text: text('Text', 'What the sender writes.', words)},
  summary: p => excerpt(p.text),
  source: 'c-toxcore group.c handle_message_packet_group; tox-rs Message',
})

export const conferenceAction = packet({
  ...common,
  name: 'conference_action',
  id: 65,
  title: 'ConferenceAction',
  about: 'What the sender does, as `/me waves` says it.',
  fields: {text: text('Text', 'What the sender does.', words)},
  summary: p => excerpt(p.text),
  source: 'c-toxcore group.c handle_message_packet_group; tox-rs Action',
})

export const conferenceLossy = packet({
  ...common,
  name: 'conference_lossy',
  id: 199,
  cToxcore: 'PACKET_ID_LOSSY_CONFERENCE',
  layer: 'crypto_data',
  title: 'ConferenceLossy',
  about: 'From one member of a conference to all, and may be lost: the sound of an audio conference.',
  fields: {
    conference_id: conferenceId,
    peer_id: peerId,
    message_id: uint('Message number', "Of the peer's lossy messages.", 2),
    kind: uint('Kind', '192 audio.', 1),
    data: data('Data', 'Sound: sequence number, channels, sample rate, Opus.', {min: 0, max: limits.cryptoData - 8}),
  },
  summary: p => `peer ${p.peer_id} in ${p.conference_id}, kind ${p.kind}`,
  source: 'c-toxcore group.c handle_lossy',
})
