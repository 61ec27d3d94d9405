import type {KeyPair} from '../../crypto/box.js'
import type {CryptoSessionItem, KeyItem, TcpSessionItem} from '../../crypto/key-item.js'
import type {UserOutput} from '../../terminal/user-output.js'
import {escapeText} from '../../view/escape.js'
import {toHex} from '../../wire/hex/hex-bytes.js'

/** Where results of the keys commands go. */
export type KeysIo = Pick<UserOutput, 'stdout' | 'data'>

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

/** One row a line, values in one column. */
export function table(rows: readonly Row[]): string {
  const width = widthOf(rows)
  return rows.map(row => rowLine(row, width)).join('')
}

/** Characters of the longest name. */
const widthOf = (rows: readonly Row[]): number => rows.reduce((width, [name]) => Math.max(width, name.length), 0)

/** A row with its value escaped. @param width characters of the longest name. */
export const rowLine = ([name, value]: Row, width: number): string => `${name.padEnd(width)}  ${escapeText(value)}\n`
