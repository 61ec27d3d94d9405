/** Rows of dumps that have marks around their offsets, and how those are found. The last group is the bytes. */
const rows: readonly RegExp[] = [
  // openssl: `0000 - 04 9e-ff   ...`
  /^[ \t]*([0-9a-f]{4}) - ((?:[0-9a-f]{2}[ -]){1,16})[^\n]*$/gim,
  // Netty: `|00000000| 04 9e    |..  |`; strace -e write: ` | 00000  04 9e   ..  |`
  /^[ \t]*\|[ ]?([0-9a-f]{5,8})(?:\|| ) ((?:[0-9a-f]{2} {1,2}){1,16})[^\n]*\|[ \t]*$/gim,
  // Ncat: `[0000]   04 9e   . .`
  /^\[([0-9a-f]{4})\] {3}((?:[0-9a-f]{2} ){1,16})[^\n]*$/gim,
  // 010 Editor: `0000h:  04 9e  ..`
  /^[ \t]*([0-9a-f]{4,8})h: {1,2}((?:[0-9a-f]{2} ){1,16})[^\n]*$/gim,
  // Linux: `[ 1234.567890] tox: 00000000: 04 9e  ..`
  /^\[ *\d{1,9}\.\d{1,9}\] [^\n:]{0,99}: ([0-9a-f]{8}): ((?:[0-9a-f]{2}(?: |$)){1,32})[^\n]*$/gim,
]

/** Lines around such rows: borders, and the numbers of columns. */
const aroundRows = /^[ \t]*(?:\+-[-+]*\+|\|[ 0-9a-f]*\|)[ \t]*$/gim

/** Lines above the rows of Emacs (hexl), and of Format-Hex of PowerShell 7, with its columns. */
const hexlHeading = /^87654321 [^\n]*\n/gm
const formatHexHeading = /^ *(?:Label:|Offset Bytes|00 01 02 03|-{3})[^\n]*\n/gm

/** Dumps whose rows are marked in ways of their own, as rows with an offset and bytes; other text as it is. */
export function withPlainRows(text: string): string {
  let plain = text
  for (const pattern of rows)
    plain = plain.replace(pattern, (_, offset: string, bytes: string) => `${offset}: ${bytes.replaceAll('-', ' ')}`)
  if (plain !== text) plain = plain.replace(aroundRows, '')
  plain = plain.replace(hexlHeading, '')
  if (!/^ *Offset Bytes/m.test(plain)) return plain
  return plain.replace(formatHexHeading, '').replace(/^([0-9a-f]{16}) ((?:[0-9a-f]{2} ){1,16})[^\n]*$/gim, '$1: $2')
}

/** A line of od: an octal offset of seven digits, and cells. */
const octalRow = /^([0-7]{7})((?: +\S+)*) *$/
const namedCharacters: Readonly<Record<string, number>> = {
  ...{'\\0': 0, '\\a': 7, '\\b': 8, '\\t': 9, '\\n': 10, '\\v': 11, '\\f': 12, '\\r': 13},
}
const cellColumns = 4
const offsetDigits = 7
const octalWord = /^[0-7]{6}$/

/**
 * What od prints by default (octal words), with -b, -c or -t u1, as hex. The offset after each row has to fit.
 * @returns undefined for other texts.
 */
export function octalDump(text: string): string | undefined {
  const lines = text.trimEnd().split(/\r?\n/)
  if (lines.length < 2 || !lines.every(line => octalRow.test(line))) return undefined
  const offsets = lines.map(line => Number.parseInt(line, 8))
  const data = lines.slice(0, -1).map(line => line.slice(offsetDigits))
  if (lines.at(-1)!.length !== offsetDigits) return undefined
  const read = data.every(row =>
    row
      .trim()
      .split(/ +/)
      .every(word => octalWord.test(word)),
  )
    ? data.map(wordBytes)
    : data.map(row => cellBytes(row, isOctal(data)))
  const bytes: number[] = []
  for (const [at, row] of read.entries()) {
    const length = offsets[at + 1]! - offsets[at]!
    const isPadded = row !== undefined && row.length === length + 1 && row.at(-1) === 0 && at === read.length - 1
    if (row === undefined || (row.length !== length && !isPadded)) return undefined
    bytes.push(...row.slice(0, length))
  }
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join(' ')
}

/** Octal words of two bytes, the low one first. */
const wordBytes = (row: string): number[] =>
  row
    .trim()
    .split(/ +/)
    .flatMap(word => [Number.parseInt(word, 8) & 0xff, Number.parseInt(word, 8) >> 8])

/** Whether the numbers of cells are octal: -t u1 writes no zeros before them, and no characters. */
const isOctal = (data: readonly string[]): boolean =>
  data.some(row => cellsOf(row).some(cell => /^0\d|\D/.test(cell))) ||
  data.every(row => cellsOf(row).every(cell => /^[0-7]{3}$/.test(cell)))

const cellsOf = (row: string): string[] =>
  Array.from({length: Math.ceil(row.length / cellColumns)}, (_, i) =>
    row.slice(i * cellColumns, (i + 1) * cellColumns).trim(),
  )

function cellBytes(row: string, octal: boolean): number[] | undefined {
  const bytes = cellsOf(row).map(cell => {
    if (cell in namedCharacters) return namedCharacters[cell]!
    if (octal && /^[0-7]{3}$/.test(cell)) return Number.parseInt(cell, 8)
    if (!octal && /^\d{1,3}$/.test(cell)) return Number(cell)
    return cell.length === 1 ? cell.charCodeAt(0) : cell === '' ? 0x20 : -1
  })
  return bytes.every(byte => byte >= 0 && byte <= 0xff) ? bytes : undefined
}
