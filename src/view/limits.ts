/**
 * Most characters of one line that is read as a record: far more than any frame takes with all its bytes at every
 * level.
 */
export const recordLine = 1024 * 1024

/** Most characters of a value at fault that an error repeats. */
export const quotedValue = 40

/**
 * Plaintext bytes that a packet's summary and findings rest on at most, besides its length: behind a sender's key, the
 * two keys and the nonce of a group handshake end at 122.
 */
export const listPreviewBytes = 160
