import {box, key, payload} from '../../wire/field.js'
import {packet} from '../../wire/packet.js'
import {limits} from '../limits.js'

/** Bytes of data requests and responses before the inner box: id, nonce, temporary key, MAC, sender's key. */
const before = 1 + limits.nonce + limits.publicKey + limits.mac + limits.publicKey

/** Fewest and most bytes of the inner box, MAC included. */
const bounds = {min: limits.mac + 1, max: limits.dataRequest - before}

/** Plaintext of the outer box of data requests and responses. */
export const dataRoute = {
  sender_pk: key('Sender', "The sender's real key."),
  data: payload('Data', 'Sealed from the sender to the receiver.', {...bounds, layer: 'onion_data'}),
}

export const onionData = packet({
  name: 'onion_data',
  id: null,
  title: 'OnionData',
  layer: 'onion_data',
  sentBy: ['client', 'relay'],
  about: 'What one client sends another through the onion, sealed between their real keys.',
  fields: {
    payload: box('Payload', 'A friend request, or the DHT key of the sender.', {
      ...bounds,
      keys: 'real',
      nonce: 'nonce',
      publicKeys: ['sender_pk', 'destination_pk'],
      plain: {
        content: payload('Content', 'Friend request or DHT key.', {
          min: 1,
          max: bounds.max - limits.mac,
          layer: 'onion_content',
        }),
      },
    }),
  },
  summary: () => '',
  source: 'c-toxcore onion_client.c send_onion_data, handle_data_response; tox-rs OnionDataResponseInnerPayload',
})
