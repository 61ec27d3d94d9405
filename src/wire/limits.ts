/** Maximum length in characters of a text that is read as hex: bare digits, or lines of which each is an item. */
export const hexText = 64 * 1024 * 1024

/**
 * Maximum length in characters of a text in one of the other forms that people paste: dumps, arrays, log lines. Reading
 * them takes up to 50 bytes of memory for each character.
 */
export const pastedText = 4 * 1024 * 1024

/** Maximum size in bytes of a file with a stream, or one side of it, that another tool extracted from a capture. */
export const streamFileBytes = 32 * 1024 * 1024

/** Maximum number of bytes of one hex text. */
export const hexBytes = 64 * 1024 * 1024

/**
 * Maximum number of bytes that the `*` lines of one hex dump repeat: a `*` and an offset can claim any number, and
 * every two bytes may be a frame.
 */
export const hexRepeatedBytes = 1024 * 1024

/** Deepest nesting of objects and lists in JSON that is read. A record needs about ten levels. */
export const jsonDepth = 64

/** Groups of a row of a hex dump after which a text column may begin: what `xxd -c` prints at most. */
export const hexRowGroups = 256
/** Number of lines that show whether a text is a dump with offsets. */
export const hexDumpProbeLines = 16

/** Columns of the user's line that an error shows around the place it means. */
export const hintColumns = 60

/** Most characters of a misspelt word that are compared with known names; no name is longer. */
export const nearestWord = 64

/** Places of a line at which the tag of its sentence is looked for: a sentence may quote texts that look like one. */
export const triedTags = 64
