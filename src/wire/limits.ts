/** Most characters of one text that is read as hex. */
export const hexText = 256 * 1024 * 1024

/** Most bytes of one hex text. */
export const hexBytes = 64 * 1024 * 1024

/**
 * Most bytes that the `*` lines of one hex dump repeat: three characters can claim any number, and each two of them
 * may be a frame.
 */
export const hexRepeatedBytes = 1024 * 1024

/** Deepest nesting of objects and lists in JSON that is read. A record needs ten levels or so. */
export const jsonDepth = 64

/** Lines of a text that are read to find out whether it is a dump with offsets. */
export const hexDumpProbeLines = 16

/** Columns of the user's line that an error shows around the place it means. */
export const hintColumns = 60
