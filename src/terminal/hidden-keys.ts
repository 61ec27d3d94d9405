import {type HintLine, withText} from '../wire/advice.js'
import {hideKeys, replaceKeys} from '../wire/text/hidden-keys.js'

/** A mistake as it is printed. */
interface Mistake {
  readonly sentence?: string
  readonly hint?: readonly HintLine[]
}

const keyHint =
  'what looks like a key is not repeated; --secret-key takes hex, and a flag that names a file takes a path'

/**
 * A mistake without the keys that were typed in the wrong place: errors end up in logs and bug reports. A sentence
 * shows none; a hint may list public keys of a file, but nothing from the command line.
 */
export function withoutKeys<T extends Mistake>(mistake: T, argv: readonly string[]): T & Mistake {
  if (mistake.sentence === undefined) return mistake
  const sentence = hideKeys(mistake.sentence)
  const typed = argv.join(' ')
  const hidden = (key: string): string => (typed.includes(key) ? '*'.repeat(key.length) : key)
  const lines = mistake.hint?.map(line => withText(line, text => replaceKeys(text, hidden))) ?? []
  return {...mistake, sentence, hint: sentence === mistake.sentence ? lines : [...lines, keyHint]}
}
