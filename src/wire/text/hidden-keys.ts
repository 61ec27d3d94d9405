/** Fewest hex digits that are taken for a key: it has 64, and one that was copied by hand may have lost some. */
const fewestDigits = 56

/** Hex digits in even groups, with `0x`, `\x` and separators as people put them between bytes. */
const hexRun = /(?<![0-9a-z])(?:(?:0x|\\x)?(?:[0-9a-f]{2})+[\s,:;_-]{0,3})+[0-9a-f]?(?![0-9a-z])/gi
/** As many digits without a separator: a key whatever is before and after it. */
const wholeRun = new RegExp(`[0-9a-f]{${fewestDigits},}`, 'gi')
/** Base64 of 32 or 64 bytes, in either alphabet. */
const base64Run = /(?<![A-Za-z0-9+/_=-])(?:[A-Za-z0-9+/_-]{43}=?|[A-Za-z0-9+/_-]{86}={0,2})(?![A-Za-z0-9+/_=-])/g

/** Text with all that looks like a key replaced. */
export const hideKeys = (text: string): string => replaceKeys(text, () => '<a key, not shown>')

/** Text with each part that looks like a key replaced. */
export function replaceKeys(text: string, replace: (key: string) => string): string {
  return text
    .replace(hexRun, run => {
      // Blanks and commas after the last digit belong to the sentence.
      const key = run.replace(/[\s,:;_-]+$/, '')
      return digitsIn(key) < fewestDigits ? run : replace(key) + run.slice(key.length)
    })
    .replace(wholeRun, replace)
    .replace(base64Run, run => (isMixed(run) ? replace(run) : run))
}

const digitsIn = (text: string): number => text.replaceAll(/0x|\\x|[^0-9a-f]/gi, '').length

/** Whether letters of both cases and digits are mixed as by chance, unlike in a path. */
function isMixed(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return count(/[A-Z]/g) >= 5 && count(/[a-z]/g) >= 5 && count(/[0-9]/g) >= 2 && count(/[/_-]/g) <= 4
}
