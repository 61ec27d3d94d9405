import type {Advice} from '../wire/advice.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'
import {leftOut} from '../wire/text/phrases.js'
import type {Expression, Operand} from './expression.js'
import {filterError, type Place} from './filter-error.js'
import * as limits from './limits.js'
import {
  type Join,
  joinOperators,
  memberOperator,
  notOperator,
  quantifiers,
  type TestOperator,
  testOperators,
} from './operators.js'
import {slicesOf, type Token, tokensOf} from './tokens.js'

const tests: ReadonlyMap<string, TestOperator> = new Map(
  testOperators.flatMap(operator => operator.spellings.map(spelling => [spelling, operator])),
)
const joins = Object.fromEntries(joinOperators.map(({join, spellings}) => [join, spellings])) as Readonly<
  Record<Join, readonly string[]>
>
const [member] = memberOperator.spellings as [string]
const isNegation = ({kind, text}: Token): boolean =>
  (kind === 'symbol' || kind === 'word') && notOperator.spellings.includes(text)

/** Words that can be operators, to suggest the nearest. */
const operatorWords = [...tests.keys(), member, ...Object.values(joins).flat()].filter(spelling =>
  /^\w+$/.test(spelling),
)

/**
 * Reads a display filter in Wireshark's language: `or` binds weakest, then `xor`, `and`, `not`.
 * @throws InputError with the expression, a caret under the place, and what would fit there.
 */
export function parseFilter(text: string): Expression {
  return new Parser(text).whole()
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0
  #tests = 0

  constructor(readonly text: string) {
    this.#tokens = tokensOf(text)
  }

  whole(): Expression {
    if (this.#isEnd())
      throw this.#fail(this.#token, 'the filter is empty', 'a field name alone asks whether it is there: oob_send')
    const expression = this.#joined('or')
    const {kind, text} = this.#token
    if (kind === 'symbol' && text === ')') throw this.#fail(this.#token, '")" closes nothing')
    if (kind !== 'end') throw this.#noOperator()
    return expression
  }

  get #token(): Token {
    return this.#tokens[this.#next]!
  }

  #fail(place: Place, message: string, advice?: string | Advice) {
    return filterError(this.text, place, message, advice)
  }

  #noOperator() {
    const {kind, text} = this.#token
    if (kind === 'symbol' && tests.has(text))
      return this.#fail(this.#token, 'a comparison cannot be compared again', 'join comparisons with &&')
    const near = kind === 'word' ? didYouMean(text, nearest(text, operatorWords)) : undefined
    return this.#fail(this.#token, `expected an operator, found "${shown(text)}"`, near ?? 'join tests with && or ||')
  }

  #isOne(words: readonly string[]): boolean {
    const {kind, text} = this.#token
    return (kind === 'symbol' || kind === 'word') && words.includes(text)
  }

  #isEnd(): boolean {
    return this.#token.kind === 'end'
  }

  #isSymbol(text: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === text
  }

  #joined(kind: Join): Expression {
    const parts = [this.#operandOf(kind)]
    while (this.#isOne(joins[kind])) {
      this.#next++
      parts.push(this.#operandOf(kind))
    }
    return parts.length === 1 ? parts[0]! : {kind, parts}
  }

  #operandOf(kind: Join): Expression {
    return kind === 'and' ? this.#unary() : this.#joined(kind === 'or' ? 'xor' : 'and')
  }

  #unary(): Expression {
    if (!isNegation(this.#token) && !this.#isSymbol('(')) return this.#test()
    const open = this.#token
    if (++this.#depth > limits.depth) throw this.#fail(open, `the filter is nested over ${limits.depth} deep`)
    this.#next++
    const expression: Expression = open.text === '(' ? this.#closed(open) : {kind: 'not', part: this.#unary()}
    this.#depth--
    return expression
  }

  #closed(open: Token): Expression {
    const expression = this.#joined('or')
    if (this.#isEnd()) throw this.#fail(open, '"(" is not closed')
    if (!this.#isSymbol(')')) throw this.#noOperator()
    this.#next++
    return expression
  }

  #test(): Expression {
    if (++this.#tests > limits.tests) throw this.#fail(this.#token, `the filter has over ${limits.tests} tests`)
    const quantifier = this.#quantifier()
    const left = this.#operand('a field')
    const negated = this.#token.text === 'not' && this.#tokens[this.#next + 1]?.text === member
    if (negated) this.#next++
    if (this.#isOne([member])) {
      this.#next++
      const test: Expression = {kind: 'in', left, every: quantifier ?? false, members: this.#members()}
      return negated ? {kind: 'not', part: test} : test
    }
    const {kind, text} = this.#token
    const operator = kind === 'symbol' || kind === 'word' ? tests.get(text) : undefined
    if (operator === undefined) {
      if (quantifier !== undefined)
        throw this.#fail(this.#token, `"${quantifier ? 'all' : 'any'}" needs a comparison after it`)
      return {kind: 'present', left}
    }
    this.#next++
    const right = this.#operand('a value')
    const every = quantifier ?? operator.every
    if (operator.test === 'contains' || operator.test === 'matches') return {kind: operator.test, left, every, right}
    return {kind: 'compare', operator: operator.test, left, every, right}
  }

  /** `any` and `all` before a field. */
  #quantifier(): boolean | undefined {
    const next = this.#tokens[this.#next + 1]
    if (
      !this.#isOne(Object.keys(quantifiers)) ||
      next?.kind !== 'word' ||
      operatorWords.includes(next.text) ||
      isNegation(next)
    )
      return undefined
    return this.#tokens[this.#next++]!.text === 'all'
  }

  #operand(what: string): Operand {
    const {kind, text, at, end} = this.#token
    if (kind === 'end') throw this.#fail(this.#token, `expected ${what}, but the filter ends`)
    if (kind === 'symbol' || kind === 'slice') throw this.#fail(this.#token, `expected ${what}, found "${shown(text)}"`)
    this.#next++
    const slices = []
    let last = end
    while (this.#token.kind === 'slice') {
      if (slices.length >= limits.slices) throw this.#fail(this.#token, `a field has over ${limits.slices} slices`)
      slices.push(slicesOf(this.text, this.#token))
      last = this.#token.end
      this.#next++
    }
    return {kind, text, slices, at, end: last}
  }

  #members() {
    const open = this.#token
    if (!this.#isSymbol('{'))
      throw this.#fail(open, '"in" needs a set', 'for example: tcp.port in {443, 3389, 33440..33450}')
    this.#next++
    const members: ([Operand] | [Operand, Operand])[] = []
    do {
      const from = this.#operand('a member')
      const isRange = this.#isSymbol('..')
      if (isRange) this.#next++
      members.push(isRange ? [from, this.#operand('the end of the range')] : [from])
      if (members.length > limits.members) throw this.#fail(from, `a set has over ${limits.members} members`)
    } while (this.#goesOn(open))
    return members
  }

  #goesOn(open: Token): boolean {
    if (this.#isEnd()) throw this.#fail(open, '"{" is not closed')
    const isComma = this.#isSymbol(',')
    const isClosed = this.#isSymbol('}')
    if (!isComma && !isClosed) throw this.#fail(this.#token, `expected "," or "}", found "${shown(this.#token.text)}"`)
    this.#next++
    return isComma
  }
}

/** A token as a message shows it: its first 40 characters. */
const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}${leftOut}` : text)
