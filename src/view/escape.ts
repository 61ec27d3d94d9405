/**
 * Control, format and separator characters, and halves of surrogate pairs: what could move a cursor, change a colour or
 * turn the reading direction.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
/** Whether text is printable ASCII, as nearly every one is. */
function isSafe(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** Text that a terminal shows as it is and does not obey. */
export function escapeText(text: string): string {
  return isSafe(text) ? text : text.replace(unsafe, escapeOne)
}

function escapeOne(character: string): string {
  const code = character.codePointAt(0)!
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/** A JSON string, quotes included, that is safe on a terminal too. */
export function jsonString(text: string): string {
  const quoted = JSON.stringify(text)
  if (isSafe(text)) return quoted
  return quoted.replace(unsafe, character =>
    Array.from(
      {length: character.length},
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
