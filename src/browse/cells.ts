import {escapeLines, inSigns} from '../view/escape.js'
import {charWidth} from '../view/text-width.js'
import {leftOut} from '../wire/text/phrases.js'

/**
 * How a cell looks, in one number: the code of its foreground colour as terminals count them (30 to 37, 90 to 97; 0:
 * the usual one), and bits for the rest.
 */
export type Style = number

export const styles = {plain: 0, bold: 0x100, italic: 0x200, inverse: 0x400} as const

const colorMask = 0xff

/** Most combining marks of a cell: a hostile name may have thousands. */
const mostMarks = 4

/** What a code of the themes' sequences does to a style. */
function restyled(style: Style, code: number): Style {
  switch (code) {
    case 0:
      return styles.plain
    case 1:
      return style | styles.bold
    case 3:
      return style | styles.italic
    case 7:
      return style | styles.inverse
    case 22:
      return style & ~styles.bold
    case 23:
      return style & ~styles.italic
    case 27:
      return style & ~styles.inverse
    case 39:
      return style & ~colorMask
    default:
      return (style & ~colorMask) | code
  }
}

const escapeCode = 0x1b

/** A sequence of a theme. */
const sequence = /\x1b\[(\d+)m/y

/**
 * A grid of characters with styles: what a terminal is to show. All text enters it escaped, so nothing that a terminal
 * obeys is ever in a cell.
 */
export class Cells {
  /** Row after row; the second cell of a wide character is empty. */
  readonly chars: string[]
  readonly styles: Uint16Array
  /** Where the terminal's own cursor is; undefined: hidden. */
  cursor: {readonly x: number; readonly y: number} | undefined

  /** @param isAscii show `?` for every character beyond ASCII. */
  constructor(
    readonly width: number,
    readonly height: number,
    readonly isAscii = false,
  ) {
    this.chars = new Array<string>(width * height).fill(' ')
    this.styles = new Uint16Array(width * height)
  }

  /**
   * Write one line, cut where it does not fit, with a mark at the end of what is left.
   * @param text perhaps in the colours of a theme.
   * @param room columns that it may take.
   * @param base style that the text's own is added to; inverse text on an inverse line is not inverse.
   * @returns columns taken.
   */
  write(x: number, y: number, text: string, room = this.width - x, base: Style = styles.plain): number {
    const end = Math.min(this.width, x + room)
    let at = x
    let own: Style = styles.plain
    if (y < 0 || y >= this.height) return 0
    const line = escapeLines(inSigns(text, this.isAscii))
    for (let index = 0; index < line.length; ) {
      const code = line.codePointAt(index)!
      sequence.lastIndex = index
      const change = code === escapeCode ? sequence.exec(line) : null
      if (change) {
        own = restyled(own, Number(change[1]))
        index = sequence.lastIndex
        continue
      }
      const piece = code > 0xffff ? line.slice(index, index + 2) : line[index]!
      if (piece === '\n') break
      const isReplaced = this.isAscii && piece > '~'
      const width = isReplaced ? Math.min(1, charWidth(piece)) : charWidth(piece)
      if (width === 0) this.#mark(at - 1, x, y, piece)
      else if (at + width > end) {
        if (hasText(line.slice(index))) at = this.#cut(x, y, end, mixed(own, base))
        break
      } else {
        this.#put(at, y, isReplaced ? '?' : piece, width, mixed(own, base))
        at += width
      }
      index += piece.length
    }
    return at - x
  }

  /** Give cells of a row one style, and leave their characters. */
  paint(x: number, y: number, room: number, style: Style): void {
    const start = y * this.width + x
    this.styles.fill(style, start, start + Math.max(0, Math.min(room, this.width - x)))
  }

  /** The characters of a row, for tests and searches. */
  row(y: number): string {
    return this.chars.slice(y * this.width, (y + 1) * this.width).join('')
  }

  /** Put the mark of a cut at the end of a row's part, if there is room for more than the mark. @returns the end. */
  #cut(x: number, y: number, end: number, style: Style): number {
    const mark = inSigns(leftOut, this.isAscii)
    const start = end - mark.length
    if (start > x) for (const [index, sign] of [...mark].entries()) this.#put(start + index, y, sign, 1, style)
    return end
  }

  #put(x: number, y: number, character: string, width: number, style: Style): void {
    const at = y * this.width + x
    // What is left of a wide character that is overwritten in half is a blank.
    if (this.chars[at] === '' && x > 0) this.chars[at - 1] = ' '
    if (this.chars[at + width] === '' && x + width < this.width) this.chars[at + width] = ' '
    this.chars[at] = character
    this.styles[at] = style
    if (width < 2) return
    this.chars[at + 1] = ''
    this.styles[at + 1] = style
  }

  #mark(x: number, least: number, y: number, mark: string): void {
    const at = y * this.width + x
    const cell = x >= least && this.chars[at] === '' ? at - 1 : at
    if (x < least || this.isAscii || this.chars[cell]!.length > mostMarks) return
    this.chars[cell] += mark
  }
}

/** Whether a text shows anything in its first line. */
const hasText = (text: string): boolean =>
  text
    .replace(/\x1b\[\d+m/g, '')
    .split('\n', 1)[0]!
    .trim() !== ''

const mixed = (own: Style, base: Style): Style =>
  ((own & colorMask) === 0 ? base & colorMask : own & colorMask) |
  ((own | base) & (styles.bold | styles.italic)) |
  ((own ^ base) & styles.inverse)
