/** Bytes of a growing key log that are read at a time. */
export const keyLogPiece = 65_536

/** Most characters of the file of a user's defaults. */
export const configBytes = 1_048_576
