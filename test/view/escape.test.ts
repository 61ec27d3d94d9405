import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {escapeLines, escapeText, jsonString} from '../../src/view/escape.js'
import {codePoint} from '../properties/code-point.js'

describe('escapeText', () => {
  it('leaves printable text alone', () => {
    expect(escapeText('127.0.0.1:40000 > [::1]:33445')).toBe('127.0.0.1:40000 > [::1]:33445')
    expect(escapeText('Grüße 東京')).toBe('Grüße 東京')
  })

  it('shows what a terminal would obey', () => {
    expect(escapeText('a\u001b[2Jb')).toBe('a\\x1b[2Jb')
    expect(escapeText('\r\n\t\0\x7f\x9b')).toBe('\\x0d\\x0a\\x09\\x00\\x7f\\x9b')
    expect(escapeText('\u202e\u2028\ufeff')).toBe('\\u{202e}\\u{2028}\\u{feff}')
    expect(escapeText('\ud800x')).toBe('\\u{d800}x')
  })

  it('lets no control character through', () => {
    fc.assert(
      fc.property(fc.string({unit: codePoint}), text => {
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})

describe('escapeLines', () => {
  const piece = fc.constantFrom('\u001b', '[', '31', 'm', '[2J', '\u202e', '\ud83d', '\ude00', 'é', '·', '│', '\t', 'a')
  const line = fc.array(fc.oneof(piece, fc.string({unit: codePoint}))).map(parts => `${parts.join('')}\n`)

  it('escapes many lines as it escapes each of them', () => {
    fc.assert(
      fc.property(fc.array(line), lines => {
        expect(escapeLines(lines.join(''))).toBe(lines.map(escapeLines).join(''))
      }),
    )
  })

  it('leaves what a terminal does not obey as it is', () => {
    const text = 'Grüße Привет שלום · │ ▇ … 東京 \u001b[31mred\u001b[0m\n'
    expect(escapeLines(text)).toBe(text)
  })
})

describe('jsonString', () => {
  it('reads back as the same text, without control characters', () => {
    fc.assert(
      fc.property(fc.string({unit: codePoint}), text => {
        const json = jsonString(text)
        expect(JSON.parse(json)).toBe(text)
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
    )
  })
})
