import {toHex} from './hex-bytes.js'
import {base64Of, payloadNames} from './hex-strings.js'

/** Text in a form that is read, made from a rarer one; undefined where it does not have that form. */
type Rewritten = (text: string) => string | undefined

/** The same text with a pattern replaced; undefined where the pattern is not in it. */
const replacing =
  (pattern: RegExp, by: string): Rewritten =>
  text => {
    const replaced = text.replace(pattern, by)
    return replaced === text ? undefined : replaced
  }

/** As `replacing`, for text that consists of such a form alone. */
const whole =
  (form: RegExp, pattern: RegExp, by: string): Rewritten =>
  text =>
    form.test(text) ? text.replace(pattern, by) : undefined

/**
 * Forms that are looked for only where the usual ones fail: what rewrites each, and what the user sees of it. Texts may
 * have megabytes: no pattern looks at the same characters again from each place that it is tried at.
 */
const rarer: readonly (readonly [about: string | undefined, rewritten: Rewritten])[] = [
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
  ['data of Objective-C', whole(/^\s*<[0-9a-f\s]+>\s*$/i, /[<>]/g, '')],
  ['hex with an h after each byte', whole(/^\s*(?:[0-9a-f]{2}h[\s,]*)+$/i, /h/gi, ' ')],
  ['hex with bars', whole(/^[\s|]*[0-9a-f]{2}(?:[\s|]+[0-9a-f]{2})*[\s|]*$/i, /\|/g, ' ')],
  [undefined, replacing(/(?<=\d)'u8|@(?=\[)/g, '')],
  ['character references', whole(/^\s*(?:&#x[0-9a-f]{1,2};\s*)+$/i, /&#(x[0-9a-f]{1,2});/gi, '0$1 ')],
  ['base64', base64Inside],
]

/** @returns each rarer form that a text may have, rewritten, and a name for it. */
export function* rarerForms(text: string): Generator<{text: string; about: string | undefined}> {
  for (const [about, rewritten] of rarer) {
    const found = rewritten(text)
    if (found !== undefined) yield {text: found, about}
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
  const called = /base64|atob|b64/i.test(text) ? [...text.matchAll(/["']([A-Za-z0-9+/_-]{4,}={0,2})["']/g)] : []
  const members = [...text.matchAll(/"([^"\\]{1,100})"\s*:\s*"([A-Za-z0-9+/_-]{8,}={0,2})"/g)]
  const texts = [
    ...(yaml === undefined ? [] : [yaml]),
    ...called.map(([, inside = '']) => inside),
    ...members.filter(([, name = '']) => payloadNames.test(name)).map(([, , value = '']) => value),
  ]
  const [longest] = texts.flatMap(each => base64Of(each)?.bytes ?? []).sort((a, b) => b.length - a.length)
  return longest === undefined ? undefined : toHex(longest)
}
