import {box, key, nonce} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {groupHandshakePlaintext} from '../group/handshake-plaintext.js'
import {limits} from '../limits.js'

export const gcHandshake = packet({
  name: 'gc_handshake',
  id: 0x5a,
  cToxcore: 'NET_PACKET_GC_HANDSHAKE',
  title: 'GcHandshake',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'Handshake of a group chat (NGC) between two members.',
  fields: {
    sender_enc_pk: key('Sender', "The sender's encryption key in the group; also its key at the relay."),
    target_enc_pk: key('Receiver', "The receiver's encryption key in the group."),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Session and signature keys, join type, a node, between both encryption keys.', {
      min: limits.groupHandshakeMin - 89,
      max: limits.groupPacketMax - 89,
      keys: 'group',
      nonce: 'nonce',
      publicKeys: ['sender_enc_pk', 'target_enc_pk'],
      plain: groupHandshakePlaintext,
    }),
  },
  summary: (p, keyText) => `from ${keyText(p.sender_enc_pk)} to ${keyText(p.target_enc_pk)}`,
  source: 'c-toxcore group_chats.c handle_gc_handshake_packet',
})
