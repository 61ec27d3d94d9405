/** What happened, by the word of a record's `kind`. */
export const recordKinds = {
  start: 'A connection begins.',
  prelude: 'The exchange with a SOCKS or HTTP proxy before the handshake.',
  handshake: 'The handshake of one side.',
  frame: 'One frame: its length and its sealed packet.',
  gap: 'Bytes of one side are missing.',
  end: 'A connection ends.',
  packet: 'A packet given without a frame, as to `decode`.',
  payload: 'A payload, handshake or address given without a packet, as to `decode`.',
} as const

/** What is known of a record's plaintext, by the word of its `state`. */
export const recordStates = {
  open: 'It was sealed, and a key opened it: the plaintext is known.',
  sealed: 'No known key opens it; a finding names the key that would.',
  failed: 'A key is known, but the MAC does not match.',
  plain: 'It was never sealed.',
} as const

/**
 * How a packet of a net_crypto session relates to those before: seen for the first time, sent again, or the same packet
 * on its second connection, from the relay to the other peer.
 */
export const deliveryStates = ['first', 'again', 'arrived'] as const

/** What becomes of a packet for another client, as far as the captured connection of that client shows it. */
export const arrivalStates = ['seen', 'never'] as const
