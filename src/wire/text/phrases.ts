/** A number with the noun that it counts: `1 byte`, `2 bytes`. @param several the noun for all numbers but 1. */
export const countText = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`

/** As countText, with commas between thousands: `1,234 packets`. */
export const groupedCount = (count: number | bigint, one: string, several = `${one}s`): string =>
  `${groupedText(count)} ${Number(count) === 1 ? one : several}`

/** A number with commas between thousands: `1,234`. */
export const groupedText = (count: number | bigint): string => count.toLocaleString('en-US')

/** The sign in place of what is left out, in text for people. */
export const leftOut = '…'

/**
 * A half-open range as people read it, both ends included: `0-8`, `3` for one number, `at 3` for an empty range.
 */
export function rangeText([start, end]: readonly [start: number, end: number]): string {
  if (end <= start) return `at ${start}`
  return end === start + 1 ? `${start}` : `${start}-${end - 1}`
}

/** Words to choose from: `a`, `a or b`, `a, b or c`. */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
