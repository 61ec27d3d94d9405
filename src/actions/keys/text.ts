import type {KeyPair} from '../../crypto/box.js'
import type {CryptoSessionItem, KeyItem, TcpSessionItem} from '../../crypto/key-item.js'
import type {Io} from '../../terminal/io.js'
import {escapeText} from '../../view/escape.js'
import {textWidth} from '../../view/text-width.js'
import {wrap} from '../../view/wrap.js'
import {toHex} from '../../wire/hex/hex-bytes.js'

/** Where results of the keys commands go. */
export type KeysIo = Pick<Io, 'stdout' | 'data' | 'isOutputTerminal' | 'env' | 'width'>

export type SessionItem = TcpSessionItem | CryptoSessionItem

/** A pair as `--json` shows it; the secret key only where it was asked for. */
export interface PairJson {
  readonly public_key: string
  readonly secret_key?: string
}

export function isSession(item: KeyItem): item is SessionItem {
  return item.kind === 'tcp_session' || item.kind === 'crypto_session'
}

export function pairJson({publicKey, secretKey}: KeyPair, reveal: boolean): PairJson {
  return {public_key: toHex(publicKey), ...(reveal && {secret_key: toHex(secretKey)})}
}

/** A name and a value. */
export type Row = readonly [string, string]

export function pairRows({public_key, secret_key}: PairJson): Row[] {
  return [
    ['public key', public_key],
    ...(secret_key === undefined ? [] : ([['secret key', secret_key]] satisfies Row[])),
  ]
}

/** One row a line, values in one column. @param room columns of the output. */
export function table(rows: readonly Row[], room: number): string {
  const width = widthOf(rows)
  return rows.map(row => rowLine(row, width, room)).join('')
}

/** Characters of the longest name. */
const widthOf = (rows: readonly Row[]): number => rows.reduce((width, [name]) => Math.max(width, name.length), 0)

/** Blanks before a value on a line of its own, where there is room. */
const inset = 4

/**
 * A row with its value escaped. Where they do not fit, words are wrapped in their column, and a value of one word, as a
 * key, has a line of its own, so that it is copied in one piece.
 * @param width characters of the longest name.
 * @param room columns of the output.
 */
export function rowLine([name, value]: Row, width: number, room: number): string {
  const shown = escapeText(value)
  const start = width + 2
  const columns = textWidth(shown)
  if (start + columns <= room) return `${name.padEnd(start)}${shown}\n`
  if (!shown.includes(' ')) return `${name}\n${' '.repeat(Math.max(0, Math.min(inset, room - columns)))}${shown}\n`
  return `${name.padEnd(start)}${wrap(shown, room - start, room - start).join(`\n${' '.repeat(start)}`)}\n`
}
