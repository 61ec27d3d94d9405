import {decryptionSecrets} from '../../capture/write/writer.js'
import type {TcpSessionItem} from '../../crypto/key-item.js'
import {keyLogLine} from '../../crypto/keylog.js'
import {offsetNonce} from '../../crypto/nonce.js'
import {limits} from '../../protocol/limits.js'
import {secretsType} from './recording-format.js'

const text = new TextEncoder()

/** Bytes of a pcapng block of secrets before its data: type, length, type of the secrets, their length. */
export const beforeSecrets = 16

/** A block with these keys. */
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

/** A line of a key log that is as long as any, whatever it says. */
const padded = (line: string): Uint8Array => text.encode(`${line.padEnd(lineBytes)}\n`)

/** A block with room for a key that is not known yet, to be put in its place later. */
export const keyPlaceholder = (): Uint8Array =>
  decryptionSecrets(secretsType, padded('# a session key that is not known (yet)'))

/** What is put there, `beforeSecrets` bytes behind the block's first. */
export const keyForPlaceholder = (item: TcpSessionItem): Uint8Array => padded(keyLogLine(item))

/**
 * Session lines for a file that begins in the middle of the connection: the line as it was logged, and, where a search
 * from its nonces would take long, another from where they are now.
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
