import {sharedKeyOfZeroPoint} from '../../../crypto/low-order.js'
import {type Finding, finding} from '../../../expert/finding.js'
import {isEqualBytes} from '../../../wire/bytes.js'

const hashed = sharedKeyOfZeroPoint()

/**
 * What a box that opened with this shared key means where a public key was of low order: implementations part over the
 * key that comes of it. 32 bytes.
 */
export function zeroKeyFinding(key: Uint8Array): Finding | undefined {
  if (key.every(byte => byte === 0)) return finding('zero-shared-key', {})
  return isEqualBytes(key, hashed) ? finding('hashed-zero-shared-key', {}) : undefined
}
