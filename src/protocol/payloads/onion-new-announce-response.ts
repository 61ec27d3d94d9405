import {box, data, nonce, opaque, opaqueId, uint} from '../../wire/field.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const onionNewAnnounceResponse = packet({
  name: 'onion_new_announce_response',
  id: 0x88,
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
        announce_status: uint('Status', '0 not found, 1 found, 2 stored.', 1, [[0, 2]]),
        ping_id_or_pk: opaque(
          'Ping id or data key',
          'Data key where it was found, else a ping id.',
          limits.onionPingId,
        ),
        nodes: data('Nodes', 'Number of nodes, nodes, group announcements.', {min: 0, max: limits.onionResponseMax}),
      },
    }),
  },
  summary: p => `sendback ${toHex(p.sendback)}`,
  source: 'c-toxcore onion_client.c handle_announce_response',
})
