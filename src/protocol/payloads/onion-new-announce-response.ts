import {box, list, nonce, opaqueId, uint} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'
import {groupAnnounce} from '../group/announce.js'
import {limits} from '../limits.js'
import {announceStatus, answerText, nearerNodes, pingIdOrKey} from './announced-fields.js'

export const onionNewAnnounceResponse = packet({
  name: 'onion_new_announce_response',
  id: 0x88,
  cToxcore: 'NET_PACKET_ANNOUNCE_RESPONSE',
  title: 'OnionNewAnnounceResponse',
  layer: 'onion_response',
  sentBy: ['relay'],
  about: 'An announce response with group announcements; c-toxcore from 0.2.19 on relays it, tox-rs never does.',
  fields: {
    sendback: opaqueId('Sendback', 'Eight opaque bytes from the request.'),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Whether it is stored, a ping id, nodes and group announcements.', {
      min: limits.announceResponseMin - 33,
      max: limits.newAnnounceResponseMax - 33,
      keys: 'onion',
      nonce: 'nonce',
      plain: {
        announce_status: announceStatus,
        ping_id_or_pk: pingIdOrKey,
        node_count: uint('Number of nodes', 'Nodes that follow.', 1, [[0, limits.announcedNodes]]),
        nodes: nearerNodes('node_count'),
        announces: list('Announcements', 'Members of the group that was searched.', {
          of: groupAnnounce,
          min: 0,
          max: limits.sentAnnounces,
        }),
      },
      plainSummary: (p, keyText) =>
        [answerText(p.announce_status, p.nodes), ...p.announces.map(({pk}) => `member ${keyText(pk)}`)].join(', '),
    }),
  },
  summary: p => `sendback ${toHex(p.sendback)}`,
  source: 'c-toxcore onion_client.c handle_announce_response',
})
