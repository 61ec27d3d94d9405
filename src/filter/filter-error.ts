import {type Advice, exactLines, joinedAdvice} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import * as limits from './limits.js'

/** A place in the expression: half-open, in characters. */
export interface Place {
  readonly at: number
  readonly end: number
}

const usualAdvice = 'toxtcp explain filter lists all operators and fields'

/**
 * The error of a bad expression: what is wrong, the expression with carets under the place, and advice.
 * @param advice a clause that works instead (`did you mean "oob_send"?`).
 */
export function filterError(
  text: string,
  {at, end}: Place,
  message: string,
  advice: string | Advice = usualAdvice,
): InputError {
  // Cut both sides alike, so that the place stays in sight however long the expression is.
  const from =
    text.length <= limits.hintColumns
      ? 0
      : Math.max(0, Math.min(at - limits.hintColumns / 2, text.length - limits.hintColumns))
  const shown = text.slice(from, from + limits.hintColumns).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  const carets = Math.max(1, Math.min(end, from + shown.length) - at)
  const picture = exactLines(shown, `${' '.repeat(at - from)}${'^'.repeat(carets)}`)
  return new InputError(message, joinedAdvice(picture, advice), 'bad-filter')
}
