/** Characters that join the one before them and take no column of their own: combining marks. */
const combining = /^\p{M}$/u

/**
 * Characters that terminals draw in two columns: East Asian scripts and their punctuation, full-width forms, and what
 * is shown as a picture without a selector. Unicode's table has no property in regular expressions.
 */
const wide = new RegExp(
  '^[' +
    '\\p{Emoji_Presentation}\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}' +
    '\\p{Script=Bopomofo}\\p{Script=Yi}\\u3000-\\u303e\\u3200-\\u32ff\\uff01-\\uff60\\uffe0-\\uffe6]$',
  'u',
)

/** Half-width Katakana and Hangul are of those scripts and take one column. */
const halfWidth = /^[\uff61-\uffdc]$/u

/** Columns that a terminal needs for one character, which is not a control character: 0, 1 or 2. */
export function charWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0)!
  if (code < 0x300) return 1
  if (combining.test(character)) return 0
  return wide.test(character) && !halfWidth.test(character) ? 2 : 1
}

/** Columns that a terminal needs for a text without control characters. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += charWidth(character)
  return width
}
