/**
 * Patterns of characters, made when the first text of other than Western scripts is met: the categories of Unicode
 * take a millisecond to parse.
 */
interface Patterns {
  /** Characters that join the one before them and take no column of their own: combining marks. */
  readonly combining: RegExp
  /**
   * Characters that terminals draw in two columns: East Asian scripts and their punctuation, full-width forms, and
   * what is shown as a picture without a selector. Unicode's table has no property in regular expressions.
   */
  readonly wide: RegExp
  /** Half-width Katakana and Hangul are of those scripts and take one column. */
  readonly halfWidth: RegExp
}

let made: Patterns | undefined

function patterns(): Patterns {
  made ??= {
    combining: /^\p{M}$/u,
    wide: new RegExp(
      '^[' +
        '\\p{Emoji_Presentation}\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}' +
        '\\p{Script=Bopomofo}\\p{Script=Yi}\\u3000-\\u303e\\u3200-\\u32ff\\uff01-\\uff60\\uffe0-\\uffe6]$',
      'u',
    ),
    halfWidth: /^[\uff61-\uffdc]$/u,
  }
  return made
}

/** Text whose characters all take one column: Latin, Greek, Cyrillic, dashes and the sign of what is left out. */
const narrow = /^[\x20-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2026]*$/

/** Columns that a terminal needs for one character, which is not a control character: 0, 1 or 2. */
export function charWidth(character: string): 0 | 1 | 2 {
  if (character.codePointAt(0)! < 0x300) return 1
  const {combining, wide, halfWidth} = patterns()
  if (combining.test(character)) return 0
  return wide.test(character) && !halfWidth.test(character) ? 2 : 1
}

/** Columns that a terminal needs for a text without control characters. */
export function textWidth(text: string): number {
  if (narrow.test(text)) return text.length
  let width = 0
  for (const character of text) width += charWidth(character)
  return width
}

/**
 * The beginning of a text that fits into a number of columns, with a sign of what is left out, which is not repeated:
 * a key that is shown as `8f01…bb10` is cut to `8f01…`.
 * @param text without control characters.
 * @param mark the sign; it is left out where there is no room for more.
 */
export function cutToWidth(text: string, room: number, mark: string): string {
  if (textWidth(text) <= room) return text
  const end = room - mark.length
  if (end <= 0) return beginning(text, room)
  return beginning(text, end).replace(/(?:(?:…|\.\.)[0-9a-f]{0,3}|[.…]+)$/, '') + mark
}

/** The most characters of a text that fit into a number of columns. */
export function beginning(text: string, room: number): string {
  if (narrow.test(text)) return text.slice(0, Math.max(0, room))
  let end = 0
  let left = room
  for (const character of text) {
    left -= charWidth(character)
    if (left < 0) break
    end += character.length
  }
  return text.slice(0, end)
}
