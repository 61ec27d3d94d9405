import {describe, expect, it} from 'vitest'
import {asUtf8} from '../../../src/wire/text/utf16.js'

const little = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

describe('asUtf8', () => {
  it('converts what begins with the byte order mark of UTF-16, either order', () => {
    expect(Buffer.from(asUtf8(little('04 9e\r\n# schlüssel'))).toString()).toBe('04 9e\r\n# schlüssel')
    expect(Buffer.from(asUtf8(little('04 9e').swap16())).toString()).toBe('04 9e')
  })

  it('converts what begins with ASCII characters of two bytes, without the mark', () => {
    const text = Buffer.from('04 9e 00 # schlüssel', 'utf16le')
    expect(Buffer.from(asUtf8(text)).toString()).toBe('04 9e 00 # schlüssel')
    expect(Buffer.from(asUtf8(Buffer.from(text).swap16())).toString()).toBe('04 9e 00 # schlüssel')
  })

  it('leaves bytes alone that are no such text', () => {
    for (const bytes of [
      Buffer.from('04 9e'),
      Buffer.from('fffe00d8ffff', 'hex'),
      Buffer.from('fffe00000000', 'hex'),
      Buffer.from('fffe04', 'hex'),
      Buffer.from('ff003400', 'hex'),
      Buffer.from('00fe3400', 'hex'),
      Buffer.from('0400200039006500', 'hex'),
      Buffer.from('0019001a001b001c001d001e001f0020', 'hex'),
      Buffer.from('01000200030004000500060007000800', 'hex'),
      Buffer.from('7f007e007d007c007b007a0079007800', 'hex'),
      Buffer.from('0e000d000c000b000a00090020002100', 'hex'),
    ])
      expect(asUtf8(bytes)).toBe(bytes)
  })
})
