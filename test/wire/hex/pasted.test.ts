import {describe, expect, it} from 'vitest'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {parsePasted} from '../../../src/wire/hex/pasted.js'
import {InputError} from '../../../src/wire/input-error.js'
import {logPastedForms} from './forms/log-pasted-forms.js'
import {morePastedForms} from './forms/more-pasted-forms.js'
import {pastedBytes, pastedForms} from './forms/pasted-forms.js'
import {prosePastedForms} from './forms/prose-pasted-forms.js'
import {quotedPastedForms} from './forms/quoted-pasted-forms.js'
import {rarePastedForms} from './forms/rare-pasted-forms.js'
import {severalPastedForms, twofoldPastedForms} from './forms/several-pasted-forms.js'
import {toolPastedForms} from './forms/tool-pasted-forms.js'

const hexesOf = (text: string): string[] => parsePasted(text).map(({bytes}) => toHex(bytes))

function failure(text: string): InputError {
  try {
    parsePasted(text)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error(`no error for ${text}`)
}

describe('what people paste', () => {
  it.each([
    ...pastedForms,
    ...morePastedForms,
    ...quotedPastedForms,
    ...rarePastedForms,
    ...prosePastedForms,
    ...toolPastedForms,
    ...logPastedForms,
  ])('%s is read as its bytes, and its form is named', (_, text, about) => {
    expect(parsePasted(text).map(item => [toHex(item.bytes), item.about])).toEqual([[pastedBytes, about]])
  })

  it.each(severalPastedForms)('%s is several packets', (_, text, hexes) => {
    expect(hexesOf(text)).toEqual(hexes)
  })

  it.each([
    ['Buffer.concat([Buffer.from([4, 0]), Buffer.from([5, 1])])', '04000501'],
    [String.raw`writev(5, [{iov_base="\4\0", iov_len=2}, {iov_base="\5\1", iov_len=2}], 2) = 4`, '04000501'],
    [String.raw`"\x04\x00" <> "\x05\x01"`, '04000501'],
    ['["04", "00", "05", "01"]', '04000501'],
  ])('values that are joined, or single bytes, are one packet: %s', (text, hex) => {
    expect(hexesOf(text)).toEqual([hex])
  })

  it.each(twofoldPastedForms)(
    '%s: the likelier reading is first, and the other is named',
    (_, text, hex, about, other) => {
      expect(parsePasted(text).map(({bytes}) => toHex(bytes))).toEqual([hex])
      expect(parsePasted(text)).toMatchObject([{other: {about, hex: other}}])
    },
  )

  it('hex with zeros before its digits has no other reading', () => {
    for (const text of ['04', '0400000001', '04 00 10 20', '10 00'])
      expect(parsePasted(text)[0], text).not.toHaveProperty('other')
  })

  it('a decimal number that cannot be hex is refused, and its bytes are named', () => {
    expect(failure('158').hint).toMatch(/^158\n {2}\^\na decimal number: its bytes are 9e, the highest first\n/)
  })

  it('is read the same with a byte order mark and the line ends of Windows', () => {
    for (const [, text] of pastedForms)
      expect(hexesOf(`\ufeff${text.replaceAll('\n', '\r\n')}\r\n`)).toEqual([pastedBytes])
  })

  it('finds bytes in a sentence only where it has one run of at least six', () => {
    expect(hexesOf('got 04 9e 1a 33 44 55 from the relay')).toEqual(['049e1a334455'])
    expect(() => parsePasted('got 04 9e 1a 33 44 from the relay')).toThrow(InputError)
    expect(() => parsePasted('it has 04 9e 1a 33 44 55, I 04 9e 1a 33 44 56 sent')).toThrow(InputError)
  })

  it('gives the decimal reading of an array first and the hex reading as the other', () => {
    expect(parsePasted('[16, 24, 25]')).toMatchObject([{about: 'a decimal array', other: {hex: '162425'}}])
    expect(toHex(parsePasted('[16, 24, 25]')[0]!.bytes)).toBe('101819')
    expect(parsePasted('[16, 24, 200]')[0]).not.toHaveProperty('other')
  })

  it('gives the octal reading of escapes first, and the decimal one of Lua, OCaml and Haskell as the other', () => {
    expect(parsePasted(String.raw`"\4\0\1\11"`)).toMatchObject([
      {bytes: Uint8Array.of(4, 0, 1, 9), other: {about: 'a string with decimal escapes', hex: '0400010b'}},
    ])
    expect(hexesOf(String.raw`"\4\158"`)).toEqual(['049e'])
    for (const text of [String.raw`"\004\000\001"`, String.raw`"\x04\011"`, String.raw`"\4\377"`])
      expect(parsePasted(text)[0], text).not.toHaveProperty('other')
  })

  it('gives bytes without the numbers of their lines first, and with them as the other reading', () => {
    expect(parsePasted('12: 0400000001')).toMatchObject([
      {bytes: Uint8Array.of(4, 0, 0, 0, 1), other: {hex: '120400000001'}},
    ])
    expect(hexesOf('12:04:00:00')).toEqual(['12040000'])
    expect(hexesOf('0000: 04 00 01')).toEqual(['040001'])
  })

  it('gives bytes without the time of their line first, and one item for each line', () => {
    expect(parsePasted('12:00:53 04 00 00')).toMatchObject([
      {bytes: Uint8Array.of(4, 0, 0), other: {about: 'hex with the time', hex: '120053040000'}},
    ])
    expect(hexesOf('12:00:53 04 00\n12:00:54.018 05 01')).toEqual(['0400', '0501'])
    expect(hexesOf('12:00:53:04:00')).toEqual(['1200530400'])
  })

  it('reads words of several bytes of an assembler as little-endian, and says so', () => {
    expect(parsePasted('\t.long\t4\n\t.short 0x10\n\t.byte\t1')).toMatchObject([
      {about: 'bytes and little-endian words of an assembler', bytes: Uint8Array.of(4, 0, 0, 0, 0x10, 0, 1)},
    ])
    expect(failure('packet db 4, 5 dup(?)').code).toBe('bad-hex')
    expect(failure('.data:00404000 db offset x').message).toMatch(/^an operand of the assembler/)
    expect(failure('db 9999999 dup(1), 9').message).toMatch(/repeats over/)
  })

  it.each([
    ['0x7ffff7a01000:\t0x00000004\t0x9e410a01', '04000000010a419e'],
    ['00000000`00401000  00000004 9e410a01', '04000000010a419e'],
    ['0x00000000  0x00000004 0x9e410a01                      ......A.', '04000000010a419e'],
    ['0x04000000 0x010a419e', '04000000010a419e'],
  ])('reads words in the dump of a debugger as numbers: %s', (text, hex) => {
    expect(hexesOf(text)).toEqual([hex])
  })

  it('takes a heading for no hex only where its words can be none, and hex in one place', () => {
    expect(hexesOf('10 bytes:\n04 00 01')).toEqual(['040001'])
    expect(failure('cafe 0g\n04 00 01').code).toBe('bad-hex')
    expect(failure('sent\n04 00 0\nthen\n04 00 0').code).toBe('bad-hex')
  })

  it('gives one item for each code block of Markdown', () => {
    expect(hexesOf('I send\n```\n04 00\n```\nand get\n```hex\n05 01\n```\n')).toEqual(['0400', '0501'])
  })

  it('is hex where binary digits, decimal escapes and tabs are not certain', () => {
    expect(hexesOf('00000000 00000001')).toEqual(['0000000000000001'])
    expect(hexesOf(String.raw`"\004\000\011"`)).toEqual(['040009'])
    expect(hexesOf('04\t00\t1f')).toEqual(['04001f'])
    expect(hexesOf(':04:00:1f')).toEqual(['04001f'])
  })

  it('gives one item for each dump of several', () => {
    expect(hexesOf('0000  04 00 01  ...\n\n0000  05 00 01  ...\n')).toEqual(['040001', '050001'])
    const heading = '10:00 IP 10.0.0.1.5 > 10.0.0.2.6: Flags [P.]\n'
    expect(hexesOf(`${heading}\t0x0000:  0400 01  ...\n${heading}\t0x0000:  0500 01  ...`)).toEqual([
      '040001',
      '050001',
    ])
  })

  it('gives one item for a dump of several rows after a heading, wherever its offsets begin', () => {
    const rows = (start: number): string =>
      [0, 1, 2].map(row => `${(start + 16 * row).toString(16).padStart(8, '0')}:${' 0400'.repeat(8)}\n`).join('')
    for (const start of [0, 0x10, 0x100]) expect(hexesOf(`sent:\n${rows(start)}`)).toEqual(['0400'.repeat(24)])
  })

  it('gives an item for a dump from the middle of something, and one for the dump after a heading', () => {
    expect(hexesOf('00000010  04 00 01  ...\nreceived:\n00000000  05 00 01  ...\n')).toEqual(['040001', '050001'])
  })

  it('takes a comment before and after a dump for no heading', () => {
    const dump = '0000  04 00 01  ...\n'
    for (const text of [`# sent\n${dump}`, `  // sent\n${dump}\n`, `${dump}# the end\n`])
      expect(hexesOf(text)).toEqual(['040001'])
  })

  it('reads two words of the same length after a gap as hex without offsets', () => {
    expect(parsePasted('00000000  01020304')).toMatchObject([
      {about: 'hex', bytes: Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4)},
    ])
  })

  it('gives one item for each call of strace that shows bytes', () => {
    const connect = 'connect(5, {sa_family=AF_INET, sin_port=htons(33445), sin_addr=inet_addr("127.0.0.1")}, 16) = 0'
    const calls = [String.raw`write(5, "\4\0\0", 3) = 3`, String.raw`read(5, "\5\0\1", 2048) = 3`]
    expect(hexesOf([connect, ...calls].join('\n'))).toEqual(['040000', '050001'])
  })

  it('gives one item for each line of a log that has hex', () => {
    expect(hexesOf('10:00 recv: 04000a\nidle\n10:01 send: 05000b')).toEqual(['04000a', '05000b'])
  })
})

describe('what is not hex', () => {
  it.each(['04 0g 00 01', '0400zz00', 'hello world', 'bytes: zz', 'POST /x 200 len 12', '[4, 300]', '{"a": "b"}'])(
    '%s is refused with the place, the known forms and --lines',
    text => {
      const {code, hint} = failure(text)
      expect(code).toBe('bad-hex')
      expect(hint).toMatch(/\n *\^\n/)
      expect(hint).toMatch(/known forms: [\s\S]*--lines/)
    },
  )

  it.each([
    ['04 00 00 00 01 0a 41 9e fg', 'fg'],
    ['04 00 00 00 01 0a 41 ge ff', 'ge'],
    ['--> g4 00 00 00 01 0a 41 9e ff', 'g4'],
    ['--> 04 0O 00 00 01 0a 41 9e ff', '0O'],
    ['recv 9 bytes: 04 00 00 00 l1 0a 41 9e ff', 'l1'],
    ['recv 9 bytes: 0O 00 00 00 01 0a 41 9e ff', '0O'],
    ['recv 9 bytes: 04:00:00:0z:01:0a:41:9e:ff', '0z'],
  ])('a slip among pairs does not make a shorter packet: %s', (text, word) => {
    const {message, hint} = failure(text)
    expect(message).toBe(`"${word}" is among pairs of hex digits, and not hex`)
    expect(hint).toContain(`${' '.repeat(text.indexOf(word))}^`)
  })

  it.each(['-', '_', '/', '+'])('pairs with a slip and "%s" between them are not base64', mark => {
    const text = ['04', '00', '00', '00', '01', '0A', '41', '9E', 'zF'].join(mark)
    expect(failure(text).code).toBe('bad-hex')
  })

  it.each([
    'sent in 5s 04 00 00 00 01 0a 41 9e ff',
    'thread t1 04 00 00 00 01 0a 41 9e ff',
    '04 00 00 00 01 0a 41 9e ff ok',
    '04 00 00 00 01 0a 41 9e ff  to 12',
  ])('a word of two characters beside pairs is not a slip: %s', text => {
    expect(hexesOf(text)).toEqual(['04000000010a419eff'])
  })

  it.each([
    ['strace', String.raw`read(5, "\4\0\0\0\1\nA"..., 2048) = 900`],
    ['gdb', '$1 = {0x4, 0x0, 0x0, 0x1...}'],
    ['delve', '[]uint8 len: 90, cap: 90, [4,0,0,0,1,...+26 more]'],
    ['Apple', '{length = 130, bytes = 0x04000000 010a419e ... 41414141 }'],
    ['a log', 'recv 900 bytes: 04000000010a419eff...'],
    ['a sentence', '04 00 00 00 01 0a 41 9e ff ...'],
    ['a short form of keys', '8f01\u2026bb10'],
    ['Wireshark', 'TCP payload [truncated]: 04000000010a419eff'],
    ['Erlang', '<<4,0,0,0,1,10,65,158,255,...>>'],
    ['Elixir', '<<4, 0, 0, 0, 1, 10, 65, 158, 255, ...>>'],
    ['NumPy', '[  4   0   0 ...  65 158 255]'],
    ['Chai', 'Uint8Array[ 4, 0, 0, 0, \u2026(5) ]'],
    ['a logger', 'recv: 04 00 00 00 01 0a 41 9e ff (21 more bytes)'],
    ['another logger', 'recv: 04 00 00 00 01 0a 41 9e ff [truncated]'],
    ['Node.js, in a short Buffer,', '<Buffer 04 00 ... 12 more bytes>'],
    ['Node.js, in a Buffer,', '<Buffer 04 00 00 00 01 0a 41 9e ff ... 21 more bytes>'],
    ['Node.js, in an array,', 'Uint8Array(120) [\n  4, 0, 0, 0, 1, 10, 65, 158,\n  ... 112 more items\n]'],
  ])('bytes of which %s has left out some are refused', (_, text) => {
    expect(failure(text).message).toMatch(
      /^bytes were left out at "(?:\.\.\.(?: \d+ more (?:bytes|items))?|\u2026(?:\(5\))?|\[truncated\]|\(21 more bytes\))"$/,
    )
  })

  it('records of Intel HEX and S-records with a wrong checksum or a gap are refused', () => {
    expect(failure(':0900000004000000010A419EFF0B').message).toBe('a record has the checksum 0B, where 0a is right')
    expect(failure('S10C000004000000010A419EFF07').message).toBe('a record has the checksum 07, where 06 is right')
    expect(failure(':0100000004FB\n:0100080004F3').message).toBe('a record does not follow the record above')
    expect(hexesOf(':0100000004FB\n:0100010005F9')).toEqual(['0405'])
  })

  it('od -t a is refused, as it leaves out the highest bits', () => {
    expect(failure('0000000 eot nul nul nul soh  nl   A  rs del\n0000011').hint).toMatch(/od -t x1/)
  })

  it('a row of a hundred thousand wide columns is read without delay', () => {
    expect(hexesOf(`0000: 04 04${'  04'.repeat(100_000)}`)).toHaveLength(1)
  })

  it.each([
    ['blanks', `data${' '.repeat(200_000)}x`],
    ['letters', `${'a'.repeat(200_000)}g`],
    ['quotes', '"'.repeat(200_000)],
    ['names', '"a":'.repeat(50_000)],
    ['braces', '{<<['.repeat(50_000)],
    ['marks', 'foo='.repeat(50_000)],
    ['repeats', `"\\000" <repeats 999999999 times>`],
    ['words of hex', `recv x ${'04 '.repeat(100_000)}zz`],
    ['numbers of lines', `${'1: '.repeat(100_000)}zz`],
    ['quotes of mails', `${'> '.repeat(100_000)}zz`],
    ['fences', '```\n'.repeat(50_000)],
    ['entities', '&lt;'.repeat(50_000)],
    ['carets', `${'^'.repeat(200_000)}\u00e9`],
    ['escapes after a colon', `a: ${'\\x0g'.repeat(50_000)}`],
    ['prefixes', `${'a: '.repeat(100_000)}00`],
    ['directives', 'db 1,'.repeat(40_000)],
    ['pairs before a word', `${'04 '.repeat(60_000)}zz`],
    ['gaps', `packet:\n${'04  '.repeat(60_000)}zz`],
    ['dots', `${'1.'.repeat(100_000)}zz`],
    ['records', `${':0000'.repeat(40_000)}zz`],
    ['characters of an array', `[1, ${"'a' ".repeat(50_000)}zz`],
    ['checksums', `${'md5 00000000 '.repeat(20_000)}zz`],
    ['names of hex', `${'a=00 '.repeat(50_000)}zz`],
    ['signed bytes', `${'ffffff9e '.repeat(30_000)}zz`],
    ['pairs with a slip', `x ${'04 '.repeat(60_000)}0g`],
    ['redis', '1795399253.018 [0 a] "b" '.repeat(10_000)],
    ['lines of words', 'no hex\n'.repeat(50_000)],
  ])('many %s are refused without delay', (_, text) => {
    expect(failure(text).code).toBe('bad-hex')
  })
})
