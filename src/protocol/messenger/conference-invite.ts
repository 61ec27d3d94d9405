import {opaque, payload, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

const common = {sentBy: ['client', 'relay']} as const

/** A conference's number at one end of a connection. */
export const conferenceId = uint('Conference', 'Its number at the receiver.', 2)

const uniqueId = opaque('Conference id', 'The same for all members.', 32)
const conferenceType = uint('Type', '0 text, 1 audio.', 1, [[0, 1]])

/** A conference's number at the end that sends the packet. */
const senderId = uint('Conference', 'Its number at the sender.', 2)
/** Fields that both answers to an invitation begin with. */
const answer = {
  conference_id_local: uint('Conference here', 'Its number at the sender.', 2),
  conference_id_join: uint('Conference there', 'Its number at the receiver, from the invitation.', 2),
  conference_type: conferenceType,
  unique_id: uniqueId,
}

export const conferenceInvitation = packet({
  ...common,
  name: 'conference_invitation',
  id: 96,
  cToxcore: 'PACKET_ID_INVITE_CONFERENCE',
  layer: 'crypto_data',
  title: 'ConferenceInvitation',
  about: 'An invitation to a conference, or an answer to one.',
  fields: {
    payload: payload('Payload', 'Its first byte says which.', {
      min: 1,
      max: limits.cryptoData - 1,
      layer: 'conference_invite',
    }),
  },
  summary: () => '',
  source: 'c-toxcore group.c handle_friend_invite_packet; tox-rs Invite',
})

export const conferenceInvite = packet({
  ...common,
  name: 'conference_invite',
  id: 0,
  cToxcore: 'INVITE_ID',
  layer: 'conference_invite',
  title: 'ConferenceInvite',
  about: 'Invites a friend to a conference.',
  fields: {
    conference_id: senderId,
    conference_type: conferenceType,
    unique_id: uniqueId,
  },
  summary: p => `${p.conference_id}`,
  source: 'c-toxcore group.c invite_friend; tox-rs Invite',
})

export const conferenceInviteResponse = packet({
  ...common,
  name: 'conference_invite_response',
  id: 1,
  cToxcore: 'INVITE_ACCEPT_ID',
  layer: 'conference_invite',
  title: 'ConferenceInviteResponse',
  about: 'Accepts an invitation.',
  fields: answer,
  summary: p => `${p.conference_id_join}`,
  source: 'c-toxcore group.c handle_friend_invite_packet; tox-rs InviteResponse',
})

export const conferenceInviteMember = packet({
  ...common,
  name: 'conference_invite_member',
  id: 2,
  cToxcore: 'INVITE_MEMBER_ID',
  layer: 'conference_invite',
  title: 'ConferenceInviteMember',
  about: 'Answers an invitation to a conference in which the sender already is. Unknown to tox-rs.',
  fields: {
    ...answer,
    peer_id: uint('Peer', "The sender's number in the conference.", 2),
  },
  summary: p => `${p.conference_id_join}, peer ${p.peer_id}`,
  source: 'c-toxcore group.c send_invite_response',
})

export const conferencePeerOnline = packet({
  ...common,
  name: 'conference_peer_online',
  id: 97,
  cToxcore: 'PACKET_ID_ONLINE_PACKET',
  layer: 'crypto_data',
  title: 'ConferencePeerOnline',
  about: 'Opens the connection of two members of a conference.',
  fields: {
    conference_id: senderId,
    conference_type: conferenceType,
    unique_id: uniqueId,
  },
  summary: p => `${p.conference_id}`,
  source: 'c-toxcore group.c handle_packet_online; tox-rs PeerOnline',
})

export const conferenceRejoin = packet({
  ...common,
  name: 'conference_rejoin',
  id: 100,
  cToxcore: 'PACKET_ID_REJOIN_CONFERENCE',
  layer: 'crypto_data',
  title: 'ConferenceRejoin',
  about: 'Asks to be let back into a conference. Unknown to tox-rs.',
  fields: {conference_type: conferenceType, unique_id: uniqueId},
  summary: () => '',
  source: 'c-toxcore group.c handle_packet_rejoin',
})
