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

/** Characters of those records of all open connections; beyond it, those of the connection silent for longest go. */
export const charactersBeforeEnd = 16 * 1024 * 1024

/** Records of a capture that `toxtcp diff` compares at most. */
export const comparedRecords = 200_000

/** Records without a counterpart up to which one side of a connection is aligned. */
export const alignedEdits = 2000

/** Connections up to which those of two captures are paired by likeness; more are paired in their order. */
export const pairedByLikeness = 200

/**
 * Connections of which something stayed sealed, and not yet counted: what comes later may change the reason. Beyond
 * that, the oldest is counted with the reason that is known by then.
 */
export const sealedConnections = 4096

/** Secret keys of which it is looked whether they are public ones. */
export const comparedKeys = 100

/** Levels inside a packet that have columns of their own in Parquet; what is deeper is JSON. */
export const innerColumns = 3

/**
 * JSON characters of the records that wait to be written to Parquet together. More of them in a group make it faster
 * to query, and take about six times as much memory.
 */
export const rowGroupCharacters = 8 * 1024 * 1024

/** Most lines that cannot be read of which each is named: a text may have millions. */
export const namedMistakes = 10
