import {beginning, textWidth} from './text-width.js'
import {asIs, type Paint} from './theme.js'

/**
 * Text in lines, broken between words; a word that is wider than a line is cut, or has a line of its own. Blanks before
 * the first word stay.
 * @param text without control characters.
 * @param first columns of the first line; too few for its first word gives an empty first line.
 * @param further columns of the others, at least 1.
 * @param isCut whether words are cut.
 */
export function wrap(text: string, first: number, further: number, isCut = true): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  let room = first
  /** Whether a blank came before the first word. */
  let isIndented = false
  const push = () => {
    lines.push(line)
    line = ''
    used = 0
    room = further
  }
  for (const word of text.split(' ')) {
    let width = textWidth(word)
    const isBegun = line !== '' || (isIndented && lines.length === 0)
    if (isBegun && used + 1 + width <= room) {
      line += ` ${word}`
      used += 1 + width
      continue
    }
    if (line !== '' || (lines.length === 0 && width > room && room < further)) push()
    let left = word
    while (isCut && width > room) {
      // At least one character a line, so that it ends where a character is wider than the line.
      line = beginning(left, room) || String.fromCodePoint(left.codePointAt(0)!)
      left = left.slice(line.length)
      width -= textWidth(line)
      push()
    }
    line = left
    used = width
    isIndented ||= word === '' && lines.length === 0
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** A paragraph: whole lines, each painted for itself. @param width columns of a line; infinite: one line. */
export const paragraph = (text: string, width: number, paint: Paint = asIs): string =>
  wrap(text, width, width)
    .map(line => `${paint(line)}\n`)
    .join('')
