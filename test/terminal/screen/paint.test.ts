import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {Cells, styles} from '../../../src/browse/cells.js'
import {paint} from '../../../src/terminal/screen/paint.js'
import {charWidth} from '../../../src/view/text-width.js'

/** What a terminal does with what `paint` writes. */
class Terminal {
  readonly chars: string[]
  readonly marks: string[]

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.chars = new Array<string>(width * height).fill(' ')
    this.marks = new Array<string>(width * height).fill('0')
  }

  write(text: string): void {
    let [x, y, style] = [0, 0, '0']
    for (const [piece, parameters = '', letter] of text.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|[\s\S]\p{M}*/gu)) {
      if (letter === 'H') [y, x] = parameters.split(';').map(part => Number(part) - 1) as [number, number]
      else if (letter === 'm') style = parameters
      else if (letter === 'J') this.#clear()
      else if (letter === undefined) {
        const width = charWidth([...piece][0]!)
        const at = y * this.width + x
        if (x >= this.width) throw new Error(`written beyond column ${this.width}`)
        this.chars[at] = piece
        this.marks[at] = style
        if (width === 2) this.chars[at + 1] = ''
        x += width
      }
    }
  }

  #clear(): void {
    this.chars.fill(' ')
    this.marks.fill('0')
  }
}

const words = ['abc', 'x', '漢字', '😀', 'é', '\x1b[31mred\x1b[39m', '\x1b[1mbold\x1b[22m', '   ', 'a much longer text']
const lines = fc.array(
  fc.record({x: fc.nat(18), y: fc.nat(4), text: fc.constantFrom(...words), base: fc.constantFrom(0, styles.inverse)}),
  {maxLength: 8},
)

function cellsOf(written: readonly {x: number; y: number; text: string; base: number}[]): Cells {
  const cells = new Cells(20, 5)
  // Row by row and from left to right, as the panes draw.
  for (const {x, y, text, base} of written.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    cells.paint(x, y, 20, 0)
    for (let at = x; at < 20; at++) cells.write(at, y, ' ', 1)
    cells.write(x, y, text, 20 - x, base)
  }
  return cells
}

describe('what is written to a terminal', () => {
  it('makes it show the cells, whatever it showed before', () => {
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const terminal = new Terminal(20, 5)
        const [before, after] = [cellsOf(first), cellsOf(second)]
        terminal.write(paint(undefined, before))
        expect(terminal.chars).toEqual(before.chars)
        terminal.write(paint(before, after))
        expect(terminal.chars.join('')).toBe(after.chars.join(''))
      }),
    )
  })

  it('is nothing where nothing has changed', () => {
    const cells = cellsOf([{x: 3, y: 2, text: 'abc', base: 0}])
    expect(paint(cells, cells)).toBe('')
  })

  it('is short where little has changed', () => {
    const before = cellsOf([{x: 3, y: 2, text: 'abc', base: 0}])
    const after = cellsOf([{x: 3, y: 2, text: 'abd', base: 0}])
    expect(paint(before, after)).toBe('\x1b[?25l\x1b[3;6H\x1b[0md\x1b[0m')
  })

  it('shows the cursor where there is one', () => {
    const cells = new Cells(20, 5)
    cells.cursor = {x: 2, y: 1}
    expect(paint(new Cells(20, 5), cells)).toBe('\x1b[?25l\x1b[0m\x1b[2;3H\x1b[?25h')
  })

  it('has colours and styles by their codes', () => {
    const cells = cellsOf([{x: 0, y: 0, text: '\x1b[31mr\x1b[39m', base: styles.bold}])
    expect(paint(new Cells(20, 5), cells)).toContain('\x1b[0;1;31mr')
  })
})
