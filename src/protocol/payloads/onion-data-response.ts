import {box, key, nonce} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {dataRoute} from '../onion/onion-data.js'

export const onionDataResponse = packet({
  name: 'onion_data_response',
  id: 0x86,
  cToxcore: 'NET_PACKET_ONION_DATA_RESPONSE',
  title: 'OnionDataResponse',
  layer: 'onion_response',
  sentBy: ['relay'],
  about: 'Data that another client sent through the onion: a friend request, or a new DHT key.',
  fields: {
    nonce: nonce('Nonce', 'Nonce of both boxes.'),
    temporary_pk: key('Temporary key', 'Public key of the pair that sealed the outer box.'),
    payload: box('Payload', 'Sender and sealed data, to the data key that the receiver announced.', {
      min: limits.dataResponseMin - 57,
      max: limits.dataRequest - 57,
      keys: 'data_route',
      nonce: 'nonce',
      publicKeys: ['temporary_pk'],
      plain: dataRoute,
    }),
  },
  summary: () => '',
  source: 'c-toxcore onion_client.c handle_data_response; tox-rs OnionDataResponse',
})
