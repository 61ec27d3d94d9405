import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {gcFields} from './gc-fields.js'

export const gcLossless = packet({
  name: 'gc_lossless',
  id: 0x5b,
  cToxcore: 'NET_PACKET_GC_LOSSLESS',
  title: 'GcLossless',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'A packet of a group chat (NGC) that is sent again until it is acknowledged.',
  fields: gcFields(
    'Type, message id and data, under the group session key of both.',
    limits.groupLosslessMin,
    'group_lossless',
  ),
  summary: (p, keyText) => `from ${keyText(p.sender_enc_pk)}`,
  source: 'c-toxcore group_chats.c handle_gc_lossless_packet',
})
