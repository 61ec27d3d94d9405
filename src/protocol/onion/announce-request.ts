import {box, key, list, nonce, opaque, opaqueId} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {publicAnnounce} from '../group/announce.js'
import {limits} from '../limits.js'

const clear = {
  nonce: nonce('Nonce', 'Nonce of the box.'),
  pk: key('Key', "The sender's real key where it announces itself, a temporary one where it searches."),
}

const plain = {
  ping_id: opaque('Ping id', 'From the response to an earlier request; zero in the first.', limits.onionPingId),
  search_pk: key('Searched key', 'Real key that is announced or searched.'),
  data_pk: key('Data key', 'Key for data requests to the sender; zero where it searches.'),
  sendback: opaqueId('Sendback', 'Comes back in the response.'),
}

const keys = {keys: 'onion', nonce: 'nonce', publicKeys: ['pk']} as const

export const onionAnnounceRequest = packet({
  name: 'onion_announce_request',
  id: 0x83,
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
    }),
  },
  summary: (p, keyText) => `of ${keyText(p.pk)}`,
  source: 'c-toxcore onion_announce.c create_announce_request; tox-rs InnerOnionAnnounceRequest',
})

export const onionNewAnnounceRequest = packet({
  name: 'onion_new_announce_request',
  id: 0x87,
  title: 'OnionNewAnnounceRequest',
  layer: 'onion_request',
  sentBy: ['client'],
  about: 'As OnionAnnounceRequest, with an announcement of a group; c-toxcore only.',
  fields: {
    ...clear,
    payload: box('Payload', 'What is announced or searched, and a group.', {
      min: limits.announceRequestBox,
      max: limits.newAnnounceRequestBox,
      ...keys,
      plain: {
        ...plain,
        announcement: list('Announcement', 'Of a member of a group; absent in a search.', {
          of: publicAnnounce,
          min: 0,
          max: 1,
        }),
      },
    }),
  },
  summary: (p, keyText) => `of ${keyText(p.pk)}`,
  source: 'c-toxcore group_onion_announce.c create_gca_announce_request, onion_announce.c handle_gca_announce_request',
})
