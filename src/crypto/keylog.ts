import {fromHex, toHex} from '../wire/hex/hex-bytes.js'
import {isHex} from '../wire/hex/is-hex.js'
import {InputError} from '../wire/input-error.js'
import type {CryptoSessionItem, KeyItem, PairKeyItem, SecretKeyItem, TcpSessionItem} from './key-item.js'
import * as limits from './limits.js'

/** Items that a key log has lines for. */
export type LoggedItem = SecretKeyItem | TcpSessionItem | CryptoSessionItem | PairKeyItem

/** The word of a line for an unknown key or nonce. */
const unknown = '-'

/** Names and sizes in bytes of the words after each label. */
export const keyLogLayouts = {
  TOX_SECRET_KEY: {'public key': 32, 'secret key': 32},
  TOX_TCP_SESSION: {
    'client handshake nonce': 24,
    'relay handshake nonce': 24,
    'shared key': 32,
    'client base nonce': 24,
    'relay base nonce': 24,
  },
  TOX_CRYPTO_SESSION: {
    'public key a': 32,
    'public key b': 32,
    'shared key': 32,
    'base nonce a': 24,
    'base nonce b': 24,
  },
  TOX_SHARED_KEY: {'public key a': 32, 'public key b': 32, 'shared key': 32},
} as const

type Label = keyof typeof keyLogLayouts

/**
 * Shape of a label in the key logs of this and other programs. Lines with an unknown label are skipped. The underscore
 * keeps hex from looking like a label.
 */
const labelShape = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/

/** A line of a file of environment variables, as a tox-node is given its key. */
const assignment = /^(?:export\s+)?TOX_SECRET_KEY\s*=\s*["']?([^"'\s]*)["']?$/

/**
 * Reads a key log as it grows: pieces of text go in, and an item comes out for each line that is complete.
 *
 * A line is a label and hex words, or a secret key alone; `#` begins a comment. Three kinds of lines give no item. A
 * line with `-` in place of its secret or shared key is `incomplete`. A line with an unknown label is `unknown`: later
 * versions and other programs may write it; but `NAME <public key> <secret key>` is a pair whatever the name. All
 * others are `bad`. Messages quote no word of the file.
 */
export class KeyLogReader {
  /** Number of bad lines. `errors` has the first few, with file and line. */
  bad = 0
  readonly errors: InputError[] = []
  /** Number of lines with an unknown label. */
  unknown = 0
  /** Number of lines without their secret or shared key. */
  incomplete = 0
  /** Number of lines with a known label: without any, the file is not a key log but a list of secret keys. */
  labelled = 0
  readonly #name: string
  #line = 0
  #half = ''
  #tooLong = false

  /** @param name of the file, for errors. */
  constructor(name: string) {
    this.#name = name
  }

  /** @param text any part of the file. What follows its last line end is kept for the next call. */
  push(text: string): KeyItem[] {
    const items: KeyItem[] = []
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#keep(text.slice(start, end))
      this.#endLine(items)
      start = end + 1
    }
    this.#keep(text.slice(start))
    return items
  }

  /** Read the last line, which may lack its line end. */
  end(): KeyItem[] {
    const items: KeyItem[] = []
    if (this.#half !== '' || this.#tooLong) this.#endLine(items)
    return items
  }

  #keep(text: string): void {
    if (this.#half.length + text.length > limits.keyLogLine) this.#tooLong = true
    this.#half = this.#tooLong ? '' : this.#half + text
  }

  #endLine(items: KeyItem[]): void {
    this.#line++
    if (this.#tooLong)
      this.#fail(`is over ${limits.keyLogLine} characters long`, 'a line of a key log is a label and hex words')
    else {
      const item = this.#read(this.#half)
      if (item) items.push(item)
    }
    this.#half = ''
    this.#tooLong = false
  }

  #read(line: string): KeyItem | undefined {
    const comment = line.indexOf('#')
    const text = (comment === -1 ? line : line.slice(0, comment)).trim()
    if (text === '') return undefined
    const [, assigned = ''] = assignment.exec(text) ?? []
    if (assigned !== '') {
      if (!isHex(assigned, 32)) return this.#fail('has a secret key that is not 64 hex digits', 'TOX_SECRET_KEY=KEY')
      return {kind: 'secret_key', publicKey: null, secretKey: fromHex(assigned)}
    }
    const [label = '', ...words] = text.split(/\s+/)
    if (words.length === 0 && isHex(label, 32)) return {kind: 'secret_key', publicKey: null, secretKey: fromHex(label)}
    if (Object.hasOwn(keyLogLayouts, label)) return this.#item(label as Label, words)
    const [publicKey = '', secretKey = ''] = words
    if (words.length === 2 && isHex(publicKey, 32) && isHex(secretKey, 32)) return this.#item('TOX_SECRET_KEY', words)
    if (labelShape.test(label)) this.unknown++
    else this.#fail('is neither a key log line nor a secret key', hintFor('TOX_SECRET_KEY'))
    return undefined
  }

  #item(label: Label, words: string[]): LoggedItem | undefined {
    this.labelled++
    const sizes = Object.entries(keyLogLayouts[label])
    if (words.length !== sizes.length)
      return this.#fail(`has ${words.length} words after ${label}, not ${sizes.length}`, hintFor(label))
    for (const [i, [what, bytes]] of sizes.entries()) {
      const word = words[i]!
      if (word !== unknown && !isHex(word, bytes))
        return this.#fail(`has a ${what} that is not ${bytes * 2} hex digits`, hintFor(label))
    }
    const values = bytesOf(words)
    const item = build(label, values)
    if (item === undefined) this.incomplete++
    return item
  }

  #fail(what: string, hint: string): undefined {
    this.bad++
    if (this.errors.length < limits.keyLogDescribed)
      this.errors.push(new InputError(`line ${this.#line} of ${this.#name} ${what}`, hint, 'bad-key'))
  }
}

/** The bytes of a line's words, null where unknown: all in one piece of memory, as each piece needs 250 bytes more. */
function bytesOf(words: readonly string[]): (Uint8Array | null)[] {
  const known = words.map(word => (word === unknown ? '' : word))
  const all = fromHex(known.join(''))
  let end = 0
  return known.map(word => {
    const start = end
    end += word.length >> 1
    return start === end ? null : all.subarray(start, end)
  })
}

/** @returns undefined if the line lacks its secret or shared key. */
function build(label: Label, values: (Uint8Array | null)[]): LoggedItem | undefined {
  const [a = null, b = null, c = null, d = null, e = null] = values
  if (label === 'TOX_SECRET_KEY') return b ? {kind: 'secret_key', publicKey: a, secretKey: b} : undefined
  if (c === null) return undefined
  if (label === 'TOX_TCP_SESSION')
    return {kind: 'tcp_session', clientNonce: a, relayNonce: b, sharedKey: c, clientBaseNonce: d, relayBaseNonce: e}
  if (label === 'TOX_SHARED_KEY') return {kind: 'pair_key', publicKeyA: a, publicKeyB: b, sharedKey: c}
  return a && b
    ? {kind: 'crypto_session', publicKeyA: a, publicKeyB: b, sharedKey: c, baseNonceA: d, baseNonceB: e}
    : undefined
}

function hintFor(label: Label): string {
  const words = Object.entries(keyLogLayouts[label]).map(([what, bytes]) => `<${what}, ${bytes * 2} hex digits>`)
  return `write it as ${label} ${words.join(' ')}`
}

/** The line of an item, without its line end. */
export function keyLogLine(item: LoggedItem): string {
  switch (item.kind) {
    case 'secret_key':
      return line('TOX_SECRET_KEY', [item.publicKey, item.secretKey])
    case 'tcp_session':
      return line('TOX_TCP_SESSION', [
        item.clientNonce,
        item.relayNonce,
        item.sharedKey,
        item.clientBaseNonce,
        item.relayBaseNonce,
      ])
    case 'crypto_session':
      return line('TOX_CRYPTO_SESSION', [
        item.publicKeyA,
        item.publicKeyB,
        item.sharedKey,
        item.baseNonceA,
        item.baseNonceB,
      ])
    case 'pair_key':
      return line('TOX_SHARED_KEY', [item.publicKeyA, item.publicKeyB, item.sharedKey])
  }
}

function line(label: Label, values: (Uint8Array | null)[]): string {
  return [label, ...values.map(value => (value ? toHex(value) : unknown))].join(' ')
}
