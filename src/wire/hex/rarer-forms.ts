import {markedNumbers} from './forms/marked-numbers.js'
import {payloadNames} from './forms/named-values.js'
import {type Rewriting, type RewrittenForm, replacing} from './forms/rewritten.js'
import {toHex} from './hex-bytes.js'
import {base64Of} from './hex-strings.js'
import {proseForms} from './prose-forms.js'

/** As `replacing`, for text that consists of such a form alone. */
const whole =
  (form: RegExp, pattern: RegExp, by: string): Rewriting =>
  text =>
    form.test(text) ? text.replace(pattern, by) : undefined

/** As `replacing`, for text that consists of such parts alone. @param part a sticky pattern for at most 1,000 bytes. */
const wholeOf =
  (part: RegExp, pattern: RegExp, by: string): Rewriting =>
  text => {
    for (let at = 0; at < text.length; at = part.lastIndex) {
      part.lastIndex = at
      if (!part.test(text)) return undefined
    }
    return text.replace(pattern, by)
  }

/**
 * Forms that are looked for only where the usual ones fail: what rewrites each, and what the user sees of it. Texts may
 * have megabytes: no pattern looks at the same characters again from each place that it is tried at, and none goes over
 * all bytes by repeating a group whose length varies, since V8 has 64 MB for the places to go back to.
 */
const rarer: readonly RewrittenForm[] = [
  // An escape that was escaped again, as a log in JSON shows it.
  [undefined, replacing(/\\\\(?=x[0-9a-f]{2}|u00[0-9a-f]{2}|[0-7]{3})/gi, '\\')],
  // JSON.stringify(new Uint8Array(...)): places and bytes.
  ['an object of bytes by their places', bytesByPlace],
  // What browsers list after the bytes of a typed array.
  [undefined, replacing(/, (?:buffer|byteLength|byteOffset|length|Symbol\([^)]{0,99}\)): [^\],]+/g, '')],
  // Kotlin, Scala and tuples of Python: numbers in parentheses.
  [
    undefined,
    replacing(/(?<!\w)\w*\(((?:\s*-?(?:0x)?[0-9a-f]{1,3}\s*,){2,}\s*-?(?:0x)?[0-9a-f]{1,3}\s*(?:,\s*)?)\)/gi, '[$1]'),
  ],
  // Arrows before the bytes of a packet.
  [undefined, replacing(/^[ \t]*(?:[<>]{1,3}|<[-=]{1,3}|[-=]{1,3}>)[ \t]+(?=[0-9a-fx]{2})/gim, '')],
  // Casts and types of C++, Kotlin, Nim.
  [undefined, replacing(/static_cast<[\w: ]{1,40}>\((0x[0-9a-f]{1,2}|\d{1,3})\)/gi, '$1')],
  [undefined, numbersInCall],
  // Lists of Lisp and Scheme, and numbers as they, Pascal and Visual Basic mark them.
  [undefined, text => listOf(text, /#(?:v?u8)?\(([^()"]*)\)/)],
  [undefined, text => listOf(text, /\[([-\d\s]*)\]/)],
  [undefined, text => listOf(text, /^[\s({]*(?!\s)([^(){}"]*)[)}]?\s*$/)],
  ['bytes by their places', bytesByIndex],
  [undefined, replacing(/^\d{1,9}-element [^\n]*\n/, '')],
  [undefined, text => listOf(text, /elements\n([-\d\s]*)$/)],
  ['hex', replacing(/^\s*\d{1,6}'h(?=[0-9a-f])/i, '')],
  ['character references', wholeOf(/\s*(?:&#\d{1,3};\s*){1,1000}/y, /&#(\d{1,3});/g, '$1, ')],
  ['hex', replacing(/^\s*b?["']([0-9a-f]+)["']\s*$/i, '$1')],
  ['hex', whole(/^[0-9a-f\s:]+\(\d{1,8} (?:bytes|octets)\)\s*$/i, /\(.*$/, '')],
  ['hex', replacing(/^[ \t]*\[\d{1,6}\] (?=[0-9a-f]{2}(?:\s|$))/gim, '')],
  [
    'a log line',
    replacing(/^[^\n]{0,99}\b(?:RX|TX|IN|OUT)\b ?(?:\[\d{1,8}\])? ?(?::|->|<-|=>|<|>)\s*(?=[0-9a-f]{2})/gim, ''),
  ],
  ['data of Objective-C', whole(/^\s*<[0-9a-f\s]+>\s*$/i, /[<>]/g, '')],
  ['hex with an h after each byte', wholeOf(/\s*(?:[0-9a-f]{2}h[\s,]*){1,1000}/iy, /h/gi, ' ')],
  ['hex with bars', wholeOf(/[\s|]*(?:[0-9a-f]{2}(?:[\s|]+|$)){1,1000}/iy, /\|/g, ' ')],
  [undefined, replacing(/(?<=\d)'u8|@(?=\[)/g, '')],
  ['character references', wholeOf(/\s*(?:&#x[0-9a-f]{1,2};\s*){1,1000}/iy, /&#(x[0-9a-f]{1,2});/gi, '0$1 ')],
  ['base64', base64Inside],
  ['a literal of SQL', text => /(?<![\w\\])\\{1,2}x((?:[0-9a-f]{2}){3,})(?!\w)/i.exec(text)?.[1]],
  ['hex in quotes', whole(/^\s*(?:["'][0-9a-f\s]*["'][\s+.\\&,]*){2,};?\s*$/i, /["'+.\\&,;]/g, ' ')],
  ['hex in quotes', quotedHex],
  // Lines that go on after a backslash.
  [undefined, replacing(/\\\r?\n/g, '')],
  // What people write behind bytes.
  [undefined, replacing(/(?<=[0-9a-f"'})\]])[ \t]{1,20}(?:;|--|<-+|<!--|\u2190)[ \t][^\n]{0,200}$/gim, '')],
  ['hex', replacing(/(?<=^|[\s"'])\(0x\) ?(?=[0-9a-f]{2})|["'] (?:sent|received)$/gim, '')],
  // Loggers of Python by default.
  ['hex', replacing(/^[A-Z]{4,8}:[\w.]{1,60}:(?=[0-9a-f]{2}:)/, '')],
  // The end of a connection that speaks: `C: 049e`.
  ['hex', replacing(/^[ \t]{0,20}[A-Z]{1,2}:[ \t]+(?=[0-9a-f]{4})/gm, '')],
  ['hex of a command', text => /\becho (?:-n )?["']?((?:[0-9a-f]{2}){2,})["']? ?\|/i.exec(text)?.[1]],
  [
    'a log line',
    text =>
      /\b(?:data|bytes|payload|hex|packet|raw|body)[ \t]{0,4}[:=][ \t]{0,4}"?((?:[0-9a-f]{2}){3,})"?[,;\s}]/i.exec(
        text,
      )?.[1],
  ],
  ...markedNumbers,
  ['data of AppleScript', text => /\u00abdata [\w ]{4}((?:[0-9a-f]{2})+)\u00bb/i.exec(text)?.[1]],
  ['hex', whole(/^\s*\*\*[0-9a-fx\s:]+\*\*\s*$/i, /\*/g, ' ')],
  [undefined, replacing(/\bArrayBuffer \{[^}]{0,99}\}/g, '')],
]

/**
 * @param hasDump whether it has rows of a hex dump: one that cannot be read has a mistake.
 * @returns each rarer form that a text may have, rewritten, and a name for it.
 */
export function* rarerForms(text: string, hasDump: boolean): Generator<{text: string; about: string | undefined}> {
  for (const [about, rewritten] of hasDump ? rarer : [...rarer, ...proseForms]) {
    const found = unlessTooLong(rewritten, text)
    if (found !== undefined) yield {text: found, about}
  }
}

/** Undefined also where a pattern would remember more places in the text than V8 has room for. */
function unlessTooLong(rewritten: Rewriting, text: string): string | undefined {
  try {
    return rewritten(text)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** `{"0":4,"1":158}` as `[4,158]`, where the places count up from zero. */
function bytesByPlace(text: string): string | undefined {
  const object = /\{\s*"?0"?\s*:\s*\d{1,3}\s*(?:,\s*"?\d{1,9}"?\s*:\s*\d{1,3}\s*)*(?:,\s*)?\}/.exec(text)?.[0]
  if (object === undefined) return undefined
  const pairs = [...object.matchAll(/"?(\d+)"?\s*:\s*(\d+)/g)]
  return pairs.every(([, place], index) => Number(place) === index)
    ? `[${pairs.map(([, , byte]) => byte).join(', ')}]`
    : undefined
}

/** Numbers in the call of Kotlin, whose types are marked: `0x04u`, `0x9e.toByte()`. */
function numbersInCall(text: string): string | undefined {
  const plain = text.replace(/(?<=[0-9a-f])(?:u\b|\.toU?Byte\(\))/gi, '')
  return plain === text ? undefined : listOf(plain, /(?<!\w)\w{1,40}\(([^()"]*)\)/)
}

const number = /^(?:0x[0-9a-f]{1,2}|-?\d{1,3})$/i

/** The numbers in what a pattern finds, as an array; undefined where it finds fewer than three, or anything else. */
function listOf(text: string, pattern: RegExp): string | undefined {
  const inside = pattern.exec(text)?.[1] ?? ''
  const marked = inside.replace(/#\$|&H|#x|\$/gi, ' 0x').split(/[\s,]+(?:- )?/)
  const numbers = marked.filter(word => word !== '')
  return numbers.length > 2 && numbers.every(word => number.test(word)) ? `[${numbers.join(', ')}]` : undefined
}

/** Items that debuggers and languages print with their places: `[0] = 0x04`, `[0] => 4`, `0: 4`. */
function bytesByIndex(text: string): string | undefined {
  const pattern =
    /(?<![\w.])(?:\w*\[(\d+)\]|(\d+))\s*(?:=>|[:=])\s*(?:\{\w+\} ?|int\()?(0x[0-9a-f]{1,2}|-?\d{1,3})(?!\w)/gi
  const items = [...text.matchAll(pattern)]
  const first = Number(items[0]?.[1] ?? items[0]?.[2])
  const isList = items.length > 2 && first <= 1 && items.every(([, a, b], index) => Number(a ?? b) === first + index)
  return isList ? `[${items.map(([, , , byte]) => byte).join(', ')}]` : undefined
}

/** The longest string in quotes, or between tags, that is hex of at least four bytes. */
function quotedHex(text: string): string | undefined {
  const found = [...text.matchAll(/["'`>]((?:0x)?[0-9a-f]{2}(?:[ :-]?[0-9a-f]{2}){3,})\\?["'`<]/gi)]
  return found.map(([, hex = '']) => hex).sort((a, b) => b.length - a.length)[0]
}

/** What is after the last `!!binary` of YAML, if that looks like base64. */
function yamlBinary(text: string): string | undefined {
  const tag = '!!binary'
  const at = text.lastIndexOf(tag)
  const value = at < 0 ? '' : text.slice(at + tag.length).replace(/^[\s|]+/, '')
  return /^[A-Za-z0-9+/=\s]+$/.test(value) ? value : undefined
}

/** Base64 that its surroundings name: a string after `payload`, a call with `base64`, a `!!binary` of YAML. */
function base64Inside(text: string): string | undefined {
  const yaml = yamlBinary(text)
  const called = /base64|atob|b64|bindata/i.test(text) ? [...text.matchAll(/["']([A-Za-z0-9+/_-]{4,}={0,2})["']/g)] : []
  const members = [
    ...text.matchAll(/"([^"\\]{1,100})"\s*:\s*"([A-Za-z0-9+/_-]{8,}={0,2})"/g),
    ...text.matchAll(/(?<!\w)(\w{1,60})[ \t]{0,20}=[ \t]{0,20}"([A-Za-z0-9+/_-]{8,}={0,2})"/g),
  ]
  const named = members.filter(([, name = '']) => payloadNames.test(name))
  const uri = /;base64,([A-Za-z0-9+/_-]+={0,2})/.exec(text)?.[1]
  const texts = [
    ...(uri === undefined ? [] : [uri]),
    ...(yaml === undefined ? [] : [yaml]),
    ...called.map(([, inside = '']) => inside),
    ...named.map(([, , value = '']) => value),
  ]
  // Property lists and mails have it below a tag or a header.
  const tagged = /<data>([A-Za-z0-9+/=\s]*)<\/data>/.exec(text)?.[1]
  const armoured = /^-----BEGIN [^-\n]{1,60}-----\r?\n([A-Za-z0-9+/=\s]+)-----END /m.exec(text)?.[1]
  const isMail = /^Content-Transfer-Encoding:[ \t]*base64/im.test(text)
  const body = isMail ? text.split(/\r?\n[ \t]*\r?\n/)[1] : undefined
  for (const part of [tagged, armoured, body]) if (part !== undefined) texts.push(part)
  const [longest] = texts.flatMap(each => base64Of(each)?.bytes ?? []).sort((a, b) => b.length - a.length)
  if (longest === undefined) return undefined
  // A name that several objects have is that of several packets.
  const [, name] = named.find(([, , value = '']) => base64Of(value)?.bytes.length === longest.length) ?? []
  const same = named.filter(each => each[1] === name).flatMap(([, , value = '']) => base64Of(value)?.bytes ?? [])
  return same.length < 2 ? toHex(longest) : `[${same.map(bytes => `"${toHex(bytes)}"`).join(', ')}]`
}
