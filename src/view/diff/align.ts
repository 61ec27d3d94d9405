import {alignedEdits} from '../limits.js'

/** Places of what belongs together; one of them is undefined where the other has no counterpart. */
export type Pair = readonly [a: number | undefined, b: number | undefined]

/**
 * Aligns two sequences by a shortest list of insertions and deletions (Myers, "An O(ND) difference algorithm").
 * What would need more than `alignedEdits` of them is given as different as a whole.
 */
export function aligned(a: readonly string[], b: readonly string[]): Pair[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let tail = 0
  while (tail < a.length - start && tail < b.length - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const head: Pair[] = Array.from({length: start}, (_, at) => [at, at])
  const end: Pair[] = Array.from({length: tail}, (_, at) => [a.length - tail + at, b.length - tail + at])
  return [...head, ...middle(a, b, start, [a.length - tail, b.length - tail]), ...end]
}

function middle(a: readonly string[], b: readonly string[], start: number, ends: readonly [number, number]): Pair[] {
  const [n, m] = [ends[0] - start, ends[1] - start]
  const most = Math.min(n + m, alignedEdits)
  /** Furthest x on each diagonal, for each number of edits. */
  const trace: Int32Array[] = []
  const furthest = new Int32Array(2 * most + 3)
  const zero = most + 1
  for (let edits = 0; edits <= most; edits++) {
    trace.push(furthest.slice())
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [left, right] = [furthest[zero + diagonal - 1]!, furthest[zero + diagonal + 1]!]
      let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1
      while (x < n && x - diagonal < m && a[start + x] === b[start + x - diagonal]) x++
      furthest[zero + diagonal] = x
      if (x >= n && x - diagonal >= m) return path(trace, zero, [n, m]).map(shifted(start))
    }
  }
  const deleted: Pair[] = Array.from({length: n}, (_, at) => [start + at, undefined])
  return [...deleted, ...Array.from({length: m}, (_, at): Pair => [undefined, start + at])]
}

const shifted =
  (by: number) =>
  ([a, b]: Pair): Pair => [a === undefined ? a : a + by, b === undefined ? b : b + by]

/** The way back from the end to the beginning. */
function path(trace: readonly Int32Array[], zero: number, [n, m]: readonly [number, number]): Pair[] {
  const pairs: Pair[] = []
  let [x, y] = [n, m]
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits]!
    const diagonal = x - y
    const [left, right] = [furthest[zero + diagonal - 1]!, furthest[zero + diagonal + 1]!]
    const isInserted = diagonal === -edits || (diagonal !== edits && left < right)
    const before = isInserted ? right : left
    const beforeY = before - (isInserted ? diagonal + 1 : diagonal - 1)
    while (x > before && y > beforeY && x > 0 && y > 0) pairs.push([--x, --y])
    if (edits === 0) break
    pairs.push(isInserted ? [undefined, --y] : [--x, undefined])
  }
  return pairs.reverse()
}
