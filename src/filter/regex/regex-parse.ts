import * as limits from '../limits.js'

/** A set of UTF-16 code units: inclusive ranges, or all but them. */
export interface CodeSet {
  readonly ranges: readonly (readonly [number, number])[]
  readonly isNegated: boolean
}

/** A condition on the place: start or end of the subject, the edge of a word, or not the edge of a word. */
export type Anchor = 'start' | 'end' | 'edge' | 'no_edge'

export type Pattern =
  | {readonly kind: 'set'; readonly set: CodeSet}
  | {readonly kind: 'anchor'; readonly anchor: Anchor}
  | {readonly kind: 'sequence' | 'choice'; readonly parts: readonly Pattern[]}
  | {readonly kind: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number}

/** A mistake in a pattern. offset: from the pattern's first character. */
export class PatternMistake {
  constructor(
    readonly offset: number,
    readonly message: string,
  ) {}
}

const one = (code: number): CodeSet => ({ranges: [[code, code]], isNegated: false})
const set = (...ranges: [string, string][]): CodeSet => ({
  ranges: ranges.map(([from, to]) => [from.charCodeAt(0), to.charCodeAt(0)]),
  isNegated: false,
})
const not = (codes: CodeSet): CodeSet => ({...codes, isNegated: !codes.isNegated})
const digits = set(['0', '9'])
export const wordCodes = set(['0', '9'], ['A', 'Z'], ['_', '_'], ['a', 'z'])
const blanks = set(['\t', '\r'], [' ', ' '], ['\u00a0', '\u00a0'], ['\u2028', '\u2029'])
const any: CodeSet = {ranges: [], isNegated: true}

const classes: Readonly<Record<string, CodeSet>> = {
  d: digits,
  D: not(digits),
  w: wordCodes,
  W: not(wordCodes),
  s: blanks,
  S: not(blanks),
}
const controls: Readonly<Record<string, number>> = {n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, 0: 0}
const anchors: Readonly<Record<string, Anchor>> = {b: 'edge', B: 'no_edge', A: 'start', z: 'end', Z: 'end'}
const counted = /\{(\d{1,4})(,?)(\d{0,4})\}/y
const hexEscape = /x([0-9a-f]{2})|x\{([0-9a-f]{1,4})\}|u([0-9a-f]{4})/iy

/**
 * Reads a regular expression without lookaround and back references: what can be matched in one pass over the subject.
 * @throws PatternMistake
 */
export function parsePattern(text: string): Pattern {
  const parser = new PatternParser(text)
  return parser.whole()
}

class PatternParser {
  #at = 0
  #depth = 0

  constructor(readonly text: string) {}

  whole(): Pattern {
    const pattern = this.#choice()
    if (this.#at < this.text.length) throw new PatternMistake(this.#at, '")" closes nothing')
    return pattern
  }

  get #char(): string | undefined {
    return this.text[this.#at]
  }

  #take(char: string): boolean {
    if (this.#char !== char) return false
    this.#at++
    return true
  }

  #choice(): Pattern {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    return parts.length === 1 ? parts[0]! : {kind: 'choice', parts}
  }

  #sequence(): Pattern {
    const parts: Pattern[] = []
    while (this.#char !== undefined && this.#char !== '|' && this.#char !== ')') parts.push(this.#repeated())
    return parts.length === 1 ? parts[0]! : {kind: 'sequence', parts}
  }

  #repeated(): Pattern {
    const start = this.#at
    let part = this.#atom()
    let chained = this.#depth
    for (let times = this.#times(); times; times = this.#times()) {
      if (part.kind === 'anchor' && this.text[start] !== '(')
        throw new PatternMistake(start, 'an anchor cannot be repeated')
      if (++chained > limits.depth) throw new PatternMistake(start, `the pattern is nested over ${limits.depth} deep`)
      part = {kind: 'repeat', part, ...times}
      // Lazy or possessive: which of several matches is found does not matter here.
      if (!this.#take('?')) this.#take('+')
    }
    return part
  }

  #times(): {least: number; most: number} | undefined {
    if (this.#take('*')) return {least: 0, most: Number.POSITIVE_INFINITY}
    if (this.#take('+')) return {least: 1, most: Number.POSITIVE_INFINITY}
    if (this.#take('?')) return {least: 0, most: 1}
    counted.lastIndex = this.#at
    const match = counted.exec(this.text)
    if (!match) return undefined
    const [all, from, comma, to] = match
    const least = Number(from)
    const most = comma === '' ? least : to === '' ? Number.POSITIVE_INFINITY : Number(to)
    if (most < least || most === 0) throw new PatternMistake(this.#at, `"${all}" repeats nothing`)
    this.#at += all.length
    return {least, most}
  }

  #atom(): Pattern {
    const start = this.#at
    const char = this.text[this.#at++]!
    switch (char) {
      case '(':
        return this.#group(start)
      case '[':
        return {kind: 'set', set: this.#class(start)}
      case '.':
        return {kind: 'set', set: any}
      case '^':
        return {kind: 'anchor', anchor: 'start'}
      case '$':
        return {kind: 'anchor', anchor: 'end'}
      case '*':
      case '+':
      case '?':
        throw new PatternMistake(start, `"${char}" repeats nothing`)
      case '\\':
        return this.#escape(start)
      default:
        return {kind: 'set', set: one(char.charCodeAt(0))}
    }
  }

  #group(start: number): Pattern {
    if (this.#take('?') && !this.#take(':'))
      throw new PatternMistake(start, 'only (...) and (?:...) are supported groups: no lookaround, no names')
    if (++this.#depth > limits.depth) throw new PatternMistake(start, `the pattern is nested over ${limits.depth} deep`)
    const inside = this.#choice()
    this.#depth--
    if (!this.#take(')')) throw new PatternMistake(start, '"(" is not closed')
    return inside
  }

  #escape(start: number): Pattern {
    const anchor = this.#char === undefined ? undefined : anchors[this.#char]
    if (anchor) {
      this.#at++
      return {kind: 'anchor', anchor}
    }
    return {kind: 'set', set: this.#escapedSet(start)}
  }

  #escapedSet(start: number): CodeSet {
    hexEscape.lastIndex = this.#at
    const hex = hexEscape.exec(this.text)
    if (hex) {
      this.#at += hex[0].length
      return one(Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16))
    }
    const char = this.text[this.#at++]
    if (char === undefined) throw new PatternMistake(start, 'the pattern ends in "\\"')
    const known = classes[char] ?? (controls[char] === undefined ? undefined : one(controls[char]))
    if (known) return known
    if (/[1-9k]/.test(char)) throw new PatternMistake(start, 'back references are not supported')
    if (/[A-Za-z]/.test(char)) throw new PatternMistake(start, `unknown escape "\\${char}"`)
    return one(char.charCodeAt(0))
  }

  #class(start: number): CodeSet {
    const isNegated = this.#take('^')
    const ranges: (readonly [number, number])[] = []
    for (let isFirst = true; isFirst || this.#char !== ']'; isFirst = false) {
      const from = this.#member(start)
      const isRange = this.#char === '-' && this.text[this.#at + 1] !== ']' && this.text[this.#at + 1] !== undefined
      if (!isRange) {
        ranges.push(...(from.isNegated ? complement(from.ranges) : from.ranges))
        continue
      }
      this.#at++
      const [low, high] = [single(from), single(this.#member(start))]
      if (low === undefined || high === undefined || high < low)
        throw new PatternMistake(start, 'a range in "[...]" ends before it starts')
      ranges.push([low, high])
    }
    this.#at++
    return {ranges, isNegated}
  }

  #member(start: number): CodeSet {
    const char = this.text[this.#at++]
    if (char === undefined) throw new PatternMistake(start, '"[" is not closed')
    if (char !== '\\') return one(char.charCodeAt(0))
    if (this.#take('b')) return one(8)
    return this.#escapedSet(this.#at - 1)
  }
}

const single = ({ranges: [range], isNegated}: CodeSet): number | undefined =>
  range && !isNegated && range[0] === range[1] ? range[0] : undefined

function complement(ranges: CodeSet['ranges']): [number, number][] {
  const found: [number, number][] = []
  let next = 0
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > next) found.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= 0xffff) found.push([next, 0xffff])
  return found
}
