import {type Advice, exactLines} from '../advice.js'
import * as limits from '../limits.js'
import {leftOut} from '../text/phrases.js'

/** One line of a text: its content without the line end, its number from 1, and the index of its first character. */
export interface Line {
  readonly text: string
  readonly number: number
  readonly start: number
}

/** The lines of a text, ended by LF or CRLF; a byte order mark at the front is left out, an empty last line too. */
export function* linesOf(text: string): Generator<Line> {
  let start = text.startsWith('\ufeff') ? 1 : 0
  for (let number = 1; start < text.length; number++) {
    const feed = text.indexOf('\n', start)
    const next = feed < 0 ? text.length : feed
    const end = next > start && text[next - 1] === '\r' ? next - 1 : next
    yield {text: text.slice(start, end), number, start}
    start = next + 1
  }
}

/**
 * The line around an index of a text, cut to a readable width, with a caret below that index: the hint of an error.
 * @returns two lines, not indented.
 */
export function caretPicture(text: string, index: number): Advice {
  const lineStart = text.lastIndexOf('\n', index - 1) + 1
  const feed = text.indexOf('\n', index)
  const line = text
    .slice(lineStart, feed < 0 ? text.length : feed)
    .replace(/^\ufeff/, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .trimEnd()
  const column = index - lineStart
  const from =
    line.length <= limits.hintColumns
      ? 0
      : Math.max(0, Math.min(column - limits.hintColumns / 2, line.length - limits.hintColumns))
  const to = Math.min(line.length, from + limits.hintColumns)
  const before = from > 0 ? `${leftOut} ` : ''
  const after = to < line.length ? ` ${leftOut}` : ''
  return exactLines(`${before}${line.slice(from, to)}${after}`, `${' '.repeat(before.length + column - from)}^`)
}
