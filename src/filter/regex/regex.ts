import * as limits from '../limits.js'
import {type Anchor, type CodeSet, type Pattern, PatternMistake, parsePattern, wordCodes} from './regex-parse.js'

/** One step of a compiled pattern. `next` and `other` are indices of steps. */
type Step =
  | {readonly kind: 'set'; readonly holds: (code: number) => boolean; next: number}
  | {readonly kind: 'anchor'; readonly anchor: Anchor; next: number}
  | {readonly kind: 'fork'; next: number; other: number}
  | {readonly kind: 'found'}

/**
 * Compiles a regular expression to a search in time proportional to pattern times subject: all ways through the pattern
 * are followed at once. Case does not matter, unless the pattern begins with `(?-i)`; of bytes, that of ASCII letters.
 *
 * JavaScript's own engine is not used because it tries one way after the other: a pattern like `(a+)+b` on the 2,000
 * bytes of a packet takes longer than anybody waits, and those bytes are chosen by strangers.
 * @param of what is searched: text, or bytes as characters up to U+00FF.
 * @returns whether the pattern occurs in the first `limits.subject` characters.
 * @throws PatternMistake
 */
export function compilePattern(text: string, of: 'text' | 'bytes' = 'text'): (subject: string) => boolean {
  if (text.length > limits.pattern)
    throw new PatternMistake(limits.pattern, `the pattern is over ${limits.pattern} characters long`)
  const flag = /^\(\?(-?)i\)/.exec(text)
  const offset = flag?.[0].length ?? 0
  const steps = new Builder(flag?.[1] === '-' ? -1 : of === 'bytes' ? 0x7f : 0xffff)
  let first: number
  try {
    first = steps.add(parsePattern(text.slice(offset)), steps.push({kind: 'found'}))
  } catch (mistake) {
    if (mistake instanceof PatternMistake) throw new PatternMistake(mistake.offset + offset, mistake.message)
    throw mistake
  }
  const searcher = new Searcher(steps.steps, first)
  return subject => searcher.search(subject)
}

class Builder {
  readonly steps: Step[] = []
  #added = 0

  /** @param lastFolded largest code of a character whose case does not matter; -1: that of all does. */
  constructor(readonly lastFolded: number) {}

  push(step: Step): number {
    if (this.steps.length >= limits.patternSteps)
      throw new PatternMistake(0, `the pattern has over ${limits.patternSteps} steps`)
    return this.steps.push(step) - 1
  }

  /** Adds the steps of a pattern, back to front. @returns the first of them; `next` follows the last one. */
  add(pattern: Pattern, next: number): number {
    // Counted repetitions of nothing add no steps, but cost time here.
    if (++this.#added > 4 * limits.patternSteps) throw new PatternMistake(0, 'the pattern repeats too much')
    switch (pattern.kind) {
      case 'set':
        return this.push({kind: 'set', holds: charTest(pattern.set, this.lastFolded), next})
      case 'anchor':
        return this.push({kind: 'anchor', anchor: pattern.anchor, next})
      case 'sequence':
        return pattern.parts.reduceRight((behind, part) => this.add(part, behind), next)
      case 'choice':
        return pattern.parts
          .map(part => this.add(part, next))
          .reduceRight((other, first) => this.push({kind: 'fork', next: first, other}))
      case 'repeat':
        return this.#repeat(pattern, next)
    }
  }

  #repeat({part, least, most}: Pattern & {kind: 'repeat'}, next: number): number {
    let first = next
    if (most === Number.POSITIVE_INFINITY) {
      const loop: Step = {kind: 'fork', next: 0, other: next}
      first = this.push(loop)
      loop.next = this.add(part, first)
    } else
      for (let i = least; i < most; i++) first = this.push({kind: 'fork', next: this.add(part, first), other: next})
    for (let i = 0; i < least; i++) first = this.add(part, first)
    return first
  }
}

/** Bits for the codes below 256; others are looked up in the ranges. */
function charTest({ranges, isNegated}: CodeSet, lastFolded: number): (code: number) => boolean {
  const isIn = (code: number): boolean => ranges.some(([low, high]) => code >= low && code <= high)
  /** Some characters are several in the other case, as `ß` is `SS`: those are others. */
  const isInAs = (char: string): boolean => char.length === 1 && isIn(char.charCodeAt(0))
  const holds = (code: number): boolean => {
    if (code > lastFolded) return isIn(code) !== isNegated
    const char = String.fromCharCode(code)
    return (isIn(code) || isInAs(char.toLowerCase()) || isInAs(char.toUpperCase())) !== isNegated
  }
  const low = Uint8Array.from({length: 256}, (_, code) => (holds(code) ? 1 : 0))
  return code => (code < 256 ? low[code] === 1 : holds(code))
}

const isWord = charTest(wordCodes, -1)

function isAt(anchor: Anchor, subject: string, at: number, length: number): boolean {
  if (anchor === 'start') return at === 0
  if (anchor === 'end') return at === length
  const isEdge = (at > 0 && isWord(subject.charCodeAt(at - 1))) !== (at < length && isWord(subject.charCodeAt(at)))
  return isEdge === (anchor === 'edge')
}

/** Steps to try at the next character, each once: a step with the stamp of this place is already in the list. */
interface Front {
  readonly list: number[]
  readonly marks: Float64Array
}

/** A compiled pattern with the memory of a search, which the next search uses again. */
class Searcher {
  readonly #steps: readonly Step[]
  readonly #first: number
  readonly #fronts: readonly [Front, Front]
  readonly #stack: number[] = []
  #stamp = 0

  constructor(steps: readonly Step[], first: number) {
    this.#steps = steps
    this.#first = first
    const front = (): Front => ({list: [], marks: new Float64Array(steps.length)})
    this.#fronts = [front(), front()]
  }

  search(subject: string): boolean {
    const length = Math.min(subject.length, limits.subject)
    let [now, then] = this.#fronts
    now.list.length = 0
    this.#stamp++
    for (let at = 0; ; at++) {
      if (this.#enter(this.#first, subject, at, length, now)) return true
      if (at === length) return false
      const code = subject.charCodeAt(at)
      then.list.length = 0
      this.#stamp++
      for (const index of now.list) {
        const step = this.#steps[index]!
        if (step.kind === 'set' && step.holds(code) && this.#enter(step.next, subject, at + 1, length, then))
          return true
      }
      ;[now, then] = [then, now]
    }
  }

  /** Follows forks and anchors from a step. @returns true if the end of the pattern is reached. */
  #enter(start: number, subject: string, at: number, length: number, to: Front): boolean {
    const stack = this.#stack
    stack.length = 0
    for (let index: number | undefined = start; index !== undefined; index = stack.pop()) {
      if (to.marks[index] === this.#stamp) continue
      to.marks[index] = this.#stamp
      const step = this.#steps[index]!
      if (step.kind === 'found') return true
      if (step.kind === 'set') to.list.push(index)
      else if (step.kind === 'fork') stack.push(step.other, step.next)
      else if (isAt(step.anchor, subject, at, length)) stack.push(step.next)
    }
    return false
  }
}
