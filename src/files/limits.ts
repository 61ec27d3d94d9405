/** Bytes of a growing key log that are read at a time. */
export const keyLogPiece = 65_536

/** Most bytes of a list of relays. */
export const relayListBytes = 16 * 1024 * 1024
