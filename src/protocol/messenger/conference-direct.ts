import {key, list, payload, struct, text, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'
import {conferenceId} from './conference-invite.js'

const common = {sentBy: ['client', 'relay']} as const

export const conferenceDirect = packet({
  ...common,
  name: 'conference_direct',
  id: 98,
  cToxcore: 'PACKET_ID_DIRECT_CONFERENCE',
  layer: 'crypto_data',
  title: 'ConferenceDirect',
  about: 'From one member of a conference to another, not passed on.',
  fields: {
    conference_id: conferenceId,
    payload: payload('Payload', 'Its first byte says what it is.', {
      min: 1,
      max: limits.cryptoData - 3,
      layer: 'conference_direct',
    }),
  },
  summary: p => `${p.conference_id}`,
  source: 'c-toxcore group.c handle_direct_packet',
})

export const conferencePeerLeave = packet({
  ...common,
  name: 'conference_peer_leave',
  id: 1,
  cToxcore: 'PEER_INTRODUCED_ID',
  layer: 'conference_direct',
  title: 'ConferencePeerLeave',
  about: 'The sender needs this connection no longer: it left, or the members know each other by now.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore group.c handle_direct_packet; tox-rs PeerLeave',
})

export const conferenceQuery = packet({
  ...common,
  name: 'conference_query',
  id: 8,
  cToxcore: 'PEER_QUERY_ID',
  layer: 'conference_direct',
  title: 'ConferenceQuery',
  about: 'Asks for the list of members.',
  fields: {},
  summary: () => '',
  source: 'c-toxcore group.c send_peer_query; tox-rs Query',
})

const peer = struct('Member', 'One member.', {
  peer_id: uint('Peer', 'Its number in the conference.', 2),
  real_pk: key('Real key', 'Its long-term key.'),
  temp_pk: key('DHT key', 'Its DHT key.'),
  nickname_length: uint('Length of the name', 'Bytes.', 1),
  nickname: text('Name', 'Of the member.', {min: 0, max: limits.nickname, sizedBy: 'nickname_length'}),
})

export const conferenceQueryResponse = packet({
  ...common,
  name: 'conference_query_response',
  id: 9,
  cToxcore: 'PEER_RESPONSE_ID',
  layer: 'conference_direct',
  title: 'ConferenceQueryResponse',
  about: 'The members of a conference; a long list comes in several packets.',
  fields: {peers: list('Members', 'Number, keys and name of each.', {of: peer, min: 1, max: limits.conferencePeers})},
  summary: p => `members: ${p.peers.length}`,
  source: 'c-toxcore group.c handle_send_peers; tox-rs QueryResponse',
})

export const conferenceTitle = packet({
  ...common,
  name: 'conference_title',
  id: 10,
  cToxcore: 'PEER_TITLE_ID',
  layer: 'conference_direct',
  title: 'ConferenceTitle',
  about: 'The title of a conference, for a new member.',
  fields: {title: text('Title', 'Of the conference.', {min: 1, max: limits.nickname})},
  summary: p => excerpt(p.title),
  source: 'c-toxcore group.c settitle; tox-rs Title',
})
