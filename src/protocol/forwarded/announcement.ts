import {box, data, opaque, uint} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

export const announcement = packet({
  name: 'announcement',
  id: null,
  title: 'Announcement',
  layer: 'announcement',
  sentBy: ['client'],
  about: 'What a node is to store under a key. It is sealed with that key, so only its owner can store it.',
  fields: {
    payload: box('Payload', 'Proof of a search, time, and the data.', {
      min: limits.mac + limits.timedAuth + 5,
      max: limits.mac + limits.timedAuth + 5 + limits.announcement,
      keys: 'dht',
      nonce: 'announcement_nonce',
      publicKeys: ['data_pk', 'next_pk'],
      plain: {
        timed_auth: opaque('Proof', 'From the answer to a search of the last minute.', limits.timedAuth),
        timeout: uint('Time', 'Seconds for which the data is to be stored.', 4),
        announcement_type: uint('Type', '0 data, 1 the SHA-256 of data that is stored already.', 1, [[0, 1]]),
        announcement: data('Announcement', 'The data, or its SHA-256.', {min: 0, max: limits.announcement}),
      },
    }),
  },
  summary: () => '',
  source: 'c-toxcore announce.c create_reply_plain_store_announce_request',
})
