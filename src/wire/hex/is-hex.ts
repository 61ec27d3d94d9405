import {InputError} from '../input-error.js'
import {fromHex} from './hex-bytes.js'

const digits = /^(?:[0-9a-fA-F]{2})*$/

/** Whether the text is hex of exactly this many bytes, upper or lower case. */
export function isHex(text: string, bytes: number): boolean {
  return text.length === bytes * 2 && digits.test(text)
}

/**
 * Bytes of pairs of hex digits, in either case, with nothing between them.
 * @throws InputError for any other character, and for half a byte.
 */
export function checkedHex(text: string): Uint8Array<ArrayBuffer> {
  if (!digits.test(text))
    throw new InputError(
      `${JSON.stringify(text.slice(0, 24))} is not pairs of hex digits`,
      'parseHex() reads hex in every other form',
      'bad-hex',
    )
  return fromHex(text)
}
