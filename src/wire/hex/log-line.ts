import {payloadNames} from './forms/named-values.js'
import {fromHex} from './hex-bytes.js'
import {showsBytes} from './hex-row.js'

/** Letters that a preface has at least in one word: hex after such a word is not a slip in hex. */
const prefaceLetters = 3
const pairs = /^(?:0x)?(?:[0-9a-f]{2})+$/i
/** How many bytes a line says that it shows: `9 bytes`, `9B`, `len=9`, `recv(9)`. */
const declared =
  /(?<![\w.])(\d{1,8}) ?(?:bytes?|octets?|B)\b|\b(?:len|length|size|n) ?[=:] ?(\d{1,8})\b|\((\d{1,8})\)/gi
const closing = new Set(' \t"\'`)]}>.,;')
const between = new Set(' \t,')
const opening = new Set('=([{<"\'`')

/** Columns of a number of bytes, and of the blanks around it. */
const longestCount = 25

/** Blanks between a name and its hex. */
const mostBlanks = 16

/** Places in a line: where its first words end, where bytes follow a mark, and where they end. */
interface Bounds {
  readonly preface: number
  readonly marked: number
  readonly end: number
}

/** A place where the hex at the end of a line may start, and the bytes from there on. */
interface Start {
  readonly at: number
  readonly bytes: number
}

/**
 * The hex in a line of a log: at its end, after a time, a level, a name (`recv 9 bytes: 049e...`, `data=04 9e`), or
 * else its longest word of hex; a checksum after it is not part of it.
 * @returns undefined where the line has none, or where what precedes it may be hex with a slip.
 */
export function logHex(whole: string): string | undefined {
  const line = whole.replace(checksum, '')
  const field = longestField(whole) ?? beforeWords(whole) ?? namedHex(line)
  if (field !== undefined) return field
  let end = line.length
  while (end > 0 && closing.has(line.charAt(end - 1))) end--
  const preface = prefaceEnd(line)
  const starts = startsOf(line, end).filter(({at}) => at >= preface)
  if (starts.length === 0) return within(line.slice(preface))
  const marked = afterMark(line, starts)
  const counted = startAtCount(line, starts, {preface, marked: marked?.at ?? end, end})
  const start = counted ?? marked ?? starts.at(-1)!
  return start.bytes < 2 && counted === undefined ? within(line.slice(preface)) : line.slice(start.at, end)
}

/** Pairs of hex between a number and the place where bytes may start. */
const pairsBetween = /^[ \t,:-]*(?:[0-9a-f]{2}[ \t,:-]+)+$/i

/**
 * The place from which on a line has as many bytes as it says. A number with pairs between it and that place is a
 * byte itself: `1b` in `9e 1b 22 d8` does not count one byte, nor `04` in `recv 04 41 9e`.
 */
function startAtCount(line: string, starts: readonly Start[], {preface, marked, end}: Bounds): Start | undefined {
  const [, first] = /^[ \t]{1,16}(\d{1,8})(?=[ \t])/.exec(line.slice(preface, preface + longestCount)) ?? []
  const counts = [...line.matchAll(declared)].map(({index, 0: all, 1: a, 2: b, 3: c}) => ({
    bytes: Number(a ?? b ?? c),
    end: index + all.length,
  }))
  if (first !== undefined) counts.push({bytes: Number(first), end: line.indexOf(first, preface) + first.length})
  return starts.find(({at, bytes}) =>
    counts.some(
      count =>
        count.bytes === bytes &&
        (count.end > end || (count.end <= Math.min(at, marked) && !pairsBetween.test(line.slice(count.end, at)))),
    ),
  )
}

/** A checksum at the end of a line. */
const checksum =
  /[ ,;(]{1,4}(?:md5|sha\d{0,3}|crc\d{0,2}|hash|checksum)(?:sum)?[ :=]{1,2}(?:0x)?[0-9a-f]{4,128}\)?[ \t]{0,9}$/i

/** A name and its mark before hex. */
const memberName = /(?<![\w.-])([a-z][\w.-]{0,40}) ?[:=] ?(?=["']?(?:0x)?[0-9a-f]{2})/gi

/** The hex in a line that has hex after several names: that of the only one that says that it is a payload. */
function namedHex(line: string): string | undefined {
  const names = [...line.matchAll(memberName)]
  const members = names.flatMap(({index, 0: all, 1: name = ''}, at) => {
    const value = line.slice(index + all.length, names[at + 1]?.index ?? line.length)
    const [, hex] = /^["']?((?:0x)?[0-9a-f]{2}(?:[ :]?[0-9a-f]{2})+)(?![\w:])/i.exec(value) ?? []
    return hex === undefined ? [] : [{name, hex}]
  })
  const [payload, ...others] = members.filter(({name}) => payloadNames.test(name))
  return members.length > 1 && others.length === 0 ? payload?.hex : undefined
}

/** The longest field between tabs that is hex of at least 4 bytes, as tshark and COPY of SQL print them. */
function longestField(line: string): string | undefined {
  if (!line.includes('\t')) return undefined
  const fields = line.split('\t').map(field => field.trim().replace(/^\\{1,2}x/, ''))
  return fields
    .filter(field => /^(?:0x)?[0-9a-f]{2}(?::?[0-9a-f]{2}){3,}$/i.test(field))
    .sort((a, b) => b.length - a.length)[0]
}

/** The bytes in pairs that a line begins with, where words follow: a checksum among those is not the packet. */
function beforeWords(line: string): string | undefined {
  const [, bytes] =
    /^\s*((?:[0-9a-f]{2} ){5,4000}[0-9a-f]{2})[ ,]{1,9}\(?(?=[a-f]{0,9}[g-z])[a-z]{2,}/i.exec(line) ?? []
  return bytes
}

/** Pairs of hex with gaps of up to four blanks, as ngrep has between two halves of a row. */
const pairedRow = /^\s*([0-9a-f]{2}(?:[ :]{1,4}[0-9a-f]{2})*)(?= {2}|\s*$)/i

/** Columns of a row up to which it is looked for characters after each gap. */
const longestRow = 500

/** Bytes of a row, without what follows them: their characters, if anything; undefined for other lines. */
function rowBytes(line: string): string | undefined {
  const all = pairedRow.exec(line)?.[1]
  if (all === undefined) return undefined
  const start = line.indexOf(all)
  const gaps = line.length > longestRow ? [] : all.matchAll(/ {2,}/g)
  for (const {index, 0: gap} of gaps) {
    const shown = line.slice(start + index + gap.length).trimEnd()
    if (showsBytes(fromHex(digitsIn(all.slice(0, index))), shown)) return all.slice(0, index)
  }
  const shown = line.slice(start + all.length).trim()
  return shown === '' || shown.length === digitsIn(all).length / 2 ? all : undefined
}

const digitsIn = (row: string): string => row.replace(/[ :]+/g, '')

/** A heading: a word, a mark, or a time. */
const heading = /^\s*(?:[<>=;#-]|\/\/|[a-z_]*[g-z]|\d{1,4}[:/-]\d{1,2}[:/-]\d)/i

/**
 * The hex in rows of its own below headings, as socat, ngrep and openssl print it: one text for each heading with rows.
 * @returns nothing where a heading has hex itself, or the first line is hex without its characters.
 */
export function hexBelow(text: string): string[] {
  const blocks: string[][] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const bytes = rowBytes(line)
    if (bytes === undefined) {
      if (!heading.test(line) || digitsIn(logHex(line) ?? '').length > headingHex) return []
      blocks.push([])
    } else if (blocks.length > 0) blocks.at(-1)!.push(bytes)
    else if (line.trim() === bytes) return []
    else blocks.push([bytes])
  }
  return blocks.filter(rows => rows.length > 0).map(rows => rows.join(' '))
}

/** Digits of hex that a heading may have: a length. */
const headingHex = 4

/** The longest word of at least 8 bytes of hex, where the line goes on after it. */
function within(line: string): string | undefined {
  const words = line.match(/(?<![0-9a-z_.-])(?:0x)?[0-9a-f]{16,}(?![0-9a-z_.-])/gi) ?? []
  return words.filter(word => pairs.test(word)).sort((a, b) => b.length - a.length)[0]
}

/** The end of the first word that is not hex; or the end of the line. */
function prefaceEnd(line: string): number {
  for (const {index, 0: word} of line.matchAll(/[a-z_]+/gi))
    if (word.length >= prefaceLetters && /[g-z_]/i.test(word)) return index + word.length
  return line.length
}

/** Where the hex that ends at an index may start, the shortest first: before each of its words of whole bytes. */
function startsOf(line: string, end: number): Start[] {
  const starts: Start[] = []
  let bytes = 0
  for (let last = end; last > 0; ) {
    let at = last
    while (at > 0 && !between.has(line.charAt(at - 1)) && !opening.has(line.charAt(at - 1))) at--
    const group = line.slice(at, last)
    if (group !== '') {
      const whole = bytesOf(group)
      const tail = group.slice(group.lastIndexOf(':') + 1)
      if (whole !== undefined && !/^-\d/.test(group)) {
        bytes += whole
        starts.push({at, bytes})
      } else {
        // Signed bytes among others: `4, 65, -96`, `4 65 -96 -98`.
        if (/^-\d{1,3}$/.test(group) && signedBytes.test(line)) return []
        // The items of a list without leading zeros: `1,a,41,9e`, `4, 65, 98`.
        if (/^[0-9a-f]$/i.test(group) && /^,[ \t]?-?[0-9a-f]{1,3}(?:,|$)/i.test(line.slice(last, last + 6))) return []
        if (tail !== group && pairs.test(tail)) starts.push({at: last - tail.length, bytes: bytes + bytesOf(tail)!})
        break
      }
    }
    if (at > 0 && opening.has(line.charAt(at - 1))) break
    last = at - 1
  }
  return starts
}

/** A signed byte of a list: before a comma, or before another one. */
const signedBytes = /(?<![\w.-])-\d{1,3}(?:,|(?:[ \t]+\d{1,3}){0,99}[ \t]+-\d{1,3}(?!\w))/

/** @returns undefined for a word that is not of whole bytes, perhaps with colons or dashes between them. */
function bytesOf(group: string): number | undefined {
  const parts = group.split(/[:-]/)
  if (!parts.every(part => part === '' || pairs.test(part))) return undefined
  const digits = parts.reduce((sum, part) => sum + part.replace(/^0x/i, '').length, 0)
  return digits === 0 ? undefined : digits / 2
}

/** The hex that follows a mark or a quote outright: a number of bytes before it is not hex. */
function afterMark(line: string, starts: readonly Start[]): Start | undefined {
  return starts.find(({at}) => /[:="'`]$/.test(line.slice(Math.max(0, at - mostBlanks), at).trimEnd()))
}
