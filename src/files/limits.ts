/** Bytes of a growing key log that are read at a time. */
export const keyLogPiece = 65_536
