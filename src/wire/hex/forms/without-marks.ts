import * as limits from '../../limits.js'
import {hexByte} from '../hex-bytes.js'

/**
 * Colours of terminals and characters without width go; quotes and dashes of word processors become plain ones; boxes
 * around a dump (hexyl) and byte order marks become blanks.
 */
export function withoutDrawing(text: string): string {
  if (!/[\u001b\u200b-\u200d\u2010-\u201f\u2212\u2060\u2500-\u257f\ufeff]/.test(text)) return text
  return text
    .replace(/[\u200b-\u200d\u2060]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018-\u201f]/g, '"')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/ ?\u250a ?/g, '  ')
    .replace(/[\u2500-\u257f\ufeff]/g, ' ')
}

/**
 * What debuggers, chats, databases and languages write around bytes goes: names of variables after addresses, times of
 * messages, commands of Redis, casts.
 */
export function withoutNames(text: string): string {
  return (
    withoutSigns(withoutCharacters(withoutJoints(withRepeats(text))))
      // The command of WinDbg: `0:000> db 401000 L9`.
      .replace(/^\d{1,3}:\d{3}> db [^\n]{0,200}\n/gm, '')
      // Who wrote a message of a chat, and when: `name, [29.11.2026 09:10]`.
      .replace(/^[^\n[\]]{1,60}, \[\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?\]:?\n/gm, '')
      .replace(/^([ \t]*0x[0-9a-f]+) <[^>\n]*>:/gim, '$1:')
      // The command and the key of MONITOR of Redis: `1795399253.018 [0 127.0.0.1:6379] "SET" "key" "value"`.
      .replace(
        /^\d{10}\.\d{1,6} \[\d{1,5} [^\]\n]{1,80}\] "[^"\\\n]{1,60}" "[^"\\\n]{1,200}" (.*)$/gm,
        (_, values: string) => values.replaceAll('" "', '", "'),
      )
      // Bytes of Python, one value a line.
      .replace(/^(b'[^'\n]*'|b"[^"\n]*")(?=\r?\nb["'])/gm, '$1,')
      // The row at fault of AddressSanitizer, and the byte.
      .replace(
        /^=>(0x[0-9a-f]+:)([^\n]*)$/gim,
        (_, address: string, bytes: string) => `${address} ${bytes.replace(/[[\]()]/g, ' ').trim()}`,
      )
      // Places in hex of C#, and casts of V.
      .replace(
        /^([ \t]*)\[0x([0-9a-f]{1,8})\]:/gim,
        (_, blanks: string, place: string) => `${blanks}[${Number.parseInt(place, 16)}]:`,
      )
      // Bytes of which pytest says that they are not what they should be.
      .replace(/^E {1,10}(?:\w{1,40}: )?assert (b'[^'\n]*') [=!]= [^\n]*$/gm, '$1')
      // Digits in groups, as Rust and Java write numbers.
      .replace(/\b0b([01]{4})_([01]{4})\b/gi, '0b$1$2')
      // Octal numbers of Python, Rust and JavaScript.
      .replace(/\b0o([0-3]?[0-7]{1,2})\b/gi, (_, octal: string) => `0x${hexByte(Number.parseInt(octal, 8))}`)
      .replace(/\bu8\((0x[0-9a-f]{1,2}|\d{1,3})\)/gi, '$1')
      .replace(/^[ \t]*[0-9a-f]{8}(?:`[0-9a-f]{8})? {2}(?:[0-9a-f]{2}[ -])+/gim, row =>
        row.replace('`', '').replaceAll('-', ' '),
      )
  )
}

/** Bytes of an array that gdb repeats: `0x0 <repeats 12 times>`. */
function withRepeats(text: string): string {
  let room = limits.hexRepeatedBytes
  return text.replace(/\b(0x[0-9a-f]{1,2}|\d{1,3}) <repeats (\d{1,6}) times>/gi, (all, byte: string, times: string) => {
    room -= Number(times)
    return room < 0 ? all : new Array<string>(Number(times)).fill(byte).join(', ')
  })
}

/** Strings of hex that are joined are one: `"0400" + "9e"`. */
const withoutJoints = (text: string): string =>
  text.includes('\\') ? text : text.replace(/(?<=[0-9a-f])(["'])\s{0,40}[+.]\s{0,40}\1(?=[0-9a-f])/gi, '')

const characters: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', '0': '\0'}

/** Characters among the numbers of an array of Rust or C become numbers: `[4, b'A', '\n']`. */
function withoutCharacters(text: string): string {
  if (!/[[{,]\s{0,20}(?:0x[0-9a-f]{1,2}|\d{1,3})(?:u8)?\s{0,20}[,\]}]/i.test(text)) return text
  return text.replace(
    /(?<=[[{,]\s{0,20})b?'(?:([^'\\])|\\([nrt0\\'"])|\\x([0-9a-f]{2}))'(?=\s{0,20}[,\]}])/gi,
    (_, plain?: string, letter = '', hex?: string) => {
      const character = plain ?? characters[letter] ?? letter
      return hex === undefined ? `0x${hexByte(character.charCodeAt(0) & 0xff)}` : `0x${hex}`
    },
  )
}

/** Bytes that C printed as signed numbers, with `%x` or `%02x`: `41 ffffff9e`. */
function withoutSigns(text: string): string {
  if (!/ffffff[89a-f][0-9a-f](?![0-9a-f])/i.test(text)) return text
  const words = text.match(/[0-9a-z]+/gi) ?? []
  const areSigned = words.every(word => /^(?:0x)?(?:[0-9a-f]{1,2}|f{6}[89a-f][0-9a-f])$/i.test(word))
  const hasShort = words.some(word => /^(?:0x)?[0-7]?[0-9a-f]$/i.test(word))
  if (!areSigned || !hasShort) return text
  return text.replace(/[0-9a-z]+/gi, word => word.replace(/^0x/i, '').slice(-2).padStart(2, '0'))
}
