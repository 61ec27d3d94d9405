import {hexByte} from '../hex-bytes.js'
import {type RewrittenForm, replacing} from './rewritten.js'

/** Numbers as Visual Basic, Pascal, IEC 61131 and assemblers mark them. */
const marked = /&H([0-9a-f]{1,2})\b|(?<=[\s(,{[])\$([0-9a-f]{1,2})\b|\b16#([0-9a-f]{1,2})\b(?!#)/gi
const markedAfter = /(?<=[\s(,{[])0?([0-9a-f]{2})h\b(?=\s*[,})\]])/gi

/** Source code whose numbers are marked in ways of their own, and strings among the numbers of Erlang and Elixir. */
export const markedNumbers: readonly RewrittenForm[] = [
  [
    undefined,
    text =>
      bracketed(
        text.replace(marked, (_, a, b, c) => `0x${a ?? b ?? c}`),
        text,
      ),
  ],
  [undefined, text => bracketed(text.replace(markedAfter, '0x$1'), text)],
  [undefined, erlangStrings],
  // Bars between decimal numbers.
  [undefined, text => (/^\s*\d{1,3}(?:\|\d{1,3}){2,1000}\|?\s*$/.test(text) ? text.replaceAll('|', ', ') : undefined)],
  ['decimal numbers with dots', text => dotted(text, /^\s*\d{1,3}(?:\.\d{1,3}){4,1000}\s*$/, 10)],
  ['hex digits with dots', text => dotted(text, /^\s*[0-9a-f]{1,2}(?:\.[0-9a-f]{1,2}){4,1000}\s*$/i, 16)],
  // What Oracle dumps of a RAW.
  [undefined, replacing(/^[^\n]{0,99}\bTyp=\d{1,3} Len=\d{1,7}: ((?:[0-9a-f]{1,3},)*[0-9a-f]{1,3})\s*$/i, '[$1]')],
]

/** Parentheses around numbers as brackets, and alone; undefined where no number was marked. */
function bracketed(plain: string, text: string): string | undefined {
  if (plain === text) return undefined
  const [, inside] = /\(((?:\s*0x[0-9a-f]{1,2}\s*,)+\s*0x[0-9a-f]{1,2}\s*)\)/i.exec(plain) ?? []
  return inside === undefined ? plain : `[${inside}]`
}

/** `<<4,"\nA",158>>`: strings as the numbers of their characters. */
function erlangStrings(text: string): string | undefined {
  const item = String.raw`(?:\d{1,3}|"(?:[^"\\\n]|\\.)*")`
  const [, inside] = new RegExp(String.raw`<<\s{0,9}(${item}(?:\s{0,9},\s{0,9}${item})*)\s{0,9}>>`).exec(text) ?? []
  if (inside?.includes('"') !== true) return undefined
  const plain = inside.replace(/"((?:[^"\\]|\\.)*)"/g, (_, characters: string) =>
    [...characters.matchAll(/\\([a-z0"\\])|([ -~])/g)]
      .map(([, letter, character]) => (character ?? erlangEscapes[letter!] ?? letter!).charCodeAt(0))
      .join(','),
  )
  return `<<${plain}>>`
}

const erlangEscapes: Readonly<Record<string, string>> = {
  ...{b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\u001b', s: ' ', d: '\u007f', '0': '\0', a: '\u0007'},
}

/** Numbers with dots, as `%vd` of Perl prints them: five or more, as addresses have four. */
function dotted(text: string, form: RegExp, radix: 10 | 16): string | undefined {
  const numbers = form.test(text)
    ? text
        .trim()
        .split('.')
        .map(word => Number.parseInt(word, radix))
    : []
  const areBytes = numbers.length > 0 && numbers.every(number => number <= 0xff)
  return areBytes ? numbers.map(hexByte).join(' ') : undefined
}
