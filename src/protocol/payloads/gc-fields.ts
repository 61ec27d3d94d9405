import {box, key, nonce, payload, zeros} from '../../wire/field.js'
import {limits} from '../limits.js'

/** Bytes before the box: the type, a key and a nonce. */
const header = 1 + limits.publicKey + limits.nonce

/**
 * Fields of a packet of a group chat that its session key seals.
 * @param about the box, in a sentence.
 * @param min fewest bytes of the whole packet.
 */
export const gcFields = (about: string, min: number, layer: 'group_lossless' | 'group_lossy') => ({
  sender_enc_pk: key('Sender', "The sender's encryption key in the group; also its key at the relay."),
  nonce: nonce('Nonce', 'Nonce of the box.'),
  payload: box('Payload', about, {
    min: min - header,
    max: limits.groupPacketMax - header,
    keys: 'group',
    nonce: 'nonce',
    plain: {
      padding: zeros('Padding', 'Zero bytes that hide the length of the data.', limits.cryptoPadding - 1),
      data: payload('Data', 'A packet of the group, by its first byte.', {
        min: 1,
        max: limits.groupPacketMax - header - limits.mac,
        layer,
      }),
    },
  }),
})
