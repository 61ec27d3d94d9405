import type {IpPort} from '../wire/field.js'
import {toHex} from '../wire/hex/hex-bytes.js'
import {countText} from '../wire/text/phrases.js'

/** A key shortened for summaries: its first four bytes and its last. */
export const short = (key: Uint8Array): string => `${toHex(key, 0, 4)}..${toHex(key, key.length - 1)}`

/** As `short`, of a key in hex. */
export const shortKey = (hex: string): string => `${hex.slice(0, 8)}..${hex.slice(-2)}`

/** `1 byte`, `145 bytes`. */
export const bytesCount = (count: number): string => countText(count, 'byte')

/** `1.2.3.4:33445`, `[::1]:33445`. */
export const hostPort = ({ip, port}: Pick<IpPort, 'ip' | 'port'>): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`

/** Characters of a text that a summary shows. */
const excerptCharacters = 60

/** A text in quotes, cut where it is long: for summaries. */
export function excerpt(text: string): string {
  const characters = [...text]
  return characters.length <= excerptCharacters
    ? JSON.stringify(text)
    : `${JSON.stringify(characters.slice(0, excerptCharacters).join(''))}..`
}
