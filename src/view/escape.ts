import {hexByte} from '../wire/hex/hex-bytes.js'
import {leftOut} from '../wire/text/phrases.js'

/**
 * Control, format and separator characters, and halves of surrogate pairs: what could move a cursor, change a color or
 * turn the reading direction. A function, because the Unicode categories take half a millisecond to parse.
 */
const unsafe = (): RegExp => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** As `unsafe`, with the escape sequences of colors in one piece. */
const unsafeInLine = (): RegExp => /\x1b\[[\d;]*m|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Text in which no character needs a closer look: printable ASCII, line feeds, letters of Latin to Hebrew, and what
 * lists and trees are drawn with.
 */
const usual = /^[\n\x20-\x7e\xa0-\xac\xae-\u05ff\u2026\u2500-\u259f]*$/

/** Parameters of the colors and styles that theme.ts uses: bold, italic, inverse, the basic foregrounds, and resets. */
const ownStyle = /^\x1b\[(?:0|1|3|7|22|23|27|3[0-79]|9[0-7])m$/

/**
 * Text as nearly all is: printable ASCII, perhaps with the sign of what is left out. To match all of a text takes V8
 * half of the time that it takes to look for the first character of another kind.
 */
const safe = new RegExp(`^[\\x20-\\x7e${leftOut}]*$`)

/** Most cells of a list have no sign, and to find that takes half the time of replacing none. */
const anySign = /[…·–]/

const asciiSigns: Readonly<Record<string, string>> = {[leftOut]: '..', '·': '-', '–': '-'}

/**
 * Text in the signs of punctuation that a terminal has. Names and messages stay as they are.
 * @param isAscii whether it has those of ASCII alone.
 */
export const inSigns = (text: string, isAscii: boolean): string =>
  isAscii && anySign.test(text) ? text.replace(/[…·–]/g, sign => asciiSigns[sign] ?? sign) : text

/** Text of one line in which a terminal finds nothing to obey: unsafe characters as `\x1b` or `\u{202e}`. */
export function escapeText(text: string): string {
  return safe.test(text) ? text : text.replace(unsafe(), escapeOne)
}

/** Lines, perhaps in the colors of a theme, in which a terminal finds nothing else to obey. */
export function escapeLines(text: string): string {
  return usual.test(text) ? text : text.split('\n').map(escapeLine).join('\n')
}

function escapeLine(line: string): string {
  if (usual.test(line)) return line
  return line.replace(unsafeInLine(), found => {
    if (ownStyle.test(found)) return found
    return found.length > 1 && found.startsWith('\x1b') ? escapeText(found) : escapeOne(found)
  })
}

function escapeOne(character: string): string {
  const code = character.codePointAt(0)!
  return code < 0x100 ? `\\x${hexByte(code)}` : `\\u{${code.toString(16)}}`
}

/** A value as JSON on one line that is safe on a terminal too: unsafe characters are written as `\u009b`. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value)
  if (safe.test(json)) return json
  return json.replace(unsafe(), character =>
    Array.from(
      {length: character.length},
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

/** A JSON string, quotes included. */
export const jsonString = (text: string): string => jsonText(text)
