/** Milliseconds that a relay may take for a handshake or a pong: half of what c-toxcore clients wait. */
export const lateMilliseconds = 5000

/** Milliseconds in which a client has closed if it closes because a handshake or a pong does not come (10 s). */
export const patienceMilliseconds = 12_500

/** Milliseconds between the two pieces of a handshake. */
export const pieceMilliseconds = 300
