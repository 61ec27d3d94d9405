import type {SessionRecord} from '../session/record.js'
import {includesBytes, latin1Text} from '../wire/bytes.js'
import {didYouMean, nearest} from '../wire/text/nearest.js'
import {ConnectionKeys} from './connection-keys.js'
import type {Comparison, ComparisonTest, Expression, MemberTest, Operand, SearchTest} from './expression.js'
import {filterError} from './filter-error.js'
import {type Comparator, type Expected, literal, literalBytes, literalError, literalText} from './literal.js'
import type {Read} from './names/name.js'
import {filterNames, findName} from './names/names.js'
import {parseFilter} from './parse.js'
import {compilePattern} from './regex/regex.js'
import {PatternMistake} from './regex/regex-parse.js'
import {sliceAll} from './slice.js'
import {type Kind, orders, type Value, valueText} from './values.js'

/** Whether a record matches a filter. */
export type Predicate = (record: SessionRecord) => boolean
type Holds = (value: Value) => boolean

/** A field of a test, with its slices applied. */
interface Subject {
  readonly name: string
  readonly kind: Kind
  readonly read: Read
  /** Possible values of the whole field. */
  readonly whole: Pick<Expected, 'words' | 'size' | 'isStart'>
}

/**
 * Compiles a display filter; names are resolved once, here.
 * @returns whether a record passes. Never throws.
 * @throws InputError for a filter with a mistake: one sentence, the expression with a caret, the nearest names.
 */
export function compileFilter(text: string): Predicate {
  const compiler = new Compiler(text)
  const matches = compiler.expression(parseFilter(text))
  const {keysOf} = compiler
  if (keysOf === undefined) return matches
  // Keys of handshakes are noted whatever the other parts of the filter say of them.
  return record => {
    compiler.connectionKeys.note(record, keysOf)
    const isMatch = matches(record)
    compiler.connectionKeys.forget(record)
    return isMatch
  }
}

const results: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '==': order => order === 0,
  '!=': order => order !== 0,
  '<': order => order < 0,
  '<=': order => order <= 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
}

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

class Compiler {
  readonly connectionKeys = new ConnectionKeys()
  /** Reads the keys in a record; undefined if the filter does not ask for those. */
  keysOf: Read | undefined

  constructor(readonly text: string) {}

  expression(expression: Expression): Predicate {
    switch (expression.kind) {
      case 'and': {
        const parts = expression.parts.map(part => this.expression(part))
        return record => parts.every(part => part(record))
      }
      case 'or': {
        const parts = expression.parts.map(part => this.expression(part))
        return record => parts.some(part => part(record))
      }
      case 'xor': {
        const parts = expression.parts.map(part => this.expression(part))
        return record => parts.reduce((odd, part) => odd !== part(record), false)
      }
      case 'not': {
        const part = this.expression(expression.part)
        return record => !part(record)
      }
      case 'present': {
        const {read} = this.#subject(expression.left)
        return record => read(record).length > 0
      }
      case 'compare':
        return this.#compare(expression)
      case 'in':
        return this.#member(expression)
      case 'contains':
        return this.#contains(expression)
      case 'matches':
        return this.#matches(expression)
    }
  }

  #subject(operand: Operand): Subject {
    const found = operand.kind === 'word' ? findName(operand.text) : undefined
    if (!found) {
      const near = didYouMean(operand.text, nearest(operand.text, filterNames()))
      throw filterError(
        this.text,
        operand,
        `unknown field "${operand.text}"`,
        near ?? '`toxtcp explain filter` lists all fields',
      )
    }
    const {name, kind, words, size, isStart, hasConnection} = found
    if (hasConnection) this.keysOf = found.values
    const values: Read = hasConnection
      ? record => [...found.values(record), ...this.connectionKeys.of(record)]
      : found.values
    const {slices} = operand
    if (slices.length === 0) {
      const whole = {...(words && {words}), ...(size !== undefined && {size}), ...(isStart && {isStart})}
      return {name, kind, read: values, whole}
    }
    if (kind !== 'bytes' && kind !== 'text')
      throw filterError(this.text, operand, `${name} cannot be sliced`, 'slices are for bytes and text')
    return {
      name: this.text.slice(operand.at, operand.end),
      kind,
      read: record => sliceAll(values(record), slices),
      whole: {},
    }
  }

  #compare({left, operator, right, every}: ComparisonTest): Predicate {
    // A word on the left is a literal only if it cannot be a misspelt name.
    const isTurned =
      (left.kind !== 'word' || /^[\d:[-]/.test(left.text)) &&
      right.kind === 'word' &&
      findName(right.text) !== undefined
    if (isTurned) return this.#compare({kind: 'compare', left: right, operator: mirrored[operator], right: left, every})
    const subject = this.#subject(left)
    const {name, kind, whole, read} = subject
    const result = results[operator]
    const isEquality = operator === '==' || operator === '!='
    const constant = this.#literal({name, kind, ...(isEquality && whole)}, right)
    if (constant) return quantified(read, value => result(constant(value)), every)
    const other = this.#other(subject, right)
    const order = orders[kind]
    return record => {
      const values = other(record)
      return quantified(
        read,
        value =>
          values.length > 0 &&
          (every ? values.every(v => result(order(value, v))) : values.some(v => result(order(value, v)))),
        every,
      )(record)
    }
  }

  #literal(expected: Expected, operand: Operand): Comparator | undefined {
    // A word with a dot that is a name is that field: no text value of a record looks like that.
    const isName =
      operand.kind === 'word' &&
      (operand.slices.length > 0 || (operand.text.includes('.') && findName(operand.text) !== undefined))
    if (isName) return undefined
    if (operand.slices.length > 0) throw filterError(this.text, operand, 'a literal cannot be sliced')
    return literal(expected, operand, this.text)
  }

  /** The field on the right. */
  #other(subject: Subject, operand: Operand): Read {
    const name = findName(operand.text)
    if (!name) {
      const near = /[._]/.test(operand.text) ? nearest(operand.text, filterNames()) : []
      if (near.length > 0)
        throw filterError(this.text, operand, `unknown field "${operand.text}"`, didYouMean(operand.text, near))
      throw literalError(subject, operand, this.text)
    }
    const other = this.#subject(operand)
    const isTime = (kind: Kind): boolean => kind === 'time' || kind === 'epoch'
    if (other.kind !== subject.kind && !(isTime(other.kind) && isTime(subject.kind))) {
      throw filterError(
        this.text,
        operand,
        `${other.name} is ${other.kind} and ${subject.name} is ${subject.kind}: they cannot be compared`,
      )
    }
    return other.read
  }

  #member({left, members, every}: MemberTest): Predicate {
    const {name, kind, whole, read} = this.#subject(left)
    const constant = (operand: Operand, expected: Expected): Comparator => {
      const found = this.#literal(expected, operand)
      if (!found) throw literalError(expected, operand, this.text)
      return found
    }
    const tests = members.map(([from, to]): Holds => {
      const low = constant(from, {name, kind, ...(!to && whole)})
      if (!to) return value => low(value) === 0
      const high = constant(to, {name, kind})
      return value => low(value) >= 0 && high(value) <= 0
    })
    return quantified(read, value => tests.some(test => test(value)), every)
  }

  #contains({left, right, every}: SearchTest): Predicate {
    const {name, kind, read} = this.#subject(left)
    if (kind !== 'bytes' && kind !== 'text')
      throw filterError(this.text, left, `${name} is ${kind}: "contains" is for bytes and text`)
    if (right.slices.length > 0) throw filterError(this.text, right, '"contains" needs a literal')
    if (kind === 'text') {
      const text = literalText(right, this.text)
      return quantified(read, value => (value as string).includes(text), every)
    }
    const bytes = literalBytes(right, this.text)
    if (!bytes) throw literalError({name, kind}, right, this.text)
    return quantified(read, value => includesBytes(value as Uint8Array, bytes), every)
  }

  #matches({left, right, every}: SearchTest): Predicate {
    const {kind, read} = this.#subject(left)
    if (right.slices.length > 0) throw filterError(this.text, right, '"matches" needs a pattern')
    // In a string only quotes and backslashes are escaped: `\d` means the same in both kinds of quotes.
    const pattern = right.kind === 'string' ? right.text.replace(/\\(["\\])/g, '$1') : right.text
    try {
      const matches = compilePattern(pattern, kind === 'bytes' ? 'bytes' : 'text')
      return quantified(
        read,
        value => matches(value instanceof Uint8Array ? latin1Text(value) : valueText(kind, value)),
        every,
      )
    } catch (error) {
      if (!(error instanceof PatternMistake)) throw error
      const at = right.at + (right.kind === 'word' ? 0 : right.kind === 'raw' ? 2 : 1) + error.offset
      throw filterError(
        this.text,
        right.text.includes('\\') && right.kind === 'string' ? right : {at, end: at + 1},
        error.message,
      )
    }
  }
}

/** @param every there is a value, and all of them hold, as Wireshark's `!=`; otherwise one is enough. */
function quantified(read: Read, holds: Holds, every: boolean): Predicate {
  if (every) {
    return record => {
      const values = read(record)
      return values.length > 0 && values.every(holds)
    }
  }
  return record => {
    for (const value of read(record)) if (holds(value)) return true
    return false
  }
}
