import {joinedAdvice} from '../../advice.js'
import {InputError} from '../../input-error.js'
import {caretPicture} from '../hex-lines.js'

const all = 'give all of the bytes'

/** Marks of bytes that a program has not printed, and how it prints all of them. */
const marks: readonly (readonly [mark: RegExp, advice: string])[] = [
  // strace, ltrace and gdb, after a string: `"\4\0"..., 2048`
  [/["']\.\.\.(?=[,)\s]|$)/, 'print all of them: strace -s 65536, gdb: set print elements 0'],
  // gdb and delve, after the last item: `0x1...}`, `1,...+26 more]`
  [/(?<=[\da-f]|,)\.\.\.(?=\}|\+\d+ more\])/i, 'print all of them: gdb: set print elements 0'],
  // Node.js, after what it prints of a Buffer or an array: `04 9e ... 21 more bytes>`, `4, 158,\n  ... 20 more items`
  [/\.{3} ?\d{1,9} more (?:bytes?|items?)/i, "print all of them, for example with .toString('hex')"],
  // Chai and others, in the place of items: `[ 4, 158, \u2026(7) ]`
  [/\u2026\(\d{1,9}\)/, 'print all of them, for example as hex'],
  // Erlang, Elixir, NumPy and others, among items or after the last: `<<4,158,...>>`, `[  4 158 ...  27 216]`
  [
    /(?<=\d,?\s{1,20}|\d,)\.{3}(?=\s{0,20}(?:>>|[\])}]|,?\s{1,20}-?\d{1,3}[\s,\]]))/,
    'print all of them, for example as hex',
  ],
  // Loggers, after bytes: `04 9e (21 more bytes)`, `04 9e [truncated]`
  [/[[(<]\+?\d{1,9} (?:more (?:bytes|octets)|(?:bytes|octets) (?:more|omitted|truncated|left out))[)\]>]/i, all],
  [/(?<=[\da-f]{2}["'\s]{0,9})[[(<](?:truncated|omitted|snip|snipped|cut)[)\]>](?=\s*$)/i, all],
  // Debuggers of Apple: `0x04000000 010a419e ... 41414141`
  [/ \.\.\. (?<=bytes = 0x[\da-f ]{1,200} \.\.\. )(?=[\da-f]{2})/i, 'print all of them, for example as base64'],
  // Logs, and what shortens keys: `0400000001...`, `04 00 00 00 ...`, `8f01…bb10`
  [/(?<=[\da-f]{8})\.\.\.(?!\.)|(?<=[\da-f]{4})\u2026/i, all],
  [/(?<=(?:[\da-f]{2} ){4})\.\.\.(?=[ \t]{0,20}$)/i, all],
  // Wireshark, of a long field: `[truncated]: 0400`, `[…]: 0400`
  [/\[(?:truncated|\u2026)\](?=[^\n]{0,60}:)/, 'copy the bytes, not their value: Copy > ...as a Hex Stream'],
]

/** A row of od -t a, which shows seven bits of each byte: names of control characters. */
const sevenBits = /^[0-7]{7}(?: +[!-~]{1,3})* +(?:nul|soh|stx|etx|eot|enq|ack|bel|dle|del|esc)(?: |$)/m

/**
 * @param text without a dump, whose text column may have such marks.
 * @throws InputError where a program says that it has left out bytes: a packet that is cut short looks malformed.
 */
export function refuseLeftOut(text: string): void {
  const row = sevenBits.exec(text)
  if (row)
    throw new InputError(
      'od -t a leaves out the highest bit of each byte',
      joinedAdvice(caretPicture(text, row.index), 'print them with od -t x1'),
      'bad-hex',
    )
  for (const [mark, advice] of marks) {
    const found = mark.exec(text)
    if (found === null) continue
    const shown = JSON.stringify(found[0].replace(/^["']|["' ]+$/g, '').trim())
    throw new InputError(
      `bytes were left out at ${shown}`,
      joinedAdvice(caretPicture(text, found.index), advice),
      'bad-hex',
    )
  }
}
