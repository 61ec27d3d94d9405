import {type RewrittenForm, replacing} from './forms/rewritten.js'

/** Forms of chats, loggers and listings, looked for last and not in hex dumps, and what the user sees of each. */
export const proseForms: readonly RewrittenForm[] = [
  ['rows of hex and text', rowsWithBars],
  // Verilog.
  [undefined, replacing(/(?<!\w)\d{1,2}'h(?=[0-9a-f]{1,2}(?!\w))/gi, '0x')],
  ['a list of YAML', yamlList],
  ['rows with their numbers', numberedRows],
  ['hex digits', looseHex],
  ['an array inside a line', text => only(text, /\[\s?((?:-?\d{1,3},\s?){2,4000}-?\d{1,3})\s?\]/g, '[$1]')],
  ['decimal numbers in a line', decimalsAfterColon],
  ['hex', hexBesideWords],
  // Cells of MySQL and Cassandra.
  ['hex', text => only(text, /(?<!\w)0x((?:[0-9a-f]{2}){4,})(?!\w)/gi, '$1')],
  // The only long word of hex, as databases and chats show it.
  ['hex', text => only(text, /(?<![\w.:-])((?:[0-9a-f]{2}){8,})(?![\w.:-])/gi, '$1')],
  ['a table of Node.js', nodeTable],
  ['a string with escaped bytes', bareString],
  ['a string with escaped bytes', text => bareString(only(text, /^[ \t]{0,80}\\x[0-9a-f]{2}[^\n]*$/gim, '$&') ?? '')],
  ['a packet of K12', k12Packet],
]

/** The only place that a pattern finds; undefined where there are several. */
function only(text: string, pattern: RegExp, by: string): string | undefined {
  const [found, more] = text.match(pattern) ?? []
  return found === undefined || more !== undefined ? undefined : found.replace(pattern, by)
}

/** Decimal bytes at the end of a line of a log, after a colon; some are nothing else. */
function decimalsAfterColon(text: string): string | undefined {
  const line = text.trimEnd()
  const [, , rest = ''] =
    /^(?=[^\n]{0,99}[g-z])[^\n:=]{1,99}(?::[^\n:=]{1,99}){0,3}([:=]) ?(-?\d[^\n]*)$/i.exec(line) ?? []
  const words = rest.split(/[ ,]+/)
  const areBytes = words.length > 2 && words.every(word => /^-?\d{1,3}$/.test(word))
  return areBytes && words.some(word => word.length !== 2) ? `[${words.join(', ')}]` : undefined
}

/** Bytes in pairs, with neither a pair nor a part of a word or number beside them. */
const pairRun = new RegExp(
  String.raw`(?<![\w:.-]|(?<!\w)[0-9a-f]{2}[ :-]{1,8})(?:[0-9a-f]{2}[ :-]){5,4000}[0-9a-f]{2}` +
    String.raw`(?![\w:]|[ :-]{1,8}[0-9a-f]{2}(?!\w))`,
  'gi',
)

/** The only run of at least six bytes in pairs, after a word that has other letters than hex. */
function hexBesideWords(text: string): string | undefined {
  const [run, ...others] = text.match(pairRun) ?? []
  if (run === undefined || others.length > 0 || !/[g-z]{2}|[^\s\w]/i.test(text)) return undefined
  // Bytes that go on in a line below, after a mark.
  return /^[^\w\n]{0,20}[0-9a-f]{2}(?:[ :-][0-9a-f]{2}){1,40}[ \t]{0,20}$/im.test(text.replace(run, ''))
    ? undefined
    : run
}

/** Rows without offsets, as Zephyr prints them below a log line: `04 00  9e |.. .`. */
function rowsWithBars(text: string): string | undefined {
  const rows = text.trimEnd().split('\n')
  const first = rows.findIndex(row => barred.test(row))
  const heading = rows.slice(0, first)
  if (first < 0 || heading.length > 1) return undefined
  const hex = rows.slice(first).map(row => {
    const [, bytes, shown] = barred.exec(row) ?? []
    const words = bytes?.trim().split(/ +/) ?? []
    // A character for each byte, a gap in the middle, and perhaps a bar at the end.
    return shown !== undefined && shown.length <= words.length + 2 ? words.join(' ') : undefined
  })
  return hex.every(row => row !== undefined) && hex.join(' ').length >= leastBarred ? hex.join(' ') : undefined
}

const barred = /^\s{0,60}((?:[0-9a-f]{2} {1,2}){1,16}) {0,60}\|([^\n]{1,18})$/i

/** Digits and blanks of four bytes: fewer before a bar may be anything. */
const leastBarred = 11

/** Rows of console.table(), without the lines around them. */
function nodeTable(text: string): string | undefined {
  if (!/^[ \t]{0,60}\(index\)[ \t]{1,60}Values[ \t]{0,60}$/m.test(text)) return undefined
  const rows = [...text.matchAll(/^ {0,60}(\d{1,7}) +(\d{1,3})\s*$/gm)]
  const isCounted = rows.length > 0 && rows.every(([, place], at) => Number(place) === at)
  return isCounted ? `[${rows.map(([, , byte]) => byte).join(', ')}]` : undefined
}

/** Escapes and characters without quotes, as zeek and PostgreSQL write them: the inside of a string. */
function bareString(text: string): string | undefined {
  const inside = text.trim()
  const isString = /^\\(?:x[0-9a-f]{2}|[0-3][0-7]{2})(?:\\(?:x[0-9a-f]{2}|[0-3][0-7]{2}|\\)|[!#-&(-[\]-~])+$/i.test(
    inside,
  )
  return isString ? `"${inside}"` : undefined
}

/** The bytes of the only packet of a text file of K12: `|0   |04|9e|`. */
function k12Packet(text: string): string | undefined {
  const rows = text.match(/^\|0 {1,3}\|(?:[0-9a-f]{2}\|)+\s*$/gim) ?? []
  return rows.length === 1 ? rows[0].slice(1).replace(/^0 +/, '').replaceAll('|', ' ') : undefined
}

/** `- 4`, one byte a line, perhaps below a name. */
function yamlList(text: string): string | undefined {
  const lines = text
    .trim()
    .replace(/^[\w.-]{1,60}:\r?\n/, '')
    .split('\n')
  const items = lines.map(line => /^\s{0,20}- (\d{1,3}|0x[0-9a-f]{1,2})\s?$/i.exec(line)?.[1])
  return items.length > 2 && items.every(item => item !== undefined) ? `[${items.join(', ')}]` : undefined
}

/** Two columns of a spreadsheet: places that count up, and bytes of two digits. */
function numberedRows(text: string): string | undefined {
  const rows = text.trim().split('\n')
  const cells = rows.map(row => /^(\d{1,7})[\t,;]([0-9a-f]{2})\s?$/i.exec(row))
  const first = Number(cells[0]?.[1])
  const isCounted = cells.every((cell, at) => cell !== null && Number(cell[1]) === first + at)
  return rows.length > 2 && first <= 1 && isCounted ? cells.map(cell => cell![2]!).join(' ') : undefined
}

/** Hex without leading zeros, as `Serial.print(byte, HEX)` writes it: a letter shows that it is not decimal. */
function looseHex(text: string): string | undefined {
  const words = text.trim().split(/[\s,]+/)
  const isLoose = words.length > 5 && words.every(word => /^(?:[1-9a-f][0-9a-f]?|0)$/i.test(word))
  return isLoose && words.some(word => /[a-f]/i.test(word))
    ? words.map(word => word.padStart(2, '0')).join(' ')
    : undefined
}
