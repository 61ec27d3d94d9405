import {box, type KeyText, key, list, nonce, opaque, opaqueId, type ValueOf, type Values} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {fieldOf, type Window} from '../../wire/window.js'
import {publicAnnounce} from '../group/announce.js'
import {limits} from '../limits.js'

const clear = {
  nonce: nonce('Nonce', 'Nonce of the box.'),
  pk: key('Key', "The sender's real key where it announces itself, a temporary one where it searches."),
}

const plain = {
  ping_id: opaque('Ping id', 'From the response to an earlier request; zero in the first.', limits.onionPingId),
  search_pk: key(
    'Searched key',
    'Real key that is announced or searched; of a group, random bytes that its sender drew.',
  ),
  data_pk: key('Data key', 'Key for data requests to the sender; zero where it searches.'),
  sendback: opaqueId('Sendback', 'Comes back in the response.'),
}

/** A data key is announced with the sender's own key. */
const searched = (p: Values<typeof plain>, keyText: KeyText) =>
  `${p.data_pk.some(byte => byte !== 0) ? 'announces' : 'searches for'} ${keyText(p.search_pk)}`

const keys = {keys: 'onion', nonce: 'nonce', publicKeys: ['pk']} as const

export const onionAnnounceRequest = packet({
  name: 'onion_announce_request',
  id: 0x83,
  cToxcore: 'NET_PACKET_ANNOUNCE_REQUEST_OLD',
  title: 'OnionAnnounceRequest',
  layer: 'onion_request',
  sentBy: ['client'],
  about: 'Announces its sender at a node, or asks the node for a key.',
  fields: {
    ...clear,
    payload: box('Payload', 'What is announced or searched.', {
      min: limits.announceRequestBox,
      max: limits.announceRequestBox,
      ...keys,
      plain,
      plainSummary: searched,
    }),
  },
  summary: (p, keyText) => `of ${keyText(p.pk)}`,
  source: 'c-toxcore onion_announce.c create_announce_request; tox-rs InnerOnionAnnounceRequest',
})

const announcement = list('Announcement', 'Of a member of a group, also where it searches for the others.', {
  of: publicAnnounce,
  min: 1,
  max: 1,
})

export const onionNewAnnounceRequest = packet({
  name: 'onion_new_announce_request',
  id: 0x87,
  cToxcore: 'NET_PACKET_ANNOUNCE_REQUEST',
  title: 'OnionNewAnnounceRequest',
  layer: 'onion_request',
  sentBy: ['client'],
  about: 'As OnionAnnounceRequest, with an announcement of a group; c-toxcore only.',
  fields: {
    ...clear,
    payload: box('Payload', 'What is announced or searched, and a group.', {
      min: limits.announceRequestBox + 1,
      max: limits.newAnnounceRequestBox,
      ...keys,
      plain: {
        ...plain,
        announcement,
      },
      plainSummary(p, keyText) {
        const [member] = p.announcement
        return member ? `announces ${keyText(member.pk)} in ${keyText(member.chat_id)}` : searched(p, keyText)
      },
    }),
  },
  summary: (p, keyText) => `of ${keyText(p.pk)}`,
  source: 'c-toxcore group_onion_announce.c create_gca_announce_request, onion_announce.c handle_gca_announce_request',
})

/** The member that a request announces in a group. @param plain of its opened box. */
export function announcedMember(plain: Window): ValueOf<typeof publicAnnounce> | undefined {
  // The plaintext has the layout that is declared above.
  const members = fieldOf(plain, 'announcement') as ValueOf<typeof announcement> | undefined
  return members?.[0]
}
