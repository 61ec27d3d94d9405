import {filledText, list, struct, uint} from '../../wire/field.js'
import {limits} from '../limits.js'

/** What requests carry where the group has a password. c-toxcore group_chats.c send_gc_invite_request. */
export const groupPassword = list('Password', 'Where the group has one.', {
  of: struct('Password', 'Of the group.', {
    length: uint('Length', 'Bytes of the password.', 2),
    text: filledText('Text', 'The password, filled up with zero bytes.', limits.groupPassword),
  }),
  min: 0,
  max: 1,
})
