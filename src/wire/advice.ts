/** What puts a command line right, as data. */
export type Remedy =
  /** Another value of a flag. */
  | {readonly kind: 'set'; readonly flag: string; readonly value: string}
  /** More words. */
  | {readonly kind: 'add'; readonly words: readonly string[]}
  /** Without a flag and its value. */
  | {readonly kind: 'omit'; readonly flag: string}
  /** Another word in place of a part of what was typed. */
  | {readonly kind: 'replace'; readonly wrong: string; readonly meant: string}

/** A hint whose remedy is known as data, too. */
export interface Advice {
  /** What a user reads; may be several lines. */
  readonly text: string
  readonly remedy: Remedy
}

/** Advice with lines before or after its own; its remedy stays. */
export function withLines(advice: string | Advice | undefined, {before, after}: Around): string | Advice {
  const own = typeof advice === 'object' ? advice.text : advice
  const text = [before, own, after].filter(Boolean).join('\n')
  return typeof advice === 'object' ? {...advice, text} : text
}

interface Around {
  readonly before?: string
  readonly after?: string
}

/** The advice to give a flag another value: `-n 1`. @param more lines with other values. */
export const setFlag = (flag: string, value: string, ...more: readonly string[]): Advice => ({
  text: [`${flag} ${value}`, ...more].join('\n'),
  remedy: {kind: 'set', flag, value},
})

/** The advice to add flags: `add --force to replace it`. @param purpose what follows the flags in the sentence. */
export const addFlags = (words: readonly string[], purpose = ''): Advice => ({
  text: `add ${words.join(' ')}${purpose === '' ? '' : ` ${purpose}`}`,
  remedy: {kind: 'add', words},
})

/** The advice to leave out a flag. @param reason what comes before it in the sentence, with its punctuation. */
export const omitFlag = (flag: string, reason: string): Advice => ({
  text: `${reason} leave out ${flag}`,
  remedy: {kind: 'omit', flag},
})

/** The advice to write another word. @param text the whole sentence. */
export const replaceWord = (wrong: string, meant: string, text = `did you mean "${meant}"?`): Advice => ({
  text,
  remedy: {kind: 'replace', wrong, meant},
})
