import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {gcFields} from './gc-fields.js'

export const gcLossy = packet({
  name: 'gc_lossy',
  id: 0x5c,
  cToxcore: 'NET_PACKET_GC_LOSSY',
  title: 'GcLossy',
  layer: 'payload',
  sentBy: ['client', 'relay'],
  about: 'A packet of a group chat (NGC) that may be lost.',
  fields: gcFields('Type and data, under the group session key of both.', limits.groupPacketMin, 'group_lossy'),
  summary: (p, keyText) => `from ${keyText(p.sender_enc_pk)}`,
  source: 'c-toxcore group_chats.c handle_gc_lossy_packet',
})
