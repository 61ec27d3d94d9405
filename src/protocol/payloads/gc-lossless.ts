import {box, key, nonce, payload, zeros} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const gcLossless = packet({
  name: 'gc_lossless',
  id: 0x5b,
  title: 'GcLossless',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'A packet of a group chat (NGC) that is sent again until it is acknowledged.',
  fields: {
    sender_enc_pk: key('Sender', "The sender's encryption key in the group; also its key at the relay."),
    nonce: nonce('Nonce', 'Nonce of the box.'),
    payload: box('Payload', 'Type, message id and data, under the group session key of both.', {
      min: limits.groupLosslessMin - 57,
      max: limits.groupPacketMax - 57,
      keys: 'group',
      nonce: 'nonce',
      plain: {
        padding: zeros('Padding', 'Zero bytes that hide the length of the data.', limits.cryptoPadding - 1),
        data: payload('Data', 'A packet of the group, by its first byte.', {
          min: 1,
          max: limits.groupPacketMax - 73,
          layer: 'group_lossless',
        }),
      },
    }),
  },
  summary: (p, keyText) => `from ${keyText(p.sender_enc_pk)}`,
  source: 'c-toxcore group_chats.c handle_gc_lossless_packet',
})
