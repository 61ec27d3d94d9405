import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {parsePasted} from '../../../src/wire/hex/pasted.js'
import {InputError} from '../../../src/wire/input-error.js'

/** The column of the place that a hint points at, from 1; or nothing. */
function pointedAt(hint: string | undefined): string {
  const caret = hint?.split('\n').find(line => /^ *\^$/.test(line))
  return caret === undefined ? '' : ` (column ${caret.length})`
}

/** What is read of a text, in a line: the bytes of each item, its form and the other reading; or the error. */
export function outcome(text: string): string {
  try {
    return parsePasted(text)
      .map(({bytes, about, other}) => `${toHex(bytes)} (${about}${other ? `; ${other.hex}: ${other.about}` : ''})`)
      .join(', ')
  } catch (error) {
    if (error instanceof InputError) return `${error.message}${pointedAt(error.hint)}`
    throw error
  }
}
