import * as limits from '../limits.js'

/**
 * Parse JSON from outside. Show its values with JSON.stringify only: String() and templates throw on an object that has
 * a member `toString`.
 * @throws SyntaxError for text that is not JSON, and for objects and lists nested deeper than limits.jsonDepth.
 */
export function parseJson(text: string): unknown {
  if (isDeep(text)) throw new SyntaxError(`it is nested over ${limits.jsonDepth} levels deep`)
  return JSON.parse(text)
}

/** Whether brackets outside strings are nested too deep, in linear time and without recursion. */
function isDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) isString = !isString
    else if (isString) at += char === backslash ? 1 : 0
    else if (char === openBrace || char === openBracket) {
      if (++depth > limits.jsonDepth) return true
    } else if (char === closeBrace || char === closeBracket) depth--
  }
  return false
}

const [quote, backslash] = [0x22, 0x5c]
const [openBrace, closeBrace] = [0x7b, 0x7d]
const [openBracket, closeBracket] = [0x5b, 0x5d]
