import {fromBase32} from '../text/base32.js'
import {fromBase64} from '../text/base64.js'
import {refuseLeftOut} from './forms/left-out.js'
import {payloadNames, payloadsOf} from './forms/named-values.js'

/** A form that marks its hex: what the user sees of it, and the hex of each of its values. */
export interface MarkedHex {
  readonly about: string
  readonly hexes: readonly string[]
}

/** Pairs of hex digits with separators, perhaps after `0x` or `\x`. */
const hexValue = /^\s*(?:0x|\\{1,2}x)?[0-9a-f]{2}(?:[\s:,-]*[0-9a-f]{2})*\s*$/i

/**
 * Hex that its form marks as such: `<Buffer 04 9e>` of Node.js, `X'049e'` and `'\x049e'` of SQL, or a string in JSON.
 * @throws InputError for a buffer that Node.js has not printed whole.
 */
export function markedHexOf(text: string): MarkedHex | undefined {
  return nodeBuffer(text) ?? arrayBuffer(text) ?? sqlLiteral(text) ?? jsonString(text) ?? hexList(text)
}

/** A list of strings of hex, of which some have several bytes. */
function hexList(text: string): MarkedHex | undefined {
  const inside = /^\s*[[({]([^[\](){}]*)[\])}];?\s*$/.exec(text)?.[1]
  const items = inside?.replace(/,\s*$/, '').split(',')
  const hexes = items?.map(item => /^\s*["'](?:0x)?((?:[0-9a-f]{2})+)["']\s*$/i.exec(item)?.[1])
  if (hexes === undefined || hexes.length < 2 || !hexes.every(hex => hex !== undefined)) return undefined
  return hexes.some(hex => hex.length > 2) ? {about: 'a list of hex', hexes} : undefined
}

function nodeBuffer(text: string): MarkedHex | undefined {
  const buffers = [...text.matchAll(/<Buffer([ 0-9a-f]*)(\.\.\. \d+ more bytes?)?>/g)]
  if (buffers.some(([, , more]) => more !== undefined)) refuseLeftOut(text)
  return buffers.length === 0
    ? undefined
    : {about: 'a Buffer of Node.js', hexes: payloadsOf(text, buffers, ({index}) => index).map(([, hex = '']) => hex)}
}

/** What Node.js shows of an ArrayBuffer. */
function arrayBuffer(text: string): MarkedHex | undefined {
  const hex = /\[Uint8Contents\]:\s*<([0-9a-f\s]+)>/.exec(text)?.[1]
  return hex === undefined ? undefined : {about: 'an ArrayBuffer of Node.js', hexes: [hex]}
}

const statement = /\b(?:insert|values|select|update|where)\b/i

function sqlLiteral(text: string): MarkedHex | undefined {
  const standard = [...text.matchAll(/(?<![0-9a-z])x'((?:[0-9a-f]{2}|\s)+)'/gi)]
  // Python would write the bytes 0x04 and "9e" like this as well, but after a b.
  const escaped = standard.length > 0 ? [] : [...text.matchAll(/(?<![bB])'\\{1,2}x((?:[0-9a-f]{2}){2,})'/gi)]
  const numbers = statement.test(text) ? [...text.matchAll(/(?<![0-9a-z])0x((?:[0-9a-f]{2}){4,})(?![0-9a-z])/gi)] : []
  const found = [...standard, ...escaped, ...(standard.length + escaped.length > 0 ? [] : numbers)]
  return found.length === 0 ? undefined : {about: 'a literal of SQL', hexes: found.map(([, hex = '']) => hex)}
}

/** A log line in JSON, as journald and Docker write it. */
const logMember = /"(message|msg|log|line)"\s*:\s*"[^"]{0,4000}?[ :=]((?:[0-9a-f]{2}){3,})["\\ ,]/i

/** Strings of JSON that are hex: of several names, those of the one that says what they are, else of the longest. */
function jsonString(text: string): MarkedHex | undefined {
  const members = [...text.matchAll(/"([^"\\]{1,100})"\s*:\s*(?:\[\s*)?"([^"]*)"/g)]
    .map(([, name = '', value = '']) => ({name, value}))
    .filter(({name, value}) => hexValue.test(value) && name !== 'subType')
  const likely = members.filter(({name}) => payloadNames.test(name))
  const [, log, hex] = (likely.length === 0 && logMember.exec(text)) || []
  if (hex !== undefined) return {about: `"${log}" of JSON`, hexes: [hex]}
  const candidates = likely.length > 0 ? likely : members
  const longest = Math.max(...candidates.map(({value}) => value.length))
  const name = candidates.find(({value}) => value.length === longest)?.name
  if (name === undefined) return undefined
  // An object has a name once: several values are of several objects.
  const values = candidates.filter(each => each.name === name).map(({value}) => value.replaceAll('\\', ''))
  return {about: `"${name}" of JSON`, hexes: values}
}

/**
 * Bytes of a text with percent signs, as URLs have them: `%04%9e`, and literal characters.
 * @returns undefined for other texts.
 */
export function percentBytes(text: string): Uint8Array | undefined {
  const joined = text.trim()
  if (!/^(?:%[0-9a-f]{2}|[\w.~!*'()+-])+$/i.test(joined) || !joined.includes('%')) return undefined
  return Uint8Array.from(joined.match(/%..|./g) ?? [], part =>
    part.startsWith('%') ? Number.parseInt(part.slice(1), 16) : part === '+' ? 0x20 : part.charCodeAt(0),
  )
}

/** Characters of base32 that pad the last eight, by those in it: 2, 4, 5 or 7. */
const base32Padding: Readonly<Record<number, number>> = {0: 0, 2: 6, 4: 4, 5: 3, 7: 1}
/** Characters without padding from which on a text of capitals and digits is base32: fewer may be a word. */
const leastBare = 13
/** Characters other than A, which zeros are, from which on base64 would hardly have those of base32 alone. */
const leastTelling = 8

/**
 * Decode text that can be base32: capitals or small letters alone, with the digits 2 to 7.
 * @returns also whether it can be nothing else: base64 has at most two `=`, and letters of both cases; undefined for
 *   other texts.
 */
export function base32Of(text: string): {bytes: Uint8Array; isCertain: boolean} | undefined {
  const joined = text.replace(/\s+/g, '')
  const digits = joined.replace(/=+$/, '')
  const padding = joined.length - digits.length
  const isOfOneCase = /^[A-Z2-7]+$/.test(digits) || /^[a-z2-7]+$/.test(digits)
  if (!isOfOneCase || !(digits.length % 8 in base32Padding) || !/[g-z]/i.test(digits)) return undefined
  if (padding > 0 && padding !== base32Padding[digits.length % 8]) return undefined
  if (padding === 0 && (digits.length < leastBare || !/[2-7]/.test(digits))) return undefined
  const isCertain = padding > 2 || digits.replace(/A+/gi, '').length >= leastTelling
  return {bytes: fromBase32(digits.toUpperCase()), isCertain}
}

/** Pairs with one sign between them, as hex has them: of base64, hardly any has a sign in every third place. */
const separatePairs = /^\w{2}([-+/_])\w{2}(?:\1\w{2})+$/

/**
 * Decode text that can only be base64, with `+` and `/` or as URLs have it: its alphabet and length, blanks only at
 * line ends, and what no slip in hex explains: letters beyond f, a quarter of all or with `+`, `/`, `=` or `_`.
 */
export function base64Of(text: string): {bytes: Uint8Array; isForUrls: boolean} | undefined {
  const joined = text
    .split('\n')
    .map(line => line.trim())
    .join('')
  if (separatePairs.test(joined)) return undefined
  const isForUrls = /[-_]/.test(joined)
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(joined) || (isForUrls && /[+/]/.test(joined))) return undefined
  const digits = joined.replace(/=+$/, '')
  const isWhole = joined.endsWith('=') ? joined.length % 4 === 0 : digits.length % 4 !== 1
  // Without padding, few characters are more likely a word.
  if (!isWhole || (joined.length % 4 !== 0 && digits.length < 8)) return undefined
  const beyond = digits.replace(/[0-9a-f]/gi, '').length
  const isMixed = (/[a-z]/.test(digits) && /[A-Z]/.test(digits)) || /[+/=_-]/.test(joined)
  const isNoSlip = beyond * 4 >= joined.length || (beyond > 0 && digits.length >= 8 && /[+/=_]/.test(joined))
  return isMixed && isNoSlip ? {bytes: fromBase64(joined), isForUrls} : undefined
}
