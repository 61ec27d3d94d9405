import type {KeyText} from '../wire/field.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import type {IpPort} from '../wire/text/address.js'
import {countText, leftOut} from '../wire/text/phrases.js'

/** A key shortened for summaries: its first two bytes and its last two. A filter takes it in this form. */
const short = (key: Uint8Array): string => `${toHex(key, 0, 2)}${leftOut}${toHex(key, key.length - 2)}`

/** As `short`, of a key in hex. */
export const shortKey = (hex: string): string => `${hex.slice(0, 4)}${leftOut}${hex.slice(-4)}`

/** A key by itself: no names are known. */
export const bareKey: KeyText = key => (typeof key === 'string' ? shortKey(key) : short(key))

/** `1 byte`, `145 bytes`. */
export const bytesCount = (count: number): string => countText(count, 'byte')

/** `1.2.3.4:33445`, `[::1]:33445`. */
export const hostPort = ({ip, port}: Pick<IpPort, 'ip' | 'port'>): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`

/** Characters of a text that a summary shows. */
const excerptCharacters = 60

/** A text in quotes, cut where it is long: for summaries. */
export function excerpt(text: string): string {
  // A character is one or two units of a string.
  let end = 0
  for (let count = 0; count < excerptCharacters && end < text.length; count++)
    end += text.codePointAt(end)! > 0xffff ? 2 : 1
  return end === text.length ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, end))}${leftOut}`
}
