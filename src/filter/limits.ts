/** Most characters of a misspelt word that are compared with known names; no name is longer. */
export const nearestWord = 64

/** Most characters of one filter expression. */
export const expression = 16_384

/** Most parentheses, `!` and `{` around one another in an expression. */
export const depth = 100

/** Most tests (comparisons and presences) of one expression. */
export const tests = 1000

/** Most members of one `{...}`. */
export const members = 1000

/** Most characters of the pattern of `matches`. */
export const pattern = 256

/** Most repetitions (`*`, `+`, `?`, `{n,m}`) in one pattern of `matches`: each multiplies the ways in which a subject can fail to match. */
export const repetitions = 8

/** Most characters of a value that `matches` looks at; the rest is not searched. */
export const subject = 4096
