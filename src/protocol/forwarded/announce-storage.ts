import {
  box,
  data,
  type Fields,
  key,
  list,
  node,
  nonce,
  opaque,
  opaqueId,
  payload,
  struct,
  uint,
  uint64,
  when,
} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

const request = {layer: 'forwarded', sentBy: ['client']} as const
const response = {layer: 'forwarded', sentBy: ['relay']} as const

const pingId = opaqueId('Ping id', 'Eight opaque bytes that come back in the answer.')
const dataKey = key('Data key', 'Key under which the data is stored.')
const timedAuth = opaque(
  'Proof',
  'Proof of a search of the last minute, for the requests that follow.',
  limits.timedAuth,
)

/** Clear fields of each packet, and the layout of its box. */
const sealed = <F extends Fields>(about: string, plain: F) => ({
  pk: key('Sender', 'DHT key of the sender.'),
  nonce: nonce('Nonce', 'Nonce of the box.'),
  payload: box('Payload', about, {
    min: limits.mac + limits.publicKey + 8,
    max: limits.forwardData - 1 - limits.publicKey - limits.nonce,
    keys: 'dht',
    nonce: 'nonce',
    publicKeys: ['pk', 'next_pk'],
    plain,
  }),
})

export const dataSearchRequest = packet({
  ...request,
  name: 'data_search_request',
  id: 0x93,
  cToxcore: 'NET_PACKET_DATA_SEARCH_REQUEST',
  title: 'DataSearchRequest',
  about: 'Asks a node whether it stores data under a key, and for nodes closer to that key.',
  fields: sealed('The key.', {
    data_pk: dataKey,
    previous_hash: list('Previous answer', 'SHA-256 of the last answer: the same one is not sent again.', {
      of: opaque('Hash', 'SHA-256.', limits.sha256),
      min: 0,
      max: 1,
    }),
    ping_id: pingId,
  }),
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore announce.c create_reply_plain_data_search_request',
})

export const dataSearchResponse = packet({
  ...response,
  name: 'data_search_response',
  id: 0x94,
  cToxcore: 'NET_PACKET_DATA_SEARCH_RESPONSE',
  title: 'DataSearchResponse',
  about: 'Answers a DataSearchRequest.',
  fields: sealed('What is known of the key.', {
    data_pk: dataKey,
    result: list('Result', 'Absent if it is the same as in the answer before.', {
      of: struct('Result', 'What the node knows.', {
        is_stored: uint('Stored', '1 if it stores data under the key.', 1, [[0, 1]]),
        data_hash: when('is_stored', [1], opaque('Hash', 'SHA-256 of the data.', limits.sha256)),
        timed_auth: timedAuth,
        would_store: uint('Would store', '1 if it has room for data under the key.', 1, [[0, 1]]),
        node_count: uint('Nodes', 'Number of nodes that follow.', 1, [[0, limits.announcedNodes]]),
        nodes: list('Nodes', 'Nodes closer to the key.', {
          of: node('Node', 'Address and key.', [2, 10, 130, 138]),
          min: 0,
          max: limits.announcedNodes,
        }),
      }),
      min: 0,
      max: 1,
    }),
    ping_id: pingId,
  }),
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore announce.c create_reply_plain_data_search_request',
})

export const dataRetrieveRequest = packet({
  ...request,
  name: 'data_retrieve_request',
  id: 0x95,
  cToxcore: 'NET_PACKET_DATA_RETRIEVE_REQUEST',
  title: 'DataRetrieveRequest',
  about: 'Asks a node for the data that it stores under a key.',
  fields: sealed('The key, and the proof of a search.', {
    data_pk: dataKey,
    reserved: uint('Reserved', 'Always 0.', 1, [[0, 0]]),
    timed_auth: timedAuth,
    ping_id: pingId,
  }),
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore announce.c create_reply_plain_data_retrieve_request',
})

export const dataRetrieveResponse = packet({
  ...response,
  name: 'data_retrieve_response',
  id: 0x96,
  cToxcore: 'NET_PACKET_DATA_RETRIEVE_RESPONSE',
  title: 'DataRetrieveResponse',
  about: 'Answers a DataRetrieveRequest.',
  fields: sealed('The data.', {
    data_pk: dataKey,
    is_retrieved: uint('Retrieved', 'Always 1.', 1, [[1, 1]]),
    stored: data('Data', 'What was stored.', {min: 0, max: limits.announcement}),
    ping_id: pingId,
  }),
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore announce.c create_reply_plain_data_retrieve_request',
})

export const storeAnnounceRequest = packet({
  ...request,
  name: 'store_announce_request',
  id: 0x97,
  cToxcore: 'NET_PACKET_STORE_ANNOUNCE_REQUEST',
  title: 'StoreAnnounceRequest',
  about: 'Asks a node to store data under a key.',
  fields: sealed('The key, and what is to be stored.', {
    data_pk: dataKey,
    announcement_nonce: nonce('Inner nonce', 'Nonce of the announcement.'),
    announcement: payload('Announcement', 'Sealed with the data key.', {
      min: limits.mac + limits.timedAuth + 5,
      max: limits.mac + limits.timedAuth + 5 + limits.announcement,
      layer: 'announcement',
    }),
    ping_id: pingId,
  }),
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore announce.c create_reply_plain_store_announce_request',
})

export const storeAnnounceResponse = packet({
  ...response,
  name: 'store_announce_response',
  id: 0x98,
  cToxcore: 'NET_PACKET_STORE_ANNOUNCE_RESPONSE',
  title: 'StoreAnnounceResponse',
  about: 'Answers a StoreAnnounceRequest: the data is stored.',
  fields: sealed('For how long.', {
    data_pk: dataKey,
    timeout: uint('Time', 'Seconds for which the data is stored.', 4),
    node_time: uint64('Time of the node', 'Seconds of its own clock.'),
    ping_id: pingId,
  }),
  summary: (p, keyText) => `from ${keyText(p.pk)}`,
  source: 'c-toxcore announce.c create_reply_plain_store_announce_request',
})
