import * as limits from '../limits.js'
import {parseJson} from './json.js'

// A comment of a capture that says the same to people and to programs:
// `client frame +3: 2 bytes were changed [toxtcp packet-changed {"count":2}]`.

/** A sentence and what programs read of it. */
export interface TaggedSentence {
  readonly sentence: string
  /** What the data is about: small letters and hyphens. */
  readonly word: string
  /** From outside: of any type. */
  readonly data: ReadonlyMap<string, unknown>
}

const tagStart = ' [toxtcp '

/** One line with a sentence and its data. */
export const taggedSentence = (sentence: string, word: string, data: object): string =>
  `${sentence.replace(/\s+/g, ' ')}${tagStart}${word} ${JSON.stringify(data)}]`

/**
 * The parts of such a line, which anybody may have written; undefined for any other line. The sentence and the data may
 * quote text that looks like a tag: the last one whose data is JSON up to the end of the line counts.
 */
export function readTagged(line: string): TaggedSentence | undefined {
  if (!line.endsWith('}]') || line.includes('\n')) return undefined
  let at = line.lastIndexOf(tagStart)
  for (let tried = 0; at >= 0 && tried < limits.triedTags; tried++) {
    const tag = line.slice(at + tagStart.length, -1)
    const wordEnd = tag.indexOf(' ')
    const word = tag.slice(0, Math.max(0, wordEnd))
    const data = /^[a-z-]+$/.test(word) ? dataOf(tag.slice(wordEnd + 1)) : undefined
    if (data) return {sentence: line.slice(0, at), word, data}
    at = at === 0 ? -1 : line.lastIndexOf(tagStart, at - 1)
  }
  return undefined
}

function dataOf(json: string): ReadonlyMap<string, unknown> | undefined {
  if (!json.startsWith('{')) return undefined
  try {
    return new Map<string, unknown>(Object.entries(parseJson(json) ?? {}))
  } catch {
    return undefined
  }
}
