import {data, idByte} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

const common = {layer: 'crypto_data', sentBy: ['client', 'relay']} as const
const fields = {
  packet_id: idByte('Packet id', 'Chosen by the application.'),
  data: data('Data', 'Of the application.', {min: 0, max: limits.cryptoData - 1}),
}

export const customLossless = packet({
  ...common,
  name: 'custom_lossless',
  id: [160, 191],
  title: 'CustomLossless',
  about: 'A packet of the application, sent again until it arrives.',
  fields,
  summary: p => `${p.packet_id}`,
  source: 'c-toxcore Messenger.c handle_custom_lossless_packet',
})

export const customLossy = packet({
  ...common,
  name: 'custom_lossy',
  id: [200, 254],
  title: 'CustomLossy',
  about: 'A packet of the application that may be lost.',
  fields,
  summary: p => `${p.packet_id}`,
  source: 'c-toxcore Messenger.c m_handle_lossy_packet',
})
