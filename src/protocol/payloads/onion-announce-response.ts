import {box, nonce, opaqueId} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {announceStatus, answerText, nearerNodes, pingIdOrKey} from './announced-fields.js'

export const onionAnnounceResponse = packet({
  name: 'onion_announce_response',
  id: 0x84,
  cToxcore: 'NET_PACKET_ANNOUNCE_RESPONSE_OLD',
  title: 'OnionAnnounceResponse',
  layer: 'onion_response',
  sentBy: ['relay'],
  about: 'A node answers an announce request: whether it stored the announcement or knows the searched key.',
  fields: {
    sendback: opaqueId('Sendback', 'Eight opaque bytes from the request.'),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Whether it is stored, a ping id or data key, and up to four nodes.', {
      min: limits.announceResponseMin - 33,
      max: limits.announceResponseMax - 33,
      keys: 'onion',
      nonce: 'nonce',
      plain: {
        announce_status: announceStatus,
        ping_id_or_pk: pingIdOrKey,
        nodes: nearerNodes(),
      },
      plainSummary: p => answerText(p.announce_status, p.nodes),
    }),
  },
  summary: p => `sendback ${toHex(p.sendback)}`,
  source: 'c-toxcore onion_client.c handle_announce_response; tox-rs OnionAnnounceResponse',
})
