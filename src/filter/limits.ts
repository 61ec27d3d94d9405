/** Most characters of one filter expression. */
export const expression = 16_384

/** Most parentheses and `!` around one another, in an expression or in a pattern of `matches`. */
export const depth = 100

/** Most tests (comparisons and presences) of one expression. */
export const tests = 1000

/** Most members of one `{...}`. */
export const members = 1000

/** Most slices after one another, and parts of one slice. */
export const slices = 16

/** Most characters of the pattern of `matches`. */
export const pattern = 512

/**
 * Most steps that a pattern compiles to, its counted repetitions written out: with `subject` it bounds the work of one
 * match.
 */
export const patternSteps = 1000

/** Most characters or bytes of a value that `matches` looks at; the rest is not searched. Over the largest packet. */
export const subject = 4096

/** Texts of IP addresses whose bytes are kept; then the memory begins anew. */
export const knownAddresses = 1024

/** Columns of the expression that an error shows around the place it means. */
export const hintColumns = 72

/**
 * Connections closed by one side whose keys count for packets of the other: as many as a capture has open at a time.
 */
export const halfClosed = 8192
