import {text} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

const common = {layer: 'crypto_data', sentBy: ['client', 'relay']} as const
const bounds = {min: 1, max: limits.message}

export const message = packet({
  ...common,
  name: 'message',
  id: 64,
  cToxcore: 'PACKET_ID_MESSAGE',
  title: 'Message',
  about: 'A chat message. The receiver confirms it by the acknowledgement of its packet number only.',
  fields: {text: text('Text', 'What the sender writes. c-toxcore ignores an empty message.', bounds)},
  summary: p => excerpt(p.text),
  source: 'c-toxcore Messenger.c m_handle_packet_message; tox-rs Message',
})

export const action = packet({
  ...common,
  name: 'action',
  id: 65,
  cToxcore: 'PACKET_ID_ACTION',
  title: 'Action',
  about: 'What the sender does, as `/me waves` says it.',
  fields: {text: text('Text', 'What the sender does. c-toxcore ignores an empty action.', bounds)},
  summary: p => excerpt(p.text),
  source: 'c-toxcore Messenger.c m_handle_packet_message; tox-rs Action',
})
