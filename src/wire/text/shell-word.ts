import {hexByte} from '../hex/hex-bytes.js'

/** A word of a command line that a hint shows: quoted where a shell would split it or read something into it. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (/^[\x20-\x7e]*$/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`
  const escaped = [...word].map(character => {
    if (character === '\\' || character === "'") return `\\${character}`
    if (/^[\p{L}\p{N}\x20-\x7e]$/u.test(character)) return character
    const code = character.codePointAt(0)!
    if (code < 0x80) return `\\x${hexByte(code)}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })
  return `$'${escaped.join('')}'`
}
