/** Most characters of one text that is read as hex. */
export const hexText = 256 * 1024 * 1024

/** Most bytes that one hex text may stand for; a `*` line of a dump can claim any number. */
export const hexBytes = 64 * 1024 * 1024

/** Lines of a text that are looked at to tell whether it is a dump with offsets. */
export const hexDumpProbeLines = 16

/** Columns of the user's line that an error shows around the place it means. */
export const hintColumns = 60
