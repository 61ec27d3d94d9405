import {type Cells, type Style, styles} from '../../browse/cells.js'

/** The sequence that gives what follows a style, whatever it was. */
function styleText(style: Style): string {
  const codes = [0]
  if (style & styles.bold) codes.push(1)
  if (style & styles.italic) codes.push(3)
  if (style & styles.inverse) codes.push(7)
  const color = style & 0xff
  if (color !== 0) codes.push(color)
  return `\x1b[${codes.join(';')}m`
}

const moveTo = (x: number, y: number): string => `\x1b[${y + 1};${x + 1}H`

const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'
const clearScreen = '\x1b[0m\x1b[2J'

/** Cells that are not changed and are written all the same: moving over them takes more bytes. */
const shortGap = 6

/**
 * What a terminal needs to show the cells.
 * @param shown what it shows; undefined: not known.
 * @returns nothing where nothing changes.
 */
export function paint(shown: Cells | undefined, cells: Cells): string {
  const isNew = !shown || shown.width !== cells.width || shown.height !== cells.height
  let text = ''
  for (let y = 0; y < cells.height; y++) text += rowText(isNew ? undefined : shown, cells, y)
  const {cursor} = cells
  const isMoved = cursor?.x !== shown?.cursor?.x || cursor?.y !== shown?.cursor?.y
  if (!isNew && text === '' && !isMoved) return ''
  const end = cursor ? moveTo(cursor.x, cursor.y) + showCursor : ''
  return `${hideCursor}${isNew ? clearScreen : ''}${text}\x1b[0m${end}`
}

function rowText(shown: Cells | undefined, cells: Cells, y: number): string {
  const {width, chars, styles: cellStyles} = cells
  const start = y * width
  const isSame = (x: number): boolean =>
    shown
      ? shown.chars[start + x] === chars[start + x] && shown.styles[start + x] === cellStyles[start + x]
      : chars[start + x] === ' ' && cellStyles[start + x] === 0
  let text = ''
  let style = -1
  /** Column that the terminal's cursor is in; -1: not known. */
  let at = -1
  const put = (x: number) => {
    const character = chars[start + x]!
    if (character === '') return
    const wanted = cellStyles[start + x]!
    if (wanted !== style) text += styleText(wanted)
    style = wanted
    text += character
  }
  for (let x = 0; x < width; x++) {
    // The second half of a wide character is written with its first.
    if (isSame(x) || chars[start + x] === '') continue
    if (at < 0 || x - at > shortGap) text += moveTo(x, y)
    else for (let between = at; between < x; between++) put(between)
    put(x)
    at = chars[start + x + 1] === '' && x + 1 < width ? x + 2 : x + 1
  }
  return text
}
