import {type Advice, replaceWord} from '../advice.js'
import * as limits from '../limits.js'
import {alternatives} from './phrases.js'
import {shellWord} from './shell-word.js'

/**
 * The words that a misspelt one may have meant, best first: by Damerau-Levenshtein distance, without regard to case and
 * to `-` or `_`; then words of which it is the beginning or a whole part (`ping` for `ping_request`, `sender_pk` for
 * `oob_receive.sender_pk`).
 * @param count most words that are returned.
 * @returns words as they were given, none twice; empty where nothing is near.
 */
export function nearest(word: string, words: Iterable<string>, count = 3): string[] {
  const wanted = plain(word.slice(0, limits.nearestWord))
  if (wanted === '') return []
  const farthest = Math.max(1, Math.floor(wanted.length / 3))
  const found: {word: string; rank: number}[] = []
  for (const candidate of new Set(words)) {
    const rank = rankOf(wanted, plain(candidate), farthest)
    if (rank !== undefined) found.push({word: candidate, rank})
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({word: near}) => near)
}

/** The advice that names what a word may have meant, the best first; undefined where nothing is near. */
export function didYouMean(wrong: string, words: readonly string[]): Advice | undefined {
  const [best] = words
  if (best === undefined) return undefined
  return replaceWord(wrong, best, `did you mean ${alternatives(words.map(quoted))}?`)
}

/** A word in quotes; names of files may hold line feeds, and are then written as a shell takes them. */
const quoted = (word: string): string => (/[\p{C}\p{Zl}\p{Zp}]/u.test(word) ? shellWord(word) : `"${word}"`)

const plain = (word: string): string => word.toLowerCase().replaceAll('-', '_')

/** Distance, lower is nearer; undefined: too far. Fractions rank parts of a name after misspellings of that rank. */
function rankOf(wanted: string, candidate: string, farthest: number): number | undefined {
  if (Math.abs(candidate.length - wanted.length) <= farthest) {
    const steps = distance(wanted, candidate)
    if (steps <= farthest) return steps
  }
  if (wanted.length < 3) return undefined
  if (candidate.endsWith(`.${wanted}`)) return 1.5
  if (candidate.startsWith(wanted)) return farthest + 0.5
  return candidate.split(/[._ ]/).includes(wanted) ? farthest + 0.75 : undefined
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({length: b.length + 1}, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
