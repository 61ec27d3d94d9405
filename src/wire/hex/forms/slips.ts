import {InputError} from '../../input-error.js'
import {caretPicture} from '../hex-lines.js'

const pair = '[0-9a-f]{2}'
/** Two characters of which one is not hex: a slip, where they are in the place of a pair. */
const slip = '(?:[0-9a-f][g-z]|[g-z][0-9a-f])'
/** Pairs with the same mark between them. */
const threePairs = `${pair}(?<mark>[ :-])${pair}\\k<mark>${pair}`
const slips: readonly RegExp[] = [
  // After pairs, and before another or at the end of a line: `04 00 01 0g 9e`
  new RegExp(
    `(?<!\\w)${threePairs}\\k<mark>(?<word>${slip})(?=\\k<mark>${pair}(?:\\k<mark>|$)|[ \\t]{0,20}\\r?$)`,
    'im',
  ),
  // Between pairs, or before them at the start of a line, perhaps after an arrow: `04 0g 00 01 9e`, `--> g4 00 01 9e`
  new RegExp(`(?:(?<!\\w)${pair}[ :-]|^[^\\w\\n]{0,20})(?<word>${slip})[ :-]${threePairs}(?!\\w)`, 'im'),
  // Before pairs, after words: a name or a time, as `t1` and `5s`, does not look like a slip for 0 or 1.
  new RegExp(`(?<!\\w)(?<word>0[g-z]|[lo][0-9a-f])[ :-]${threePairs}(?!\\w)`, 'im'),
]

/**
 * @throws InputError where a pair among others has a character that is not hex: what is before it or after it would
 *   be another packet.
 */
export function refuseSlips(text: string): void {
  for (const pattern of slips) {
    const found = pattern.exec(text)
    if (found === null) continue
    const {word = ''} = found.groups ?? {}
    throw new InputError(
      `"${word}" is among pairs of hex digits, and not hex`,
      caretPicture(text, found.index + found[0].indexOf(word)),
      'bad-hex',
    )
  }
}
