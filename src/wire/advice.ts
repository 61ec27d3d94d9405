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

/**
 * A line of a hint: words, which are wrapped, or what is printed in one piece, so that it can be copied: a call, a row
 * of a picture.
 */
export type HintLine = string | {readonly exact: string}

/** A hint as data. */
export interface Advice {
  /** What a user reads; may be several lines. */
  readonly text: string
  readonly lines: readonly HintLine[]
  /** What the hint says to change, if that is known. */
  readonly remedy?: Remedy
}

/** The text of a line of a hint. */
export const lineText = (line: HintLine): string => (typeof line === 'string' ? line : line.exact)

/** A line of a hint with its text changed. */
export const withText = (line: HintLine, change: (text: string) => string): HintLine =>
  typeof line === 'string' ? change(line) : {exact: change(line.exact)}

/** Lines as a hint. */
export const adviceOf = (lines: readonly HintLine[], remedy?: Remedy): Advice => ({
  text: lines.map(lineText).join('\n'),
  lines,
  ...(remedy && {remedy}),
})

/** The lines of a hint, of which those of a plain text are words. */
export const hintLines = (hint: string | Advice | undefined): readonly HintLine[] =>
  typeof hint === 'object' ? hint.lines : (hint?.split('\n') ?? [])

/** Hints one below the other; the first remedy stays. */
export function joinedAdvice(...parts: readonly (string | Advice | undefined)[]): Advice {
  const remedy = parts
    .map(part => (typeof part === 'object' ? part.remedy : undefined))
    .find(each => each !== undefined)
  return adviceOf(parts.flatMap(hintLines), remedy)
}

/** Lines that work as they stand, or are a picture: each is printed in one piece. */
export const exactLines = (...lines: readonly string[]): Advice => adviceOf(lines.map(exact => ({exact})))

/** The advice to give a flag another value: `-n 1`. @param more lines with other values. */
export const setFlag = (flag: string, value: string, ...more: readonly string[]): Advice =>
  adviceOf([{exact: `${flag} ${value}`}, ...more], {kind: 'set', flag, value})

/** The advice to add flags: `add --force to replace it`. @param purpose what follows the flags in the sentence. */
export const addFlags = (words: readonly string[], purpose = ''): Advice =>
  adviceOf([`add ${words.join(' ')}${purpose === '' ? '' : ` ${purpose}`}`], {kind: 'add', words})

/** The advice to leave out a flag. @param reason what comes before it in the sentence, with its punctuation. */
export const omitFlag = (flag: string, reason: string): Advice =>
  adviceOf([`${reason} leave out ${flag}`], {kind: 'omit', flag})

/** The advice to write another word. @param text the whole sentence. */
export const replaceWord = (wrong: string, meant: string, text = `did you mean "${meant}"?`): Advice =>
  adviceOf([text], {kind: 'replace', wrong, meant})
