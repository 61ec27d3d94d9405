import type {Box} from '../../../src/crypto/box.js'
import type {CryptoSessionItem} from '../../../src/crypto/key-item.js'
import {offsetNonce} from '../../../src/crypto/nonce.js'
import {typeNamed} from '../../../src/protocol/table.js'
import type {PacketType} from '../../../src/wire/packet.js'
import {encodePartial} from '../../../src/wire/write.js'

/** The line of a key log for one net_crypto session. */
export const sessionLine: CryptoSessionItem = {
  ...{kind: 'crypto_session', publicKeyA: new Uint8Array(32).fill(5), publicKeyB: new Uint8Array(32).fill(6)},
  ...{sharedKey: new Uint8Array(32).fill(7), baseNonceA: new Uint8Array(24), baseNonceB: new Uint8Array(24).fill(9)},
}

const dataType: PacketType = typeNamed('crypto_data')

export interface MessageSpec {
  /** Who sends it, 0: the peer whose nonce is A. */
  readonly side?: 0 | 1
  /** Whether one of its bytes is another one than was sealed. */
  readonly isDamaged?: boolean
  /** Default: `sessionLine`. */
  readonly line?: CryptoSessionItem | undefined
  /** What it carries. Default: the message "hi". */
  readonly data?: Uint8Array
}

/**
 * Crypto data of that session.
 * @param place of the packet in its session, from 0.
 */
export function messageIn(box: Box, place: number, spec: MessageSpec = {}): Uint8Array {
  const {side = 0, isDamaged = false, line = sessionLine, data = Uint8Array.of(64, 104, 105)} = spec
  const nonce = offsetNonce(side === 0 ? line.baseNonceA! : line.baseNonceB!, place, new Uint8Array(24))
  const plain = encodePartial(dataType.plain!, {
    ...{buffer_start: 0, packet_number: place, padding: 0},
    data,
  })
  const payload = box.seal(plain, nonce, line.sharedKey)
  if (isDamaged) payload[20]! ^= 1
  return encodePartial(dataType, {nonce_last_bytes: (nonce[22]! << 8) | nonce[23]!, payload})
}
