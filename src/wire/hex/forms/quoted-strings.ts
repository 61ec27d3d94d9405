import {payloadNames} from './named-values.js'

/** A quoted string: the indices of its quotes; the second one is the end of the text where it is missing. */
export interface QuotedString {
  readonly open: number
  readonly close: number
}

/** An escape of one byte: `\x04`, `\004`, as strace `\4`, `\u0004`, `\u{4}`. */
export const byteEscape = String.raw`\\(?:x[0-9a-f]{2}|[0-7]{1,3}|u00[0-9a-f]{2}|u\{[0-9a-f]{1,4}\})`
const escaped = new RegExp(byteEscape, 'i')
/** A character in C: an escape, or itself. */
const oneEscape = /^\\(?:x[0-9a-f]{1,2}|[0-7]{1,3}|[^0-9])$/i

/** What joins the parts of one string: blanks, operators, line ends in code, a prefix, repeats of gdb. */
const joint = /^(?:[\s+.\\&~]|<>|\|\||<repeats \d{1,9} times>,?|\bb(?=$))*$/i
/** Between parts of what gdb prints, where any of them is repeated. */
const jointOfGdb = /^(?: <repeats \d{1,9} times>)?, $/

/** What is before a string that is a member: its name, perhaps in quotes, and a mark of any language. */
const nameBefore = /([\w.-]{1,60})["']?\s{0,9}(?::|=>?)\s{0,99}\(?b?$/i

/** Characters between the parts of a string, and those before it in which its name is looked for. */
const [longestJoint, longestName] = [1000, 180]

/**
 * The quoted strings of a text that hold its bytes: those with escapes of bytes, and what is joined to them. Keys,
 * addresses and names beside them are left out; of several strings, those whose names say that they are payloads.
 * @returns the parts of each string; the characters of arrays are parts of one.
 */
export function byteStrings(text: string): QuotedString[][] {
  const strings = quotedStrings(text)
  const insideOf = ({open, close}: QuotedString): string => text.slice(open + 1, close)
  const isSingle = ({open}: QuotedString): boolean => text[open] === "'"
  const areCharacters = strings.some(each => isSingle(each) && oneEscape.test(insideOf(each)))
  const isCharacter = (each: QuotedString): boolean =>
    areCharacters && isSingle(each) && (each.close - each.open === 2 || oneEscape.test(insideOf(each)))
  const isByteString = (each: QuotedString): boolean =>
    escaped.test(insideOf(each)) ||
    /(?<!\w)b$/i.test(text.slice(Math.max(0, each.open - 2), each.open)) ||
    isCharacter(each)
  const isKey = ({close}: QuotedString): boolean => /^\s{0,9}(?::|=>)/.test(text.slice(close + 1, close + 12))
  const hasRepeats = text.includes(' <repeats ')
  const groups: QuotedString[][] = []
  for (const each of strings) {
    const last = groups.at(-1)?.at(-1)
    const between = last === undefined ? undefined : text.slice(last.close + 1, each.open)
    const isNear = between !== undefined && between.length <= longestJoint
    const isJoined = isNear && (joint.test(between) || (hasRepeats && jointOfGdb.test(between)))
    if (isJoined) groups.at(-1)!.push(each)
    else groups.push([each])
  }
  const found = groups.filter(group => !isKey(group.at(-1)!) && group.some(isByteString))
  const named = found.filter(([first]) => {
    const name = nameBefore.exec(text.slice(Math.max(0, first!.open - longestName), first!.open))?.[1]
    return name !== undefined && payloadNames.test(name)
  })
  const strung = named.length > 0 ? named : found
  return areCharacters && strung.length > 0 ? [strung.flat()] : strung
}

function quotedStrings(text: string): QuotedString[] {
  const strings: QuotedString[] = []
  let open = -1
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (open < 0) {
      if (char === '"' || char === "'") open = index
    } else if (char === '\\') index++
    else if (char === text[open]) {
      strings.push({open, close: index})
      open = -1
    }
  }
  return open < 0 ? strings : [...strings, {open, close: text.length}]
}
