import {inSigns} from '../escape.js'
import {type ColorLevel, type ColorStyles, type Paint, type Theme, theme} from '../theme.js'
import {wrap} from '../wrap.js'

/** Appearance of a page. */
export interface PageStyle {
  /** Columns of the terminal. */
  readonly width: number
  readonly isAscii: boolean
  readonly colorLevel: ColorLevel
  /** Styles that the user chose in place of the usual ones. */
  readonly colors?: ColorStyles | undefined
}

/** Lines longer than this are hard to read, however wide the terminal is. */
const widest = 100
/** Fewest columns that text is fitted into. */
const narrowest = 30

/** Two columns before what belongs to a heading. */
export const indent = 2

/** Lines of one explanation, made from the top down. */
export class Page {
  readonly width: number
  readonly isAscii: boolean
  readonly theme: Theme
  readonly #lines: string[] = []

  constructor({width, isAscii, colorLevel, colors}: PageStyle) {
    this.width = Math.max(narrowest, Math.min(widest, width))
    this.isAscii = isAscii
    this.theme = theme(colorLevel, colors)
  }

  /** A name, and to the right of it what it is. */
  title(name: string, what: string): void {
    const isOneLine = name.length + indent + what.length <= this.width
    this.line(`${this.theme.head(name)}${isOneLine ? `${' '.repeat(indent)}${what}` : ''}`)
    if (!isOneLine) this.text(what, indent)
    this.line()
  }

  /** Heading of a part, after an empty line. */
  head(text: string): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.line()
    this.text(text, 0, this.theme.title)
  }

  /** A paragraph. */
  text(text: string, at = 0, paint?: Paint): void {
    for (const line of wrap(this.#inOwnSigns(text), this.width - at, this.width - at))
      this.line(' '.repeat(at) + (paint ? paint(line) : line))
  }

  /** A term and its text beside it, or below it where the term is longer than its column. */
  item(term: string, text: string, column: number, paint?: Paint): void {
    const at = indent + column + indent
    const room = Math.max(1, this.width - at)
    const lines = wrap(this.#inOwnSigns(text), room, room)
    const name = this.#inOwnSigns(term)
    const shown = ' '.repeat(indent) + (paint ? paint(name) : name)
    if (name.length > column) this.line(shown)
    for (const [i, line] of lines.entries()) {
      if (i === 0 && name.length <= column)
        this.line(text === '' ? shown : shown + ' '.repeat(at - indent - name.length) + line)
      else if (line !== '') this.line(' '.repeat(at) + line)
    }
  }

  /** Terms with their texts, in one column as wide as the longest term, up to a third of the page. */
  items(items: readonly (readonly [term: string, text: string])[], paint?: Paint): void {
    const longest = Math.max(0, ...items.map(([term]) => this.#inOwnSigns(term).length))
    const column = Math.min(longest, Math.floor(this.width / 3))
    for (const [term, text] of items) this.item(term, text, column, paint)
  }

  #inOwnSigns(text: string): string {
    return inSigns(text, this.isAscii)
  }

  /** A finished line. */
  line(text = ''): void {
    this.#lines.push(this.#inOwnSigns(text))
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`
  }
}
