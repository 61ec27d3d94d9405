/**
 * Most characters of one line that is read as a record: far more than any frame takes with all its bytes at every
 * level.
 */
export const recordLine = 1024 * 1024

/** Most characters of a wrong value that an error repeats. */
export const quotedValue = 40

/**
 * Most plaintext bytes that a packet's summary and findings depend on, besides its length: after a sender's key, the
 * two keys and the nonce of a group handshake end at 122.
 */
export const listPreviewBytes = 160

/** Records before the end of a connection that `toxtcp why` shows. */
export const recordsBeforeEnd = 5
