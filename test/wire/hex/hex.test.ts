import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type HexForm, parseHex} from '../../../src/wire/hex/hex.js'
import {toHex} from '../../../src/wire/hex/hex-bytes.js'
import {InputError} from '../../../src/wire/input-error.js'
import * as limits from '../../../src/wire/limits.js'
import {
  cArray,
  decimals,
  hexdumpC,
  hexdumpWords,
  joined,
  odX1z,
  pythonRepr,
  rustArray,
  wiresharkFollow,
  wiresharkPacket,
  xxd,
} from './hex-printers.js'

const fixture = (name: string): Buffer => readFileSync(`fixtures/text/${name}`)

function failure(text: string): InputError {
  try {
    parseHex(text)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error(`no error for ${text}`)
}

describe('what the tools print', () => {
  const sample = toHex(fixture('sample.bin'))
  const forms: Record<string, HexForm> = {
    xxd: 'dump',
    'xxd-a': 'dump',
    'xxd-c8-g1': 'dump',
    'xxd-d': 'dump',
    'xxd-e': 'word_dump',
    'xxd-g0': 'dump',
    'xxd-g1': 'dump',
    'xxd-g4-u': 'dump',
    'xxd-i': 'array',
    'xxd-o': 'dump',
    'xxd-p': 'hex',
    'hexdump-C': 'dump',
    hexdump: 'word_dump',
    'hexdump-x': 'word_dump',
    'od-Ax-tx1z': 'dump',
    'od-Ax-tx4z': 'word_dump',
    'od-Ad-tx1': 'dump',
    'od-An-tx1': 'hex',
    'od-tx1': 'dump',
    'od-x': 'word_dump',
    base64: 'base64',
  }
  it.each(Object.entries(forms))('%s', (name, form) => {
    const parsed = parseHex(fixture(`sample.${name}.txt`).toString())
    expect(parsed.form).toBe(form)
    expect(toHex(parsed.bytes)).toBe(sample)
  })

  it('tshark -x, and its payload as a hex stream', () => {
    const packet = parseHex(fixture('packet8.tshark-x.txt').toString()).bytes
    const payload = parseHex(fixture('packet8.payload.txt').toString()).bytes
    expect(payload.length).toBe(128)
    expect(toHex(packet, packet.length - 128)).toBe(toHex(payload))
  })
})

describe('what people type', () => {
  it.each([
    ['04 00 00', '040000', 'hex'],
    ['0400\t00\r\n01', '04000001', 'hex'],
    ['0x04 0x00', '0400', 'hex'],
    ['0x0400', '0400', 'hex'],
    ['0x040x00', '0400', 'hex'],
    ['0x4, 0x0', '0400', 'hex'],
    ['04:00-01,02;03', '0400010203', 'hex'],
    ['DE AD be ef', 'deadbeef', 'hex'],
    ['"0400"', '0400', 'hex'],
    ['\\x04\\x00', '0400', 'hex'],
    ['\ufeff04 00', '0400', 'hex'],
    ['04\u00a000', '0400', 'hex'],
    ['04 # an id\n05 // another\n/* and */ 06', '040506', 'hex'],
    ['0000 0000 0000 0001', '0000000000000001', 'hex'],
    ['000000 04 00', '0000000400', 'hex'],
    ['"\\x04\\x00NF\\n"', '04004e460a', 'string'],
    ['const char x[] = "\\x04\\0" "\\x01"', '040001', 'string'],
    ['{0x04, 0, 0x12, 10}', '0400120a', 'array'],
    ['{04, 00}', '0400', 'array'],
    ['vec![0x04u8, 0x00u8]', '0400', 'array'],
    ['[4, 0, 255]', '0400ff', 'array'],
    ['std::byte x[] = {std::byte{0x04}, std::byte{0x00}};', '0400', 'array'],
    ['0000  04 00 00 01', '04000001', 'dump'],
    ['0x0000:  4500 0034  E..4', '45000034', 'dump'],
    ['0x7fffffffe3a0:\t0x04\t0x00\t0x01', '040001', 'dump'],
    ['00000000: 6162 6364 6566 3031  abcdef01', '6162636465663031', 'dump'],
    ['00000000: 61 62 63 64 65 66 30 31  abcdef01', '6162636465663031', 'dump'],
    ['//8AAA==', 'ffff0000', 'base64'],
    ['AAMEBQYHCAkKCwwNDg8QERITFBUWFxgZ', '00030405060708090a0b0c0d0e0f10111213141516171819', 'base64'],
  ])('%j', (text, bytes, form) => {
    const parsed = parseHex(text)
    expect(toHex(parsed.bytes)).toBe(bytes)
    expect(parsed.form).toBe(form)
  })

  it('a text column is not data, however much it looks like hex', () => {
    const bytes = Buffer.from('cafe 01 23 ab cd4e 00 ff deadbeef')
    for (const print of [
      xxd(2, 16),
      xxd(1, 8),
      hexdumpC,
      odX1z,
      wiresharkPacket(2),
      wiresharkPacket(3),
      wiresharkFollow,
    ]) {
      expect(toHex(parseHex(print(bytes)).bytes)).toBe(toHex(bytes))
    }
  })
})

describe('every form reads back', () => {
  const bytes = fc.uint8Array({minLength: 1, maxLength: 200})
  // Text makes the columns hardest to tell apart, so half of the bytes are hex digits and blanks.
  const texty = fc
    .array(fc.constantFrom(...Buffer.from('0123456789abcdef  |><.'), 0, 0xff), {minLength: 1, maxLength: 200})
    .map(list => Uint8Array.from(list))
  const printers: Record<string, (bytes: Uint8Array) => string> = {
    plain: joined(''),
    blanks: joined(' '),
    colons: joined(':'),
    prefixed: joined(', ', '0x'),
    escaped: joined('', '\\x'),
    xxd: xxd(2, 16),
    'xxd -g 1': xxd(1, 16),
    'xxd -g 4': xxd(4, 16),
    'xxd -c 8 -g 1': xxd(1, 8),
    'hexdump -C': hexdumpC,
    hexdump: hexdumpWords,
    'od -A x -t x1z': odX1z,
    'packet dump': wiresharkPacket(3),
    'follow dump': wiresharkFollow,
    C: cArray,
    Rust: rustArray,
  }
  it.each(Object.keys(printers))('%s', name => {
    const print = printers[name]!
    fc.assert(
      fc.property(fc.oneof(bytes, texty), values => {
        expect(toHex(parseHex(print(values)).bytes)).toBe(toHex(values))
      }),
    )
  })

  it('decimal lists that can be nothing else', () => {
    fc.assert(
      fc.property(bytes, values => {
        const list = Uint8Array.from([7, ...values])
        expect(toHex(parseHex(decimals(list)).bytes)).toBe(toHex(list))
      }),
    )
  })

  it('strings as Python prints them', () => {
    fc.assert(
      fc.property(bytes, values => {
        const list = Uint8Array.from([0, ...values])
        expect(toHex(parseHex(pythonRepr(list)).bytes)).toBe(toHex(list))
      }),
    )
  })

  it('random base64 of some length', () => {
    fc.assert(
      fc.property(fc.uint8Array({minLength: 60, maxLength: 200}), values => {
        fc.pre(new Set(values).size > 30)
        const base64 = Buffer.from(values).toString('base64')
        expect(parseHex(base64)).toMatchObject({bytes: values, form: 'base64'})
      }),
    )
  })

  it('any text gives bytes or an InputError', () => {
    const bits = fc.constantFrom(
      '0x',
      '04',
      '0',
      'zz',
      ' ',
      '\n',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      '\\x',
      '\\',
      '*',
      '0000',
      '00000000:',
      '|',
      '/*',
      '//',
      '#',
      '\t',
      'é',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(bits).map(list => list.join('')),
          fc.string(),
        ),
        text => {
          try {
            expect(parseHex(text).bytes.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
          }
        },
      ),
      {numRuns: 2000},
    )
  })
})

describe('mistakes', () => {
  it('a word that is not hex, with its place', () => {
    const error = failure('04 00 00 0g 00')
    expect(error.message).toBe('byte 4 of the hex is "0g", which is not hex')
    expect(error.hint).toBe('04 00 00 0g 00\n          ^')
  })

  it.each([
    ['040000zg00', 'byte 4 of the hex is "zg", which is not hex'],
    ['0x04 0xzz', 'byte 2 of the hex is "zz", which is not hex'],
    ['04 0x', 'byte 2 of the hex is "0x", which is not hex'],
    ['04 0', 'byte 2 of the hex is "0", which is half a byte'],
    ['040', 'byte 2 of the hex is "0", which is half a byte'],
    ['{0x04, 0x1g}', 'byte 2 of the array is "0x1g", which is not a byte'],
    ['"\\x04\\q"', 'byte 2 of the string is "\\\\q", which is not one byte'],
    ['00000000  04 00 0g 00', 'byte 3 of line 1 of the hex dump is "0g", which is not hex'],
    [
      '00000000: 04 00\n00000010: 01',
      'offset 00000010 in line 2 of the hex dump does not fit: the rows above end at 00000002',
    ],
    ['00000000: 04 00\nxy', 'line 2 of the hex dump does not begin with an offset'],
    ['00000000: 04 00\n*', 'the hex dump ends with "*", so how often its last row repeats is unknown'],
    ['', 'the input contains no hex'],
    [' \n\t', 'the input contains no hex'],
    ['{}', 'the input contains no hex'],
  ])('%j', (text, message) => {
    const error = failure(text)
    expect(error.message).toBe(message)
    expect(error.hint).toBeTruthy()
  })

  it('a long line is cut around the place', () => {
    const [line = '', caret = ''] = failure(`${'04 '.repeat(100)}0g ${'05 '.repeat(100)}`).hint?.split('\n') ?? []
    expect(line.length).toBeLessThanOrEqual(limits.hintColumns + 8)
    expect(line[caret.indexOf('^')]).toBe('g')
    expect(line).toMatch(/^… .* …$/)
  })

  it('a repeated row that would not fit in memory', () => {
    expect(failure('00000000  00 00\n*\nff000000').message).toBe(
      `the "*" lines of the hex dump repeat over ${limits.hexRepeatedBytes} bytes`,
    )
  })
})

it('hex of a part of a window into a larger buffer', () => {
  const bytes = Uint8Array.of(1, 2, 0xab, 4, 5).subarray(1, 4)
  expect(toHex(bytes)).toBe('02ab04')
  expect(toHex(bytes, 1)).toBe('ab04')
  expect(toHex(bytes, 1, 2)).toBe('ab')
  expect(toHex(bytes, 1, 99)).toBe('ab04')
  expect(toHex(bytes, 3, 3)).toBe('')
})

describe('a dump of little-endian words by xxd -e', () => {
  it('is read in the order of its bytes where only a short last word shows it', () => {
    const dump = `00000000: e2e1e000 e6e5e4e3 eae9e8e7 eeedeceb  ................
00000010:       ff                             .`
    expect(Buffer.from(parseHex(dump).bytes).toString('hex')).toBe('00e0e1e2e3e4e5e6e7e8e9eaebecedeeff')
    const plain = `00000000: 00e0e1e2 e3e4e5e6 e7e8e9ea ebecedee  ................
00000010: ff                                   .`
    expect(Buffer.from(parseHex(plain).bytes).toString('hex')).toBe('00e0e1e2e3e4e5e6e7e8e9eaebecedeeff')
  })
})
