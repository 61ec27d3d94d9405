import {describe, expect, it} from 'vitest'
import {parseHex} from '../../../src/wire/hex/hex.js'
import * as limits from '../../../src/wire/limits.js'
import {outcome} from './outcome.js'

type Row = readonly [text: string, outcome: string]

const assembler: readonly Row[] = [
  ['.byte 4, 0x9e', '049e (bytes of an assembler)'],
  ['.byte 0b100, 0b11', '0403 (bytes of an assembler)'],
  ['.byte -1, -128', 'ff80 (bytes of an assembler)'],
  ['.byte -129', 'an operand of the assembler is not a number or a string (column 7)'],
  ['.byte 255, 256', 'an operand of the assembler is not a number or a string (column 11)'],
  ['.short 65535, -32768\n.byte 1', 'ffff008001 (bytes and little-endian words of an assembler)'],
  ['.byte 1\n.short 65536', 'an operand of the assembler is not a number or a string (column 8)'],
  ['.byte 1\n.long 4294967295', '01ffffffff (bytes and little-endian words of an assembler)'],
  ['.byte 1\n.quad 0x0102030405060708', '010807060504030201 (bytes and little-endian words of an assembler)'],
  ['.byte 07', '07 (bytes of an assembler)'],
  ['.byte 017', 'an operand of the assembler is not a number or a string (column 7)'],
  ['.byte 0, 00', '0000 (bytes of an assembler)'],
  ['.byte x', 'an operand of the assembler is not a number or a string (column 7)'],
  ['.byte 1\n.ascii "ab"', '016162 (bytes of an assembler)'],
  ['.byte 1\n.asciz "ab"', '01616200 (bytes of an assembler)'],
  ['.string "a\\0b"', '61006200 (bytes of an assembler)'],
  ['.byte 1\n.zero 3', '01000000 (bytes of an assembler)'],
  ['.byte 1\n.skip x', 'an operand of the assembler is not a number or a string (column 7)'],
  ['.byte 1\n.zero 0', '01 (bytes of an assembler)'],
  ['db 3 dup(1, 2), 4h', '01020102010204 (bytes of an assembler)'],
  ['db 0 dup(1), 4h', '04 (bytes of an assembler)'],
  ['db 3 dup(?), 4h', 'an operand of the assembler is not a number or a string (column 4)'],
  ['db 4h, \'ab\', "c"', '04616263 (bytes of an assembler)'],
  ['times 3 db 0x4', '040404 (bytes of an assembler)'],
  ['times 0 db 0x4\ndb 0x9e', '9e (bytes of an assembler)'],
  ['db 4h,9Eh', '049e (bytes of an assembler)'],
  ['db 04h', '04 (bytes of an assembler)'],
  ['dc.b $4,$9e', '049e (bytes of an assembler)'],
  ['defb $4,$9e', '049e (bytes of an assembler)'],
  ['.data:00404000 db 4', '04 (bytes of an assembler)'],
  ['.byte 4 ; x', '04 (bytes of an assembler)'],
  ['.byte 4 # 5', '04 (bytes of an assembler)'],
  ['.byte 1, 2,', 'an operand of the assembler is not a number or a string (column 12)'],
  ['db 9999999 dup(1), 9', 'the assembler repeats over 1048576 bytes'],
  ['packet: .byte 4', '04 (bytes of an assembler)'],
  ['x.byte 4', 'byte 1 of the hex is "x.", which is not hex (column 1)'],
  ['"db 1, 2"', 'byte 2 of the hex is "1", which is half a byte (column 5)'],
]

const notations: readonly Row[] = [
  [':03000000049e415A', 'a record has the checksum 5A, where 1a is right (column 16)'],
  [':0300000004009e5B\n:03000300010203F1', 'a record has the checksum F1, where f4 is right (column 16)'],
  [':00000001FF', 'the input contains no hex'],
  ['S10504009e0058', '9e00 (S-records)'],
  ['S0030000FC\nS10504009e0058\nS9030000FC', '9e00 (S-records)'],
  ['S10504009e0057', 'a record has the checksum 57, where 58 is right (column 13)'],
  ['U+0004U+009E', '53ed34d3853ed34f44 (base64)'],
  ['U+0004', 'byte 1 of the hex is "U+", which is not hex (column 1)'],
  ['&#4;&#158;', '049e (character references)'],
  ['&#x4;&#x9e;', '049e (character references)'],
  ['&#4; x', 'byte 1 of the hex is "&#", which is not hex (column 1)'],
  ['[4 0 158 ... 3]', 'bytes were left out at "..." (column 10)'],
  ['<04><9e>', '049e (hex in angle brackets)'],
  ['<04>', '04 (data of Objective-C)'],
  ['=04=\n=9E', '049e (quoted-printable text)'],
  ['x04 x9e', '049e (hex with an x before each byte)'],
  ['x04', 'byte 1 of the hex is "x0", which is not hex (column 1)'],
  ["x'04' x'9e'", '049e (a literal of SQL)'],
  ['16#04#, 16#9E#', '049e (an array of Ada)'],
  ['[|0x04uy; 0x9Euy|]', '049e (an array of F#)'],
  ['\\04\\9e', 'byte 1 of the hex is "\\\\0", which is not hex (column 1)'],
  ['(data "\\04\\9e")', '049e (a string with hex escapes)'],
  ['c"\\04\\9e" x i8] c"\\04"', '049e (a string with hex escapes)'],
  ['04 9e  |..|', 'byte 3 of the hex is "|.", which is not hex (column 8)'],
  ['04:9e', '049e (hex)'],
  ['0x04,0x9e', '049e (hex)'],
  ['$04 $9e', 'byte 1 of the hex is "$0", which is not hex (column 1)'],
  ['&H04 &H9E', '049e (hex)'],
  ['#x04 #x9e', 'the input contains no hex'],
  ['0x04 9e', '049e (hex)'],
  ['04 009e', '04009e (hex)'],
  ['0x4 0x9 0xe', '04090e (hex)'],
  ['4:9e', 'byte 1 of the hex is "4", which is half a byte (column 1)'],
  ['4 9', '0409 (decimal numbers)'],
  ['04 9', 'byte 2 of the hex is "9", which is half a byte (column 4)'],
  ['x04', 'byte 1 of the hex is "x0", which is not hex (column 1)'],
  ['04x9e', 'byte 2 of the hex is "x9", which is not hex (column 3)'],
  ['0X049E', '049e (hex)'],
  ['04_9e', '049e (hex)'],
  ['04-9e', '049e (hex)'],
  ['04;9e', '049e (hex)'],
  ["04'9e", '049e (hex)'],
  ['04,,9e', '049e (hex)'],
  ['(04)(9e)', '049e (hex)'],
  ['04u8', '04 (hex)'],
  ['0x04u8, 0x9eu8', '049e (hex)'],
  ['4u8', 'byte 1 of the hex is "4", which is half a byte (column 1)'],
  ['["\\u0004"]', '04 (a string with escaped bytes)'],
  ['"04" + "9e"', '049e (hex)'],
  ['"04" . "9e"', '049e (hex)'],
  ["'04' '9e'", '049e (hex)'],
  ['"0x04" "9e"', '049e (hex)'],
  ['"04\\n9e"', 'byte 2 of the hex is "\\\\n", which is not hex (column 4)'],
  ['b"049e"', '049e (hex)'],
  ['`049e`', '049e (hex)'],
  ['**04 9e**', '049e (hex)'],
  ['_04 9e_', '049e (hex)'],
  ['> 04 9e', '049e (hex)'],
  ['- 04 9e', '049e (hex)'],
  ['1. 04 9e', '049e (hex)'],
  ['a) 04 9e', 'byte 1 of the hex is "a", which is half a byte (column 1)'],
  ['04 9e.', 'byte 3 of the hex is ".", which is not hex (column 6)'],
  ['04 9e;', '049e (hex)'],
  ['04 9e -- a ping', '049e (hex)'],
  ['04 9e <- sent', '049e (hex)'],
  ['04 9e // sent', '049e (hex)'],
  ['04 9e # sent', '049e (hex)'],
  ['// 04\n9e', '9e (hex)'],
  ['/* 04 */ 9e', '9e (hex)'],
  ['/* 04', 'the input contains no hex'],
  ['04 9e ...', 'byte 3 of the hex is "..", which is not hex (column 7)'],
  ['0400...9e', 'byte 3 of the hex is "..", which is not hex (column 5)'],
  ['0400000001...', 'bytes were left out at "..." (column 11)'],
]

describe('directives of an assembler are read, or refused with the place', () => {
  it.each(assembler)('%j', (text, expected) => {
    expect(outcome(text)).toBe(expected)
  })
})

describe('notations of bytes are read, or refused with the place', () => {
  it.each(notations)('%j', (text, expected) => {
    expect(outcome(text)).toBe(expected)
  })
})

describe('a text that is too long', () => {
  it('is refused, whatever it is', () => {
    expect(() => parseHex('0'.repeat(limits.hexText + 1))).toThrow(`the hex is over ${limits.hexText} characters long`)
  })

  it('is refused earlier where it is not bare hex, or a dump', () => {
    const message = `a text of over ${limits.pastedText} characters is read only if it is bare hex`
    expect(() => parseHex(`[${'4,'.repeat(limits.pastedText / 2)}4]`)).toThrow(message)
    expect(() => parseHex(`0000: ${'04 '.repeat(limits.pastedText / 3)}`)).toThrow(message)
    expect(parseHex('04'.repeat(limits.pastedText / 2 + 1)).bytes).toHaveLength(limits.pastedText / 2 + 1)
  })
})
