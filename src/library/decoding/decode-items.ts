import {typeConstants, typeNamed, typesOfConstant} from '../../protocol/table.js'
import {
  type Candidates,
  guessReading,
  interpretationNames,
  isReadingName,
  readingAs,
  readingWords,
} from '../../session/recognition/interpretation.js'
import {namedMistakes} from '../../view/limits.js'
import {parseHex} from '../../wire/hex/hex.js'
import {toHex} from '../../wire/hex/hex-bytes.js'
import {linesOf} from '../../wire/hex/hex-lines.js'
import {InputError} from '../../wire/input-error.js'
import {didYouMean, nearest} from '../../wire/text/nearest.js'
import type {Handshakes} from './frame-decoder.js'
import {type Understood, understand} from './understand.js'

/** One thing to decode, and what it is read as. */
export interface Item {
  readonly bytes: Uint8Array
  readonly guess: Candidates
}

interface ItemOptions {
  /** Each line is an item of its own. */
  readonly lines: boolean
  /** What the bytes are, where a line does not say so itself. */
  readonly as?: string | undefined
}

/** Lines that cannot be read. */
interface Mistakes {
  /** An error for each of the first ones, with its line. */
  readonly named: InputError[]
  /** Number of all. */
  count: number
}

/** Items, and what they were understood as: `9 bytes from a decimal array`; undefined for lines. */
export interface Items extends Iterable<Item> {
  readonly understood?: Understood
  /** Lines that could not be read, by the latest iteration; undefined where items are not lines. */
  readonly mistakes?: Mistakes
}

/**
 * The items of a text. Those of lines are read anew each time they are iterated over: a text of millions of lines is
 * never held as items.
 * @throws InputError, while iterating too.
 */
export function itemsOf(text: string, {lines, as}: ItemOptions): Items {
  if (as !== undefined) checkWord(as)
  if (lines) {
    const mistakes: Mistakes = {named: [], count: 0}
    return {[Symbol.iterator]: () => itemsOfLines(text, as, mistakes), mistakes}
  }
  const {pieces, ...understood} = understand(text, as === undefined)
  const items = pieces.map(bytes => interpreted(bytes, as))
  return {[Symbol.iterator]: () => items.values(), understood}
}

function* itemsOfLines(text: string, as: string | undefined, mistakes: Mistakes): Generator<Item> {
  const {named} = mistakes
  named.length = 0
  mistakes.count = 0
  let isEmpty = true
  for (const {text: line, number} of linesOf(text)) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    isEmpty = false
    const item = itemOfLine(line, as)
    if (!(item instanceof InputError)) yield item
    else if (++mistakes.count <= namedMistakes) named.push(item.at(`line ${number}`))
  }
  if (isEmpty)
    throw new InputError('the input has no line to decode', 'each line holds one item, as NAME:HEX or HEX', 'bad-hex')
}

function itemOfLine(line: string, as: string | undefined): Item | InputError {
  const named = /^\s*([a-z][a-z_]*|[A-Z]+(?:_[A-Z0-9]+)+):(.*)$/.exec(line)
  const isHex = named !== null && /^[0-9a-f]{2}$/.test(named[1]!)
  if (named === null || isHex) return withoutStack(() => itemOf(line, as))
  return withoutStack(() => {
    checkWord(named[1]!)
    return itemOf(named[2]!, named[1]!)
  })
}

/** V8 records as many calls for an error as this says. Types of browsers do not have it. */
const errors: ErrorConstructor & {stackTraceLimit?: number} = Error

/** What a function returns, or the user's mistake that it throws: recording its calls takes longer than finding it. */
function withoutStack<T>(run: () => T): T | InputError {
  const {stackTraceLimit} = errors
  errors.stackTraceLimit = 0
  try {
    return run()
  } catch (error) {
    if (error instanceof InputError) return error
  } finally {
    errors.stackTraceLimit = stackTraceLimit!
  }
  // It is a bug, and met again: now with its stack.
  return run()
}

const itemOf = (text: string, as: string | undefined): Item => interpreted(parseHex(text).bytes, as)

/**
 * Bytes, and what they are read as.
 * @param as one of `interpretationNames`; undefined: what they most look like.
 * @throws InputError where they cannot be read as that.
 */
export function interpreted(bytes: Uint8Array, as: string | undefined): Item {
  const guess = as === undefined ? guessReading(bytes) : readingAs(as, bytes)
  if (guess) return {bytes, guess}
  throw new InputError(
    `0x${toHex(bytes, 0, 1)} is not the id of a known payload`,
    '--as packet reads it as a packet',
    'bad-option',
  )
}

/** @throws InputError for a word that `--as` does not take */
export function checkWord(word: string): void {
  if (isReadingName(word)) return
  const known = typesOfConstant(word).map(({name}) => name)
  const near = known.length > 0 ? known : nearest(word, interpretationNames)
  throw new InputError(
    `unknown type "${word}" for --as`,
    didYouMean(word, near.length > 0 ? near : nearest(word, typeConstants)) ??
      `one of ${readingWords.join(', ')}, or a packet type: toxtcp explain packets lists them`,
    'unknown-name',
  )
}

/**
 * The connections that items belong to, by the index of each one's first item, with the handshakes among its items: a
 * side that shakes hands again begins another connection.
 */
export function connectionsOf(items: Iterable<Item>): Map<number, Handshakes> {
  const connections = new Map<number, Handshakes>()
  let seen = new Set<string>()
  let first = 0
  let index = 0
  const close = () => connections.set(first, {client: seen.has('client_handshake'), relay: seen.has('relay_handshake')})
  for (const item of items) {
    const names = handshakesOf(item)
    if (names.some(name => seen.has(name))) {
      close()
      seen = new Set()
      first = index
    }
    for (const name of names) seen.add(name)
    index++
  }
  close()
  return connections
}

/** Type names of the handshakes in an item. */
function handshakesOf({guess: {reading}}: Item): readonly string[] {
  if (reading.kind === 'stream') return reading.handshakes
  const isHandshake = reading.kind === 'type' && typeNamed(reading.name)?.layer === 'handshake'
  return isHandshake ? [reading.name] : []
}
