const quoteMark = /^(?:[ \t]{0,8}>){1,9}[ \t]?/

/** Marks at the start of lines; where each line has one, they say nothing about the bytes. */
const lineMarks: readonly RegExp[] = [
  // Valgrind: `==1234== 04 9e`
  /^==\d{1,10}==[ \t]?/,
  // A mail that was answered, perhaps more than once: `> > 04 9e`
  quoteMark,
  // docker compose: `relay-1  | 04 9e`; a name of hex digits alone may be a byte.
  /^(?=[\w.-]{0,63}[g-z])[\w.-]{1,64} {1,40}\| /i,
]

const namedEntities: Readonly<Record<string, string>> = {
  ...{lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", nbsp: ' ', amp: '&'},
}

export const linesIn = (text: string): string[] => text.split(/\r?\n/)

const isBlank = (line: string): boolean => line.trim() === ''

/** The text without what mails, diffs, logs and pages put around it; the same text where they put nothing. */
export function withoutSurroundings(text: string): string {
  const plain = /&(?:lt|gt|quot|apos|nbsp|amp|#39);/.test(text)
    ? text.replace(/&(lt|gt|quot|apos|nbsp|amp|#39);/g, (_, name: string) => namedEntities[name]!)
    : text
  const unmarked = withoutMarks(/<br/i.test(plain) ? plain.replace(/<br ?\/?>/gi, '\n') : plain)
  return addedLines(unmarked) ?? unmarked
}

function withoutMarks(text: string): string {
  const first = text.trimStart()
  for (const mark of lineMarks) {
    if (!mark.test(first)) continue
    const lines = linesIn(text)
    if (lines.every(line => isBlank(line) || mark.test(line)))
      return lines.map(line => line.replace(mark, '')).join('\n')
  }
  return text
}

/** Bytes at the start of a line that was added: base64 may begin with a plus sign, too. */
const addedBytes = /^\+[ \t]*["'{[(]*(?:0x)?[0-9a-f]{2}(?:[ \t,:;"'-]|[0-9a-f]{4,}|$)/im
const diffLine = /^(?:[+-](?!-)|---|@@|diff |index |[ \t])/

/** The lines of a diff as they are after it; undefined for other texts. */
function addedLines(text: string): string | undefined {
  if (!/^\s*[-+@]/.test(text) || !addedBytes.test(text)) return undefined
  const lines = linesIn(text)
  if (!lines.every(line => isBlank(line) || diffLine.test(line))) return undefined
  return lines
    .filter(line => /^[+ \t]/.test(line) && !line.startsWith('+++'))
    .map(line => line.slice(1))
    .join('\n')
}

/** The insides of the code blocks of Markdown; empty where there are none. */
export function codeBlocks(text: string): string[] {
  if (!/^[ \t]*(?:```|~~~)/m.test(text)) return []
  const parts = text.split(/^[ \t]*(?:```|~~~)[^\n]*$/m)
  return parts.filter((part, index) => index % 2 === 1 && !isBlank(part))
}

const numbered = /^[ \t]*([1-9]\d{0,5})(?::[ \t]+|\t[ \t]*)(?=[^\s])/
/** Several bytes: a number before one byte is its place in an array. */
const severalBytes = /(?:0x)?[0-9a-f]{2}[ ,:-]{0,4}(?:0x)?[0-9a-f]{2}/i
const matched = /^([1-9]\d{0,5}):((?:[0-9a-f]{2}){6,})$/i

/** Lines without their numbers, as `cat -n`, `grep -n` and editors write them; undefined for lines without. */
export function withoutLineNumbers(text: string): string | undefined {
  const lines = linesIn(text).filter(line => !isBlank(line))
  if (lines.length === 0) return undefined
  const found = lines.map(line => matched.exec(line))
  if (found.every(match => match !== null)) return found.map(match => match[2]).join('\n')
  const first = Number(numbered.exec(lines[0]!)?.[1])
  const areNumbered = lines.every((line, index) => Number(numbered.exec(line)?.[1]) === first + index)
  const rest = areNumbered ? lines.map(line => line.replace(numbered, '')) : []
  // A number before bytes with colons between them is a byte too.
  const hasBytes = rest.some(line => severalBytes.test(line)) && !rest.some(line => /^[0-9a-f]{2}:/i.test(line))
  return hasBytes ? rest.join('\n') : undefined
}

const date = String.raw`(?:\d{4}([-/.])[01]\d\1[0-3]\d|[0-3]?\d([-/.])[0-3]?\d\2\d{4})`
const timeOfDay = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`
/** Since 1970, from the years 2014 to 2036: in seconds, or with three, six or nine digits more. */
const epoch = String.raw`(?:1[4-9]|20)\d{8}(?:[.,]?\d{9}|[.,]?\d{6}|[.,]?\d{3}|[.,]\d{1,8})?`
const afterTime = new RegExp(
  String.raw`^\s*\[?(?:${date}(?:[T \t]${timeOfDay})?|${timeOfDay}|${epoch})\]?[ \t]+` +
    String.raw`(?:0x)?((?:[0-9a-f]{2}[ \t]*){2,})$`,
  'i',
)

/** The hex of lines that begin with a date, a time, or both, and have nothing else; undefined for other texts. */
export function hexAfterTimes(text: string): string[] | undefined {
  const lines = linesIn(text).filter(line => !isBlank(line))
  const found = lines.map(line => afterTime.exec(line)?.[3])
  return found.length > 0 && found.every(hex => hex !== undefined) ? found : undefined
}

const bullet = /^[ \t]{0,20}[-*\u2022] /

/** The items of a list with a mark before each, where all are hex of several bytes; undefined for other texts. */
export function hexAfterBullets(text: string): string[] | undefined {
  const lines = linesIn(text).filter(line => !isBlank(line))
  const items = lines.map(line => line.replace(bullet, ''))
  const areItems = lines.length > 1 && lines.every(line => bullet.test(line))
  return areItems && items.every(item => /^(?:[0-9a-f]{2}[ \t:]?){2,}$/i.test(item)) ? items : undefined
}

/** A number of a packet, a thread or a process: marked, or of four or more digits before bytes in pairs. */
const afterNumber = new RegExp(
  String.raw`^[ \t]*(?:#\d{1,6}:?|\[\d{1,6}\]|\(\d{1,6}\)|\d{1,6}[).]|[1-9]\d{3,5}(?=[ \t]{1,9}[0-9a-f]{2}[ \t]))` +
    String.raw`[ \t]{1,9}((?:[0-9a-f]{2}[ \t]?){2,})$`,
  'i',
)

/** The hex of lines that begin with a number of something else than bytes; undefined for other texts. */
export function hexAfterNumbers(text: string): string[] | undefined {
  const lines = linesIn(text).filter(line => !isBlank(line))
  const found = lines.map(line => afterNumber.exec(line)?.[1])
  return found.length > 0 && found.every(hex => hex !== undefined) ? found : undefined
}

const rowAfterPrefix = /^[^\n]{0,119}?[ \t|:\])]((?:0x)?[0-9a-f]{4,16}:?[ \t]{1,4}(?:[0-9a-f]{2} ){2}[^\n]*)$/i

/** The rows of a dump that a log printed line by line, each after a time, a level, a name; undefined for others. */
export function rowsAfterPrefixes(text: string): string | undefined {
  const lines = linesIn(text).filter(line => !isBlank(line))
  const rows: string[] = []
  for (const line of lines) {
    const row = rowAfterPrefix.exec(line)?.[1]
    if (row === undefined) return undefined
    rows.push(row)
  }
  return rows.length === 0 ? undefined : rows.join('\n')
}

/** A line of what hex, and what separates and encloses bytes, is written with. */
const hexAlone = /^[\s,:;"'`{}[\]()\-_x0-9a-f]*$/i

/**
 * The only lines of hex in a text whose other lines are words: a heading, a command, a question.
 * @returns undefined where there are none, or in several places.
 */
export function hexAmongWords(text: string): string | undefined {
  const lines = linesIn(text)
    .map(line => line.replace(quoteMark, ''))
    .filter(line => !isBlank(line))
  const areHex = lines.map(line => hexAlone.test(line) && /[0-9a-f]{2}/i.test(line))
  const start = areHex.indexOf(true)
  const end = areHex.lastIndexOf(true) + 1
  const isOneBlock = start >= 0 && areHex.slice(start, end).every(isHex => isHex)
  const others = [...lines.slice(0, start), ...lines.slice(end)]
  if (!isOneBlock || others.length === 0 || !others.every(areWords)) return undefined
  return lines.slice(start, end).join('\n')
}

/** Whether a line has a word that no slip in hex explains, and no bytes. */
const areWords = (line: string): boolean =>
  /(?<![a-z])(?=[a-f]{0,40}[g-z])[a-z]{3,}/i.test(line) && !/(?<!\w)[0-9a-f]{2}[ ,:]{1,4}[0-9a-f]{2}(?!\w)/i.test(line)

/** The hex below a line that holds its length in bytes alone; undefined for other texts. */
export function hexBelowLength(text: string): string | undefined {
  const [, length, rest = ''] = /^\s*(\d{1,6})[ \t]*\r?\n([\s,:0-9a-fx-]+)$/i.exec(text) ?? []
  const digits = rest.replace(/0x|[^0-9a-f]/gi, '').length
  return length !== undefined && digits === 2 * Number(length) ? rest : undefined
}
