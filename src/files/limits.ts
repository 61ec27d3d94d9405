/** Key log lines read from a growing file at a time, in bytes. */
export const keyLogPiece = 65_536
