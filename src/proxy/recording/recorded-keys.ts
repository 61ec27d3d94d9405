import {decryptionSecrets} from '../../capture/write/writer.js'
import type {TcpSessionItem} from '../../crypto/key-item.js'
import {keyLogLine} from '../../crypto/keylog.js'
import {offsetNonce} from '../../crypto/nonce.js'
import {limits} from '../../protocol/limits.js'
import {secretsType} from './recording-format.js'

const text = new TextEncoder()

/** Bytes of a pcapng secrets block before its data: block type, length, type of the secrets, their length. */
export const beforeSecrets = 16

/** A secrets block with these keys. */
export const keysBlock = (items: readonly TcpSessionItem[]): Uint8Array =>
  decryptionSecrets(secretsType, text.encode(items.map(item => `${keyLogLine(item)}\n`).join('')))

const none = {
  kind: 'tcp_session',
  clientNonce: null,
  relayNonce: null,
  clientBaseNonce: null,
  relayBaseNonce: null,
} as const
const zeros = new Uint8Array(limits.nonce)
/** The longest line that a session has. */
const lineBytes = keyLogLine({
  ...none,
  clientNonce: zeros,
  relayNonce: zeros,
  sharedKey: new Uint8Array(limits.sharedKey),
  clientBaseNonce: zeros,
  relayBaseNonce: zeros,
}).length

/** A key log line, padded to the longest possible length. */
const padded = (line: string): Uint8Array => text.encode(`${line.padEnd(lineBytes)}\n`)

/** A block with room for a key that is not known yet and is written into it later. */
export const keyPlaceholder = (): Uint8Array =>
  decryptionSecrets(secretsType, padded('# a session key that is not known (yet)'))

/** Bytes for the placeholder, to be written `beforeSecrets` bytes after the start of its block. */
export const keyForPlaceholder = (item: TcpSessionItem): Uint8Array => padded(keyLogLine(item))

/**
 * Session lines for a file that begins in the middle of a connection: the line as it was logged, and another with the
 * current nonces where a search from the first nonces would take long.
 * @param indexes of each side's next frame, [client, relay].
 */
export function linesFrom(item: TcpSessionItem, indexes: readonly [number, number]): TcpSessionItem[] {
  const {clientBaseNonce, relayBaseNonce} = item
  if (!clientBaseNonce || !relayBaseNonce || Math.max(...indexes) < limits.middleNonceSearch / 2) return [item]
  const moved = (base: Uint8Array, index: number) => {
    const nonce = new Uint8Array(base.length)
    offsetNonce(base, index, nonce)
    return nonce
  }
  return [
    item,
    {...item, clientBaseNonce: moved(clientBaseNonce, indexes[0]), relayBaseNonce: moved(relayBaseNonce, indexes[1])},
  ]
}
