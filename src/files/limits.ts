/** Bytes of a growing key log that are read at a time. */
export const keyLogPiece = 65_536
/** Bytes at the end of what was read of a growing key log that are compared, to notice a log written anew. */
export const keyLogTail = 256

/** Most bytes of the file of a user's defaults. */
export const configBytes = 1_048_576
/** Most bytes of a file of names for peers: 100,000 names of average length. */
export const labelFileBytes = 8 * 1024 * 1024
/** Most bytes of a list of relays. */
export const relayListBytes = 16 * 1024 * 1024

/** Milliseconds that a named pipe without a writer is waited for. */
export const pipeWriterMilliseconds = 5000

/**
 * Milliseconds from a packet to the last of the keys that it gives its receiver, who logs them: c-toxcore's clients
 * look for packets every 50 milliseconds at most.
 */
export const keyLogLagMilliseconds = 100
