import {fromBase64} from '../../text/base64.js'
import type {OtherReading} from '../hex.js'
import {hexByte, toHex} from '../hex-bytes.js'
import {decimalReading} from './marked-forms.js'

/** What a text could be that was read as the likelier of two forms. */
type Reading = (text: string) => OtherReading | undefined

/** @returns what else a text could be that is hex, or a string with octal escapes. */
export function otherReading(text: string): OtherReading | undefined {
  for (const reading of readings) {
    const other = reading(text)
    if (other !== undefined) return other
  }
  return undefined
}

const readings: readonly Reading[] = [
  // As Lua, OCaml and Haskell write strings; gdb, which says how often characters repeat, writes octal digits.
  text => {
    const bytes = / <repeats \d/.test(text) ? undefined : decimalReading(text)
    return bytes && {about: 'a string with decimal escapes', hex: bytes.map(hexByte).join('')}
  },
  text => {
    const [, hex] = /^\s*fd[ =:]{0,2}\d{1,4}[ :]{1,2}([0-9a-f\s:]+)$/i.exec(text) ?? []
    return hex === undefined ? undefined : {about: 'hex after a file descriptor', hex: hex.replace(/[\s:]/g, '')}
  },
  text => {
    const word = text.trim()
    return isCapitals.test(word) ? {about: 'base64', hex: toHex(fromBase64(word))} : undefined
  },
  text => {
    const digits = text.trim()
    return isNumber.test(digits) ? {about: 'a decimal number', hex: hexOfNumber(digits)} : undefined
  },
  // What `od -An -x` prints, and numbers in source code.
  text => {
    const words = text.trim().split(/[\s,;]+/)
    const areCells = /^ (?! )/.test(text) && words.every(word => /^(?:[0-9a-f]{4}|[0-9a-f]{8})$/i.test(word))
    const areNumbers = words.length > 1 && words.every(word => /^0x(?:[0-9a-f]{2}){1,8}$/i.test(word))
    const hexes = words.map(word => word.replace(/^0x/i, ''))
    if ((!areCells && !areNumbers) || hexes.every(hex => hex.length < 4)) return undefined
    return {about: 'little-endian words', hex: hexes.map(hex => hex.match(/../g)!.reverse().join('')).join('')}
  },
  text => {
    const words = text.trim().split(/[\s,;]+/)
    const areBytes = words.length > 1 && words.every(word => /^[1-9]\d$/.test(word))
    return areBytes ? {about: 'decimal numbers', hex: words.map(word => hexByte(Number(word))).join('')} : undefined
  },
]

/** Hex of eight digits or more that are all letters is rare; zeros are A in base64. */
const isCapitals = /^(?:[A-F]{4}){2,}$/

/** Digits of a number: packets have zeros before their first one, or letters among them. */
const isNumber = /^[1-9]\d{0,79}$/

/** The bytes of a decimal number, the highest first. */
function hexOfNumber(digits: string): string {
  const hex = BigInt(digits).toString(16)
  return hex.padStart(hex.length + (hex.length % 2), '0')
}

/** What a number of an odd count of digits is in hex, as part of a hint; undefined for other texts. */
export function numberHint(text: string): string | undefined {
  const digits = text.trim()
  return isNumber.test(digits) && digits.length % 2 === 1
    ? `a decimal number: its bytes are ${hexOfNumber(digits)}, the highest first`
    : undefined
}
