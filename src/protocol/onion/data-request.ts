import {box, key, nonce} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'
import {dataRoute} from './onion-data.js'

/** Bytes before the box: id, key, nonce, key. */
const header = 1 + limits.publicKey + limits.nonce + limits.publicKey

export const onionDataRequest = packet({
  name: 'onion_data_request',
  id: 0x85,
  cToxcore: 'NET_PACKET_ONION_DATA_REQUEST',
  title: 'OnionDataRequest',
  layer: 'onion_request',
  sentBy: ['client'],
  about: 'Data for a client that announced itself at the node that gets this.',
  fields: {
    destination_pk: key('Destination', "The receiver's real key."),
    nonce: nonce('Nonce', 'Nonce of both boxes.'),
    temporary_pk: key('Temporary key', 'Public key of the pair that sealed the outer box.'),
    payload: box('Payload', 'Sender and sealed data, to the data key that the receiver announced.', {
      min: limits.mac + 1,
      max: limits.onionData - header,
      keys: 'data_route',
      nonce: 'nonce',
      publicKeys: ['temporary_pk'],
      plain: dataRoute,
    }),
  },
  summary: (p, keyText) => `to ${keyText(p.destination_pk)}`,
  source: 'c-toxcore onion_announce.c create_data_request; tox-rs InnerOnionDataRequest',
})
