import {text, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {excerpt} from '../text.js'

const common = {layer: 'crypto_data', sentBy: ['client', 'relay']} as const

export const nickname = packet({
  ...common,
  name: 'nickname',
  id: 48,
  cToxcore: 'PACKET_ID_NICKNAME',
  title: 'Nickname',
  about: "The sender's name.",
  fields: {nickname: text('Nickname', 'The name.', {min: 0, max: limits.nickname})},
  summary: p => excerpt(p.nickname),
  source: 'c-toxcore Messenger.c m_handle_packet_nickname; tox-rs Nickname',
})

export const statusMessage = packet({
  ...common,
  name: 'status_message',
  id: 49,
  cToxcore: 'PACKET_ID_STATUSMESSAGE',
  title: 'StatusMessage',
  about: "The sender's status message.",
  fields: {text: text('Text', 'The status message.', {min: 0, max: limits.statusMessage})},
  summary: p => excerpt(p.text),
  source: 'c-toxcore Messenger.c m_handle_packet_statusmessage; tox-rs StatusMessage',
})

/** What each user status means. */
export const userStatusTexts = ['available', 'away', 'busy'] as const

export const userStatus = packet({
  ...common,
  name: 'user_status',
  id: 50,
  cToxcore: 'PACKET_ID_USERSTATUS',
  title: 'UserStatus',
  about: 'Whether the sender is available, away or busy.',
  fields: {status: uint('Status', '0 available, 1 away, 2 busy.', 1, [[0, userStatusTexts.length - 1]])},
  summary: p => userStatusTexts[p.status] ?? `${p.status}`,
  source: 'c-toxcore Messenger.c m_handle_packet_userstatus; tox-rs UserStatus',
})

export const typing = packet({
  ...common,
  name: 'typing',
  id: 51,
  cToxcore: 'PACKET_ID_TYPING',
  title: 'Typing',
  about: 'Whether the sender is writing a message.',
  fields: {
    status: uint('Typing', '0 no, 1 yes. c-toxcore takes all values but 0 as yes, tox-rs no others.', 1, [[0, 1]]),
  },
  summary: p => (p.status === 0 ? 'no' : 'yes'),
  source: 'c-toxcore Messenger.c m_handle_packet_typing; tox-rs Typing',
})
