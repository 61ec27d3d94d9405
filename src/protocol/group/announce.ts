import {ipPort, key, list, node, struct, uint, when} from '../../wire/field.js'

/** Names a group, however its members and its name change. */
export const chatId = key('Chat id', 'The public signature key of the group.')

const presence = {
  pk: key('Member', 'Encryption key of the member in the group.'),
  has_ip_port: uint('Has an address', '1 if its UDP address follows.', 1, [[0, 1]]),
  relay_count: uint('Relays', 'Number of relays that follow.', 1, [[0, 1]]),
  ip_port: when('has_ip_port', [1], ipPort('Address', 'By UDP.', {padded: false, families: [2, 10]})),
  relays: list('Relays', 'At which the member can be reached.', {
    of: node('Relay', 'Address and key.', [2, 10, 130, 138]),
    min: 0,
    max: 1,
    countedBy: 'relay_count',
  }),
}

/** Where one member of a group can be reached. c-toxcore GC_Announce. */
export const groupAnnounce = struct('Announcement', 'Where one member can be reached.', presence)

/** As groupAnnounce, with the group. c-toxcore GC_Public_Announce. */
export const publicAnnounce = struct('Announcement', 'Where one member of a group can be reached.', {
  chat_id: chatId,
  ...presence,
})
