import {box, key, nonce, payload, zeros} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const gcLossy = packet({
  name: 'gc_lossy',
  id: 0x5c,
  title: 'GcLossy',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'A packet of a group chat (NGC) that may be lost.',
  fields: {
    sender_enc_pk: key('Sender', "The sender's encryption key in the group; also its key at the relay."),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Type and data, under the group session key of both.', {
      min: limits.groupPacketMin - 57,
      max: limits.groupPacketMax - 57,
      keys: 'group',
      nonce: 'nonce',
      plain: {
        padding: zeros('Padding', 'Zero bytes that hide the length of the data.', limits.cryptoPadding - 1),
        data: payload('Data', 'A packet of the group, by its first byte.', {
          min: 1,
          max: limits.groupPacketMax - 73,
          layer: 'group_lossy',
        }),
      },
    }),
  },
  summary: (p, keyText) => `from ${keyText(p.sender_enc_pk)}`,
  source: 'c-toxcore group_chats.c handle_gc_lossy_packet',
})
